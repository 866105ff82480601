import { cosineSimilarity } from '../vectors/normalize.js'
import type { Candidate } from './candidate.js'

/**
 * Keeps, of pictures that are the same to the eye, the best-ranked one: a candidate goes when its cosine to a
 * kept one is at least `threshold`. The order stays.
 */
export function collapseNearDuplicates(
  candidates: readonly Candidate[],
  vectorOf: (row: number) => Float32Array,
  threshold: number,
): Candidate[] {
  if (threshold > 1) return [...candidates]
  const kept: Candidate[] = []
  for (const candidate of candidates) {
    const vector = vectorOf(candidate.row)
    const isDuplicate = kept.some((other) => cosineSimilarity(vectorOf(other.row), vector) >= threshold)
    if (!isDuplicate) kept.push(candidate)
  }
  return kept
}
