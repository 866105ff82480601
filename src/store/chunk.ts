import type { VectorFormat } from '../vectors/encoded-vectors.js'

/** Most vectors in one record: writing one record per vector is some seventy times slower. */
export const chunkCapacity = 4096

/**
 * A stored record of vectors: row `i` belongs to `ids[i]`, which occurs once. Rows are handled as bytes, whatever
 * their number format.
 */
export interface Chunk {
  readonly ids: readonly string[]
  readonly contentKeys: readonly string[]
  readonly format: VectorFormat
  readonly vectors: ArrayBuffer
  /** One 32-bit float per row for `int8`. */
  readonly scales: ArrayBuffer | null
}

/** The rows whose id is not among `ids`; the chunk itself where that is all of them. */
export function dropRows(chunk: Chunk, ids: ReadonlySet<string>): Chunk {
  const kept = [...chunk.ids.keys()].filter((row) => !ids.has(chunk.ids[row] as string))
  return kept.length === chunk.ids.length ? chunk : pickRows(chunk, kept)
}

/** Fills `last` with the rows of `added`, then as many new chunks as it takes. `last` comes first where given. */
export function appendRows(last: Chunk | undefined, added: Chunk): Chunk[] {
  if (last === undefined) return splitRows(added)
  if (last.format !== added.format) return [last, ...splitRows(added)]
  return splitRows(joinRows(last, added))
}

/** The rows with these indices, in their order. */
export function pickRows(chunk: Chunk, rows: readonly number[]): Chunk {
  const { ids, contentKeys, format, vectors, scales } = chunk
  return {
    ids: rows.map((row) => ids[row] as string),
    contentKeys: rows.map((row) => contentKeys[row] as string),
    format,
    vectors: pickBytes(vectors, rows, vectors.byteLength / ids.length),
    scales: scales && pickBytes(scales, rows, Float32Array.BYTES_PER_ELEMENT),
  }
}

function splitRows(chunk: Chunk): Chunk[] {
  const { ids, contentKeys, format, vectors, scales } = chunk
  if (ids.length <= chunkCapacity) return [chunk]
  const width = vectors.byteLength / ids.length
  const pieces: Chunk[] = []
  for (let start = 0; start < ids.length; start += chunkCapacity) {
    const end = Math.min(start + chunkCapacity, ids.length)
    pieces.push({
      ids: ids.slice(start, end),
      contentKeys: contentKeys.slice(start, end),
      format,
      vectors: vectors.slice(start * width, end * width),
      scales: scales?.slice(start * 4, end * 4) ?? null,
    })
  }
  return pieces
}

function joinRows(first: Chunk, second: Chunk): Chunk {
  return {
    ids: [...first.ids, ...second.ids],
    contentKeys: [...first.contentKeys, ...second.contentKeys],
    format: first.format,
    vectors: joinBytes(first.vectors, second.vectors),
    scales: first.scales && second.scales && joinBytes(first.scales, second.scales),
  }
}

function pickBytes(source: ArrayBuffer, rows: readonly number[], width: number): ArrayBuffer {
  const bytes = new Uint8Array(source)
  const picked = new Uint8Array(rows.length * width)
  for (const [index, row] of rows.entries()) {
    picked.set(bytes.subarray(row * width, (row + 1) * width), index * width)
  }
  return picked.buffer
}

function joinBytes(first: ArrayBuffer, second: ArrayBuffer): ArrayBuffer {
  const joined = new Uint8Array(first.byteLength + second.byteLength)
  joined.set(new Uint8Array(first))
  joined.set(new Uint8Array(second), first.byteLength)
  return joined.buffer
}
