import { dotProduct } from './dot-product.js'
import type { EncodedVectors } from './encoded-vectors.js'

/** The numbers of all cells, that with the centroid most similar to a vector first; of equals the lower number. */
export function nearestCells(centroids: EncodedVectors, vector: Float32Array): number[] {
  const scores = Array.from({ length: centroids.count }, (_, cell) => dotProduct(centroids, cell, vector))
  return Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}
