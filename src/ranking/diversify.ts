import { cosineSimilarity } from '../vectors/normalize.js'
import { type Candidate, compareCandidates } from './candidate.js'

/**
 * Chooses `limit` candidates by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): next comes
 * the one with the largest `(1 - diversity) * score - diversity * (largest cosine to those chosen)`.
 * `diversity` 0 keeps the order of similarity. Ties by score, then id.
 */
export function diversify(
  candidates: readonly Candidate[],
  vectorOf: (row: number) => Float32Array,
  diversity: number,
  limit: number,
): Candidate[] {
  if (diversity <= 0) return candidates.slice(0, limit)
  const remaining = candidates.map((candidate) => ({ candidate, redundancy: 0 }))
  const chosen: Candidate[] = []
  while (chosen.length < limit && remaining.length > 0) {
    const value = (entry: { candidate: Candidate; redundancy: number }) =>
      (1 - diversity) * entry.candidate.score - diversity * entry.redundancy
    let best = 0
    for (let index = 1; index < remaining.length; index++) {
      const entry = remaining[index] as (typeof remaining)[number]
      const leader = remaining[best] as (typeof remaining)[number]
      const advantage = value(entry) - value(leader)
      if (advantage > 0 || (advantage === 0 && compareCandidates(entry.candidate, leader.candidate) < 0)) {
        best = index
      }
    }
    const [{ candidate }] = remaining.splice(best, 1) as [(typeof remaining)[number]]
    chosen.push(candidate)
    const vector = vectorOf(candidate.row)
    for (const entry of remaining) {
      const cosine = cosineSimilarity(vectorOf(entry.candidate.row), vector)
      // The first choice sets the redundancy: a cosine may be negative, and 0 would hide that.
      entry.redundancy = chosen.length === 1 ? cosine : Math.max(entry.redundancy, cosine)
    }
  }
  return chosen
}
