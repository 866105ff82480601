import { murmurHash } from '../statistics/murmur-hash.js'
import type { EvaluationQuery } from './evaluation-query.js'

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
  const byScore = new Map<number, number[]>()
  for (const [index, item] of candidates.entries()) {
    if (item === product) continue
    // What has no score comes last.
    const score = Number.isNaN(scores[index]) ? Number.NEGATIVE_INFINITY : (scores[index] as number)
    const equals = byScore.get(score)
    if (equals) equals.push(index)
    else byScore.set(score, [index])
  }
  // Typed arrays sort numbers several times as fast as an array sorts with a comparison.
  const ranking: RankedCandidate[] = []
  for (const score of Float64Array.from(byScore.keys()).sort().reverse()) {
    const equals = byScore.get(score) as number[]
    if (equals.length > 1) shuffleByHash(equals, (index) => `${product}\n${candidates[index]}`)
    for (const index of equals) {
      const item = candidates[index] as string
      ranking.push({ item, grade: grades.get(item) ?? 0 })
    }
  }
  return ranking
}

function shuffleByHash(indices: number[], textOf: (index: number) => string): void {
  const hashes = new Map(indices.map((index) => [index, murmurHash(textOf(index))]))
  indices.sort((a, b) => (hashes.get(a) as number) - (hashes.get(b) as number))
}

/** The grades above 0 of what is ranked. */
export function relevantGrades({ product, candidates, grades }: EvaluationQuery): number[] {
  return candidates.flatMap((item) => {
    const grade = grades.get(item) ?? 0
    return item !== product && grade > 0 ? [grade] : []
  })
}
