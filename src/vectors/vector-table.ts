import type { Embedding, Space } from '../types.js'
import { type EncodedVectors, encodeVectors, type VectorFormat } from './encoded-vectors.js'
import { assertSameSpace } from './space.js'

/** What a row of a table belongs to. */
export interface VectorEntry {
  readonly id: string
  /** Identifies the picture that the vector was made from. */
  readonly contentKey: string
}

/**
 * The vectors of one space that can be ranked now, one row per id. Grows as products are encoded; removing a
 * row moves the last one into its place, so rows are not stable but ids are.
 */
export class VectorTable {
  readonly space: Space
  readonly format: VectorFormat
  #entries: VectorEntry[] = []
  #rowOfId = new Map<string, number>()
  #data: Int8Array | Float32Array
  #scales: Float32Array

  constructor(space: Space, format: VectorFormat = 'int8') {
    this.space = space
    this.format = format
    this.#data = format === 'int8' ? new Int8Array(0) : new Float32Array(0)
    this.#scales = new Float32Array(0)
  }

  get size(): number {
    return this.#entries.length
  }

  /** The entries in row order. */
  get entries(): readonly VectorEntry[] {
    return this.#entries
  }

  rowOf(id: string): number | undefined {
    return this.#rowOfId.get(id)
  }

  /** The first `size` rows, as views: valid until the table next changes. */
  get vectors(): EncodedVectors {
    const { dimensions } = this.space
    const count = this.size
    const data = this.#data.subarray(0, count * dimensions)
    return data instanceof Int8Array
      ? { format: 'int8', dimensions, count, data, scales: this.#scales.subarray(0, count) }
      : { format: 'float32', dimensions, count, data, scales: null }
  }

  /** The vector of `id` in 32-bit floats with its space, or undefined where the table has none. */
  embeddingOf(id: string): Embedding | undefined {
    const row = this.#rowOfId.get(id)
    if (row === undefined) return undefined
    return { space: this.space, vector: this.#decodeRow(row) }
  }

  /**
   * Adds one vector, or replaces that of the same id.
   * @throws SimilarItemsError `space-mismatch` for a vector of another space.
   */
  set(entry: VectorEntry, embedding: Embedding): void {
    assertSameSpace(this.space, embedding.space)
    this.setAll([entry], encodeVectors([embedding.vector], this.space.dimensions, this.format))
  }

  /**
   * Adds encoded rows, in the order of `entries`; rows of the same id are replaced.
   * @throws RangeError where the counts, the dimensions or the number format differ from the table's.
   */
  setAll(entries: readonly VectorEntry[], vectors: EncodedVectors): void {
    const { dimensions } = this.space
    if (
      vectors.dimensions !== dimensions ||
      vectors.format !== this.format ||
      vectors.count !== entries.length
    ) {
      throw new RangeError(
        `${vectors.count} ${vectors.format} vectors of ${vectors.dimensions} components for ${entries.length} ` +
          `entries do not fit a table of ${this.format} vectors of ${dimensions}`,
      )
    }
    this.#reserve(this.size + entries.length)
    for (const [index, entry] of entries.entries()) {
      const row = this.#rowOfId.get(entry.id) ?? this.size
      this.#entries[row] = { id: entry.id, contentKey: entry.contentKey }
      this.#rowOfId.set(entry.id, row)
      this.#data.set(vectors.data.subarray(index * dimensions, (index + 1) * dimensions), row * dimensions)
      if (vectors.format === 'int8') this.#scales[row] = vectors.scales[index] as number
    }
  }

  /** Removes the row of `id`; false where there is none. */
  delete(id: string): boolean {
    const row = this.#rowOfId.get(id)
    if (row === undefined) return false
    const last = this.size - 1
    const { dimensions } = this.space
    const lastEntry = this.#entries[last] as VectorEntry
    this.#entries[row] = lastEntry
    this.#rowOfId.set(lastEntry.id, row)
    this.#data.copyWithin(row * dimensions, last * dimensions, (last + 1) * dimensions)
    this.#scales[row] = this.#scales[last] as number
    this.#entries.pop()
    this.#rowOfId.delete(id)
    return true
  }

  #decodeRow(row: number): Float32Array {
    const { dimensions } = this.space
    const levels = this.#data.subarray(row * dimensions, (row + 1) * dimensions)
    const scale = this.format === 'int8' ? (this.#scales[row] as number) : 1
    return Float32Array.from(levels, (level) => level * scale)
  }

  #reserve(rows: number): void {
    const { dimensions } = this.space
    if (rows * dimensions <= this.#data.length) return
    const capacity = Math.max(rows, 2 * this.size, 64)
    const data =
      this.format === 'int8' ? new Int8Array(capacity * dimensions) : new Float32Array(capacity * dimensions)
    data.set(this.#data)
    const scales = new Float32Array(this.format === 'int8' ? capacity : 0)
    scales.set(this.#scales)
    this.#data = data
    this.#scales = scales
  }
}
