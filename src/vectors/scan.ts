import type { RowSet } from './row-set.js'
import type { RowBounds } from './scan-kernel.js'
import { searchLimits } from './scan-limits.js'
import type { RowMemory } from './scan-memory.js'

/**
 * Looks for the rows of a memory with the largest dot products with one query. The query lies in that memory, until
 * the next scan of it and as long as its rows stay as they are.
 *
 * A kernel rounds, and each in its own way, but tells how much at most. So the rows that could be among the best
 * are known for certain; which of them are is left to `dotProduct`, and is the same with every kernel.
 */
export class Scan {
  readonly #memory: RowMemory
  readonly #rows: number
  /** A score of the kernel times this is an approximate dot product. */
  readonly #unit: number
  /** No approximate dot product is off by more. */
  readonly #slack: number

  /**
   * Scans the first `rows` rows, once for every call of `candidates`.
   * @param bounds of all rows.
   * @param eligible leaves out the other rows.
   * @throws RangeError where the query has another length, or `eligible` is for another number of rows.
   */
  constructor(memory: RowMemory, rows: number, bounds: RowBounds, query: Float32Array, eligible: RowSet) {
    const { addresses, kernel } = memory
    if (query.length !== addresses.dimensions) {
      throw new RangeError(`a query of ${query.length} components for vectors of ${addresses.dimensions}`)
    }
    if (eligible.rows !== rows) throw new RangeError(`a choice of ${eligible.rows} rows for ${rows}`)
    this.#memory = memory
    this.#rows = rows
    new Uint8Array(kernel.memory.buffer, addresses.eligible, eligible.bits.length).set(eligible.bits)
    const { unit, error } = kernel.setQuery(addresses, query)
    this.#unit = unit
    const byQuery = error * bounds.norm
    const byRows = Math.hypot(...query) * bounds.error
    // Norms and errors are sums of 32-bit floats themselves.
    this.#slack = (byQuery + byRows) * 1.001
  }

  /**
   * All rows that can be among the `count` best with a dot product of at least `minimum`, in ascending order, and
   * few others. Dot products beyond -1 and 1 count as these, so that rows which differ only there are equals.
   * @returns a view that is valid until the next call.
   */
  candidates(count: number, minimum = Number.NEGATIVE_INFINITY): Int32Array {
    const { kernel, addresses } = this.#memory
    const wanted = Math.min(count, this.#rows)
    if (wanted <= 0) return new Int32Array(0)
    const limits = searchLimits(wanted, minimum, this.#slack, this.#unit)
    const found = kernel.search(addresses, this.#rows, limits)
    return new Int32Array(kernel.memory.buffer, addresses.found, found)
  }
}
