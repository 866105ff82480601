import type { EncodedVectors } from './encoded-vectors.js'

/**
 * The dot product of row `row` with `query`, summed from first to last component in double precision and rounded
 * to single at the end: the same number in every engine. It is the cosine similarity where both have norm 1.
 */
export function dotProduct(vectors: EncodedVectors, row: number, query: Float32Array): number {
  const { data, dimensions } = vectors
  const start = row * dimensions
  let dot = 0
  for (let index = 0; index < dimensions; index++) {
    dot += (data[start + index] as number) * (query[index] as number)
  }
  return Math.fround(vectors.format === 'int8' ? dot * (vectors.scales[row] as number) : dot)
}
