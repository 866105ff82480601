import type { RowSet } from './row-set.js'
import type { Precision, RowBounds } from './scan-kernel.js'
import type { RowMemory } from './scan-memory.js'

/** The least finite 32-bit float. Below it is minus infinity, the score of rows that may not be found. */
const leastFloat = -3.4028234663852886e38

/**
 * The approximate dot products of one query with all rows of a memory. They lie in that memory, until the next scan
 * of it and as long as its rows stay as they are.
 *
 * A kernel rounds, and each in its own way, but tells how much at most. So the rows that could be among the best
 * are known for certain; which of them are is left to `dotProduct`, and is the same with every kernel.
 */
export class Scan {
  readonly #memory: RowMemory
  readonly #rows: number
  readonly #precision: Precision
  /** No approximate dot product is off by more. */
  readonly #slack: number

  /**
   * Scans the first `rows` rows.
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
    this.#precision = kernel.score(addresses, rows, query)
    const byQuery = this.#precision.error * bounds.norm
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
    const { unit } = this.#precision
    const wanted = Math.min(count, this.#rows)
    if (wanted <= 0) return new Int32Array(0)
    const last = kernel.nthLargest(addresses, this.#rows, wanted) * unit
    // The row in last place may really be worse by the slack, and another one better by as much.
    const least = Math.max(this.#atLeast(last - this.#slack), this.#atLeast(minimum)) / unit
    const found = kernel.collect(addresses, this.#rows, finiteFloat(least))
    return new Int32Array(kernel.memory.buffer, addresses.found, found)
  }

  /** The least approximate dot product of rows whose real one counts as much as `minimum`, or more. */
  #atLeast(minimum: number): number {
    return minimum <= -1 ? Number.NEGATIVE_INFINITY : Math.min(minimum, 1) - this.#slack
  }
}

/** The largest finite 32-bit float that is not above `value`, or the least of all. */
function finiteFloat(value: number): number {
  if (!(value > leastFloat)) return leastFloat
  const rounded = Math.fround(value)
  return rounded <= value ? rounded : Math.fround(value - Math.abs(value) * 2 ** -23)
}
