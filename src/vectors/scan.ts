import type { EncodedVectors } from './encoded-vectors.js'

/**
 * The dot product of `query` with every row: the cosine similarity, since vectors have norm 1, up to the
 * rounding of the number format.
 * @returns one score per row.
 */
export function scan(vectors: EncodedVectors, query: Float32Array): Float32Array {
  const { data, dimensions, count } = vectors
  if (query.length !== dimensions) {
    throw new RangeError(`a query of ${query.length} components for vectors of ${dimensions}`)
  }
  const scores = new Float32Array(count)
  for (let row = 0; row < count; row++) {
    const start = row * dimensions
    let dot = 0
    for (let index = 0; index < dimensions; index++) {
      dot += (data[start + index] as number) * (query[index] as number)
    }
    scores[row] = vectors.format === 'int8' ? dot * (vectors.scales[row] as number) : dot
  }
  return scores
}
