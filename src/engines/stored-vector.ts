import { SimilarItemsError } from '../errors.js'
import { type EncodedVectors, encodeVectors } from '../vectors/encoded-vectors.js'
import type { StoredVector } from './vector-engine.js'

/** Row `row` of encoded vectors, in 8 bits. */
export function storedVector(vectors: EncodedVectors, row: number): StoredVector {
  const { dimensions } = vectors
  const start = row * dimensions
  if (vectors.format === 'int8') {
    const levels = vectors.data.slice(start, start + dimensions)
    return { levels, scale: vectors.scales[row] as number }
  }
  return quantize(vectors.data.subarray(start, start + dimensions))
}

/** A vector in 8 bits. @throws RangeError for a component that is not finite. */
export function quantize(vector: Float32Array): StoredVector {
  return storedVector(encodeVectors([vector], vector.length, 'int8'), 0)
}

export function toFloats({ levels, scale }: StoredVector): Float32Array {
  return Float32Array.from(levels, (level) => level * scale)
}

/** Stored vectors as the rows of one table. */
export function encodedRows(vectors: readonly StoredVector[], dimensions: number): EncodedVectors {
  const data = new Int8Array(vectors.length * dimensions)
  for (const [row, { levels }] of vectors.entries()) data.set(levels, row * dimensions)
  return {
    format: 'int8',
    dimensions,
    count: vectors.length,
    data,
    scales: Float32Array.from(vectors, ({ scale }) => scale),
  }
}

/** The levels as text, for engines and messages that take nothing else. */
export function toBase64(levels: Int8Array): string {
  let text = ''
  for (const level of levels) text += String.fromCharCode(level & 255)
  return btoa(text)
}

/** @throws SimilarItemsError `engine-invalid` for text that is not `dimensions` levels. */
export function fromBase64(text: string, dimensions: number): Int8Array {
  try {
    const bytes = atob(text)
    if (bytes.length === dimensions) return Int8Array.from(bytes, (letter) => letter.charCodeAt(0))
  } catch {
    // Said below.
  }
  throw new SimilarItemsError('engine-invalid', `A vector is not ${dimensions} levels of 8 bits in Base64.`)
}
