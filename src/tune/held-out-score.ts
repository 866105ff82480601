import { ndcgAtK } from '../measure/ranking-metrics.js'
import { type Matrix, multiplyTransposed, zeros } from './matrix.js'

/** More than enough to tell projections apart, and few enough that scoring costs less than an epoch. */
const mostQueries = 1000
const mostCandidates = 10_000

/**
 * How well vectors find what belongs together: the mean nDCG@5 over queries and prefixes, where each item of `queries`
 * ranks all other items.
 * @param vectors `[items, k]`.
 */
export function heldOutScore(
  vectors: Matrix,
  queries: readonly number[],
  areRelated: (a: number, b: number) => boolean,
  prefixes: readonly number[],
): number {
  const asked = queries.slice(0, mostQueries)
  // Those that are asked for come first: their partners are among them.
  const candidates = [...new Set([...queries, ...Array(vectors.rows).keys()])].slice(0, mostCandidates)
  let sum = 0
  let count = 0
  for (const prefix of prefixes) {
    const cosines = multiplyTransposed(
      unitRows(vectors, asked, prefix),
      unitRows(vectors, candidates, prefix),
    )
    for (const [row, query] of asked.entries()) {
      const scores = cosines.data.subarray(row * candidates.length, (row + 1) * candidates.length)
      const grades = Array.from(candidates.keys())
        .filter((index) => candidates[index] !== query)
        .sort((a, b) => (scores[b] as number) - (scores[a] as number))
        .map((index) => (areRelated(query, candidates[index] as number) ? 1 : 0))
      const score = ndcgAtK(grades, 5)
      if (Number.isNaN(score)) continue
      sum += score
      count++
    }
  }
  return sum / count
}

function unitRows({ data, columns }: Matrix, items: readonly number[], prefix: number): Matrix {
  const unit = zeros(items.length, prefix)
  for (const [row, item] of items.entries()) {
    const vector = data.subarray(item * columns, item * columns + prefix)
    const norm = Math.hypot(...vector)
    unit.data.set(
      vector.map((component) => component / norm),
      row * prefix,
    )
  }
  return unit
}
