import type { Embedding, Space } from '../types.js'
import { decodeVector, type EncodedVectors, encodeVectors, type VectorFormat } from './encoded-vectors.js'
import { RowSet } from './row-set.js'
import { Scan } from './scan.js'
import type { RowBounds, ScanKernel } from './scan-kernel.js'
import { RowMemory } from './scan-memory.js'
import { assertSameSpace } from './space.js'

/** What a row of a table belongs to. */
export interface VectorEntry {
  readonly id: string
  /** Identifies the picture that the vector was made from. */
  readonly contentKey: string
}

/**
 * The vectors of one space that can be ranked now, one row per id, where the scan reads them. Grows as products are
 * encoded; removing a row moves the last one into its place, so rows are not stable but ids are.
 */
export class VectorTable {
  readonly space: Space
  readonly format: VectorFormat
  #entries: VectorEntry[] = []
  /** Made when somebody asks for more than a few rows: a table that is only ranked does without. */
  #rowOfId: Map<string, number> | null = null
  #looks = 0
  #memory: RowMemory
  #bounds: RowBounds = { norm: 0, error: 0 }
  #revision = 0

  /** @param kernel scans the rows; the fastest that the engine can run by default. */
  constructor(space: Space, format: VectorFormat = 'int8', kernel?: ScanKernel) {
    this.space = space
    this.format = format
    this.#memory = new RowMemory(format, space.dimensions, kernel)
  }

  get size(): number {
    return this.#entries.length
  }

  /** Another one after every change of the rows. */
  get revision(): number {
    return this.#revision
  }

  /** The entries in row order. */
  get entries(): readonly VectorEntry[] {
    return this.#entries
  }

  rowOf(id: string): number | undefined {
    if (this.#rowOfId || this.#looks >= fewLooks) return this.#rows.get(id)
    this.#looks++
    const row = this.#entries.findIndex((entry) => entry.id === id)
    return row < 0 ? undefined : row
  }

  /** All rows, as views: valid until the table next changes. */
  get vectors(): EncodedVectors {
    return this.#memory.vectors(this.size)
  }

  /**
   * Compares `query` with all rows, or with those in `eligible` only. The scan is valid until the next one of this
   * table, or its next change.
   * @throws RangeError where the query has another length, or `eligible` is for another number of rows.
   */
  scan(query: Float32Array, eligible: RowSet = RowSet.all(this.size)): Scan {
    return new Scan(this.#memory, this.size, this.#bounds, query, eligible)
  }

  /** The vector of `id` in 32-bit floats with its space, or undefined where the table has none. */
  embeddingOf(id: string): Embedding | undefined {
    const row = this.rowOf(id)
    if (row === undefined) return undefined
    return { space: this.space, vector: decodeVector(this.vectors, row) }
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
    this.#prepare(entries, vectors)
    const first = this.size
    const rows = entries.map((entry) => this.#place(entry))
    if (this.size === first + entries.length) this.#write(first, vectors)
    else for (const [index, row] of rows.entries()) this.#write(row, rowOf(vectors, index))
  }

  /**
   * Adds encoded rows to an empty table, or behind others that came this way. The ids must be distinct, which nothing
   * checks: thousands are there at once.
   * @throws as `setAll`.
   */
  append(entries: readonly VectorEntry[], vectors: EncodedVectors): void {
    this.#prepare(entries, vectors)
    const first = this.size
    this.#entries = this.#entries.concat(entries)
    this.#rowOfId = null
    this.#write(first, vectors)
  }

  /**
   * Makes room for `rows` rows at once: for who knows how many will come.
   * @throws RangeError where there is not that much memory; the table stays as it is.
   */
  reserve(rows: number): void {
    this.#memory.reserve(rows)
  }

  /** Removes the row of `id`; false where there is none. */
  delete(id: string): boolean {
    const rows = this.#rows
    const row = rows.get(id)
    if (row === undefined) return false
    const last = this.size - 1
    const lastEntry = this.#entries[last] as VectorEntry
    this.#revision++
    this.#entries[row] = lastEntry
    rows.set(lastEntry.id, row)
    this.#memory.move(last, row)
    this.#entries.pop()
    rows.delete(id)
    return true
  }

  /** Gives the entry its row: that of its id, or the next one. */
  #place(entry: VectorEntry): number {
    const row = this.#rows.get(entry.id) ?? this.size
    this.#entries[row] = entry
    this.#rows.set(entry.id, row)
    return row
  }

  get #rows(): Map<string, number> {
    this.#rowOfId ??= new Map(this.#entries.map(({ id }, row) => [id, row]))
    return this.#rowOfId
  }

  /** Makes room for rows that are about to be written. */
  #prepare(entries: readonly VectorEntry[], vectors: EncodedVectors): void {
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
    this.reserve(this.size + entries.length)
    this.#revision++
  }

  #write(first: number, vectors: EncodedVectors): void {
    const { norm, error } = this.#memory.write(first, vectors)
    // A row that is gone may have been the largest. Then the bounds are loose, and still hold.
    this.#bounds = { norm: Math.max(this.#bounds.norm, norm), error: Math.max(this.#bounds.error, error) }
  }
}

/** So many rows are looked for one by one before it pays to make a map of all. */
const fewLooks = 8

/** One row of `vectors`, as a view. */
function rowOf(vectors: EncodedVectors, row: number): EncodedVectors {
  const { format, dimensions, data, scales } = vectors
  const start = row * dimensions
  return format === 'int8'
    ? {
        format,
        dimensions,
        count: 1,
        data: data.subarray(start, start + dimensions),
        scales: scales.subarray(row, row + 1),
      }
    : { format, dimensions, count: 1, data: data.subarray(start, start + dimensions), scales: null }
}
