import type { EncodedVectors, VectorFormat } from './encoded-vectors.js'
import { openScanKernel, type RowAddresses, type RowBounds, type ScanKernel } from './scan-kernel.js'
import { rowViews } from './scan-rows.js'

const pageBytes = 65536

/** Rows in the memory of a kernel, with room for one scan of them. Views of it are good until it grows. */
export class RowMemory {
  readonly kernel: ScanKernel
  #capacity = 0
  #addresses: RowAddresses

  constructor(format: VectorFormat, dimensions: number, kernel = openScanKernel()) {
    this.kernel = kernel
    const { addresses, end } = place(format, dimensions, 0)
    this.#growTo(end)
    this.#addresses = addresses
  }

  get addresses(): RowAddresses {
    return this.#addresses
  }

  /**
   * Makes room for `rows` rows, and for half as many again as there were; those that are there stay.
   * @throws RangeError where there is not that much memory; then nothing has changed.
   */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return
    const { format, dimensions } = this.#addresses
    const capacity = roundUp(Math.max(rows, this.#capacity * 1.5), 8)
    const { addresses, end } = place(format, dimensions, capacity)
    this.#growTo(end)
    const bytes = new Uint8Array(this.kernel.memory.buffer)
    // Backwards, since everything but the rows moves to higher addresses.
    for (const region of ['sums', 'scales', 'levels'] as const) {
      const width = region === 'levels' ? dimensions : 4
      const old = this.#addresses[region]
      bytes.copyWithin(addresses[region], old, old + this.#capacity * width)
    }
    this.#addresses = addresses
    this.#capacity = capacity
  }

  /** The first `count` rows, as views. */
  vectors(count: number): EncodedVectors {
    return rowViews(this.kernel.memory.buffer, this.#addresses, count)
  }

  /** Copies all rows of `vectors` to row `first` and behind. */
  write(first: number, vectors: EncodedVectors): RowBounds {
    const { count, dimensions } = vectors
    const target = this.vectors(first + count)
    target.data.set(vectors.data, first * dimensions)
    if (vectors.format === 'int8') target.scales?.set(vectors.scales, first)
    return this.kernel.measure(this.#addresses, first, count)
  }

  /** Overwrites row `to` with row `from`. */
  move(from: number, to: number): void {
    const { data, dimensions, scales } = this.vectors(Math.max(from, to) + 1)
    data.copyWithin(to * dimensions, from * dimensions, (from + 1) * dimensions)
    scales?.copyWithin(to, from, from + 1)
    this.kernel.measure(this.#addresses, to, 1)
  }

  #growTo(end: number): void {
    const { memory } = this.kernel
    const missing = end - memory.buffer.byteLength
    if (missing <= 0) return
    try {
      memory.grow(Math.ceil(missing / pageBytes))
    } catch (cause) {
      throw new RangeError(`there is no memory for ${Math.ceil(end / 1e6)} MB of vectors`, { cause })
    }
  }
}

function place(format: VectorFormat, dimensions: number, capacity: number) {
  let end = 0
  const reserve = (bytes: number) => {
    const address = end
    end = roundUp(address + bytes, 16)
    return address
  }
  const query = reserve(roundUp(dimensions, 16) * 4)
  const rows = reserve(capacity * dimensions * (format === 'int8' ? 1 : 4) + 64)
  const addresses: RowAddresses = {
    format,
    dimensions,
    query,
    rows,
    levels: format === 'int8' ? rows : reserve(capacity * dimensions + 64),
    scales: reserve(capacity * 4),
    sums: reserve(capacity * 4),
    eligible: reserve(capacity / 8),
    found: reserve(capacity * 4),
    scores: reserve(capacity * 4),
    notes: reserve(64 + capacity * 4),
  }
  return { addresses, end }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
