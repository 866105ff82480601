import type { Candidate } from './candidate.js'

/**
 * Keeps, of pictures that are the same to the eye, the best-ranked one: a candidate goes when its cosine to a
 * kept one is at least `threshold`. The order stays.
 * @param limit ends with so many: the longest list that is wanted.
 */
export function collapseNearDuplicates(
  candidates: readonly Candidate[],
  vectorOf: (row: number) => Float32Array,
  threshold: number,
  limit = candidates.length,
): Candidate[] {
  if (threshold > 1) return candidates.slice(0, limit)
  const kept: Candidate[] = []
  const shown: { readonly vector: Float32Array; readonly squares: number }[] = []
  for (const candidate of candidates) {
    if (kept.length >= limit) break
    const vector = vectorOf(candidate.row)
    const squares = dot(vector, vector)
    const isDuplicate = shown.some(
      (other) => dot(other.vector, vector) / Math.sqrt(other.squares * squares) >= threshold,
    )
    if (isDuplicate) continue
    kept.push(candidate)
    shown.push({ vector, squares })
  }
  return kept
}

/** Every pair of a list is compared: what is the same of both is not worked out again, as a cosine would. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}
