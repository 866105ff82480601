import { ndcgAtK } from '../measure/evaluation/ranking-metrics.js'
import { type Matrix, rowsOf } from './matrix.js'
import { PrefixCosines } from './prefix-cosines.js'

/** More than enough to tell projections apart, and few enough that scoring costs less than an epoch. */
const mostQueries = 1000
const mostCandidates = 10_000
/** Queries whose cosines are in memory at once. */
const blockSize = 100
const depth = 5

interface HeldOutItems {
  /** Items that ask, each for what belongs to it among all others. */
  readonly queries: readonly number[]
  /** How many items there are. */
  readonly count: number
  readonly areRelated: (a: number, b: number) => boolean
  readonly prefixes: readonly number[]
}

/** How well vectors find what belongs together. */
export class HeldOutScore {
  /** The items whose vectors are compared. */
  readonly candidates: readonly number[]
  readonly #prefixes: readonly number[]
  readonly #areRelated: (a: number, b: number) => boolean
  /** By query: its place among the candidates, and how many of them belong to it. Queries without any are left out. */
  readonly #queries: readonly { readonly place: number; readonly related: number }[]

  constructor({ queries, count, areRelated, prefixes }: HeldOutItems) {
    // Those that are asked for come first: their partners are among them.
    this.candidates = [...new Set([...queries, ...Array(count).keys()])].slice(0, mostCandidates)
    this.#prefixes = prefixes
    this.#areRelated = areRelated
    this.#queries = queries.slice(0, mostQueries).flatMap((query, place) => {
      const related = this.candidates.filter((item) => item !== query && areRelated(query, item)).length
      return related > 0 ? [{ place, related }] : []
    })
  }

  /**
   * The mean nDCG@5 over queries and prefixes.
   * @param vectors `[candidates.length, k]`, of the candidates.
   */
  of(vectors: Matrix): number {
    let sum = 0
    for (let from = 0; from < this.#queries.length; from += blockSize) {
      const block = this.#queries.slice(from, from + blockSize)
      const asked = rowsOf(
        vectors,
        block.map(({ place }) => place),
      )
      for (const { data, columns } of new PrefixCosines(asked, vectors, this.#prefixes).cosines) {
        for (const [row, { place, related }] of block.entries()) {
          const best = bestOf(data.subarray(row * columns, (row + 1) * columns), place)
          const grades = best.map((found) => (this.#isRelated(place, found) ? 1 : 0))
          sum += ndcgAtK(grades, depth, { relevant: Array(Math.min(depth, related)).fill(1) })
        }
      }
    }
    return sum / (this.#queries.length * new Set(this.#prefixes).size)
  }

  #isRelated(place: number, other: number): boolean {
    return this.#areRelated(this.candidates[place] as number, this.candidates[other] as number)
  }
}

/** The places of the highest scores, best first, without `left`; of equal ones the first. */
function bestOf(scores: Float64Array, left: number): number[] {
  const best: number[] = []
  let least = Number.NEGATIVE_INFINITY
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number
    if (place === left || (best.length === depth && score <= least)) continue
    let rank = best.length
    while (rank > 0 && score > (scores[best[rank - 1] as number] as number)) rank--
    best.splice(rank, 0, place)
    if (best.length > depth) best.pop()
    least = scores[best.at(-1) as number] as number
  }
  return best
}
