import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import type { EncodedVectors } from '../vectors/encoded-vectors.js'
import type { VectorEntry } from '../vectors/vector-table.js'
import { type Chunk, pickRows } from './chunk.js'
import type { VectorRows } from './vector-store.js'

/**
 * Checks rows that are to be stored and copies them into one chunk of any size, in which each id occurs once.
 * @throws SimilarItemsError `space-mismatch`, `invalid-argument`.
 */
export function toChunk({ entries, vectors }: VectorRows, space: Space): Chunk {
  if (vectors.dimensions !== space.dimensions) throw dimensionMismatch(vectors.dimensions, space)
  const chunk: Chunk = {
    ids: entries.map(({ id }) => id),
    contentKeys: entries.map(({ contentKey }) => contentKey),
    format: vectors.format,
    vectors: vectors.data.slice().buffer,
    scales: vectors.scales?.slice().buffer ?? null,
  }
  const defect = findDefect(chunk, space.dimensions)
  if (defect !== null) throw new SimilarItemsError('invalid-argument', `Vectors cannot be stored: ${defect}.`)
  const rowOfId = new Map(chunk.ids.map((id, row) => [id, row]))
  return rowOfId.size === chunk.ids.length ? chunk : pickRows(chunk, [...rowOfId.values()])
}

/** The rows of a chunk in which `findDefect` found nothing. They share its buffers. */
export function toRows(chunk: Chunk, dimensions: number): VectorRows {
  const { ids, contentKeys } = chunk
  const entries = new Array<VectorEntry>(ids.length)
  for (let row = 0; row < ids.length; row++) {
    entries[row] = { id: ids[row] as string, contentKey: contentKeys[row] as string }
  }
  return { entries, vectors: toVectors(chunk, dimensions) }
}

/** What is wrong with a value that should be a chunk of vectors of so many components, or null. */
export function findDefect(value: unknown, dimensions: number): string | null {
  if (typeof value !== 'object' || value === null) return 'the record is not an object'
  const { ids, contentKeys, format, vectors, scales } = value as Partial<Chunk>
  if (!isTextList(ids) || !isTextList(contentKeys)) return 'ids or content keys are missing'
  if (ids.length !== contentKeys.length) return `${ids.length} ids, ${contentKeys.length} content keys`
  if (format !== 'int8' && format !== 'float32') return `the number format is "${format}"`
  const bytes = ids.length * dimensions * (format === 'int8' ? 1 : 4)
  if (byteLength(vectors) !== bytes) return `${byteLength(vectors)} bytes of vectors instead of ${bytes}`
  const scaleBytes = format === 'int8' ? ids.length * 4 : null
  if (byteLength(scales) !== scaleBytes)
    return `${byteLength(scales)} bytes of scales instead of ${scaleBytes}`
  const floats = new Float32Array((format === 'int8' ? scales : vectors) as ArrayBuffer)
  return allFinite(floats) ? null : 'a number is not finite'
}

export function dimensionMismatch(found: number, space: Space): SimilarItemsError {
  return new SimilarItemsError(
    'space-mismatch',
    `Vectors of ${found} components do not belong to space "${space.fingerprint}", ` +
      `which has ${space.dimensions}. Clear the store, and make every vector with the same model folder.`,
  )
}

function toVectors({ format, ids, vectors, scales }: Chunk, dimensions: number): EncodedVectors {
  const count = ids.length
  return format === 'int8'
    ? {
        format,
        dimensions,
        count,
        data: new Int8Array(vectors),
        scales: new Float32Array(scales as ArrayBuffer),
      }
    : { format, dimensions, count, data: new Float32Array(vectors), scales: null }
}

/** A zero times anything that is not finite is NaN: one check at the end, several times faster than one each. */
function allFinite(numbers: Float32Array): boolean {
  let zero = 0
  for (let index = 0; index < numbers.length; index++) zero += (numbers[index] as number) * 0
  return zero === 0
}

function isTextList(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (let index = 0; index < value.length; index++) if (typeof value[index] !== 'string') return false
  return true
}

function byteLength(value: unknown): number | null {
  return value instanceof ArrayBuffer ? value.byteLength : null
}
