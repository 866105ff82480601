import type { EvaluationQuery } from './evaluation-query.js'
import { murmurHash } from './murmur-hash.js'

export interface RankedCandidate {
  readonly item: string
  readonly grade: number
}

/**
 * The candidates of a query, best first. Equal scores are ordered by a hash: an order by id or by position would give
 * away what a log or a labelled set has in that order.
 */
export function rankCandidates(
  { product, candidates, grades }: EvaluationQuery,
  system: { score(product: string, candidates: readonly string[]): ArrayLike<number> },
): RankedCandidate[] {
  const scores = system.score(product, candidates)
  const tieBreakers = new Map<number, number>()
  const tieBreaker = (index: number) => {
    const known = tieBreakers.get(index)
    if (known !== undefined) return known
    const hash = murmurHash(`${product}\n${candidates[index]}`)
    tieBreakers.set(index, hash)
    return hash
  }
  return Array.from(candidates.keys())
    .filter((index) => candidates[index] !== product)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || tieBreaker(a) - tieBreaker(b))
    .map((index) => {
      const item = candidates[index] as string
      return { item, grade: grades.get(item) ?? 0 }
    })
}

/** The grades above 0 of what is ranked. */
export function relevantGrades({ product, candidates, grades }: EvaluationQuery): number[] {
  return candidates.flatMap((item) => {
    const grade = grades.get(item) ?? 0
    return item !== product && grade > 0 ? [grade] : []
  })
}
