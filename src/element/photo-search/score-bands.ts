import type { Hit } from '../../types.js'

/** How alike two pictures are, in words that a shopper can do something with. */
export type BandName = 'verySimilar' | 'similar' | 'somewhatSimilar'

export interface ScoreBand {
  readonly name: BandName
  /** The least cosine similarity in the band. */
  readonly least: number
}

/**
 * The bands of the package's own model, best first. Of the twelve nearest pictures on the labelled sets "clothing"
 * (people's own photos), "caltech" (general objects) and "grocery" (photos in a shop against clean product pictures),
 * this share showed the same kind of thing:
 *
 * | cosine     | clothing  | caltech   | grocery   |
 * | ---------- | --------- | --------- | --------- |
 * | 0.8 to 1   | 81 - 94 % | 86 - 100 % | none      |
 * | 0.6 to 0.8 | 50 - 70 % | 39 - 79 % | 31 - 100 % |
 * | 0.4 to 0.6 | 51 - 69 % | 6 - 25 %  | 5 - 16 %  |
 * | below      | too few   | 0 - 3 %   | 0 - 3 %   |
 *
 * Two pictures at random have 0.19 to 0.29 (median).
 */
export const scoreBands: readonly [ScoreBand, ScoreBand, ScoreBand] = [
  { name: 'verySimilar', least: 0.8 },
  { name: 'similar', least: 0.6 },
  { name: 'somewhatSimilar', least: 0.4 },
]

/** Below it, what is nearest is not near: the least score of a hit unless the shop sets another. */
export const leastScore = scoreBands[2].least

/** The band of a score; what is below all of them, where the shop lets it pass, belongs to the last. */
export function bandOf(score: number): ScoreBand {
  return scoreBands.find(({ least }) => score >= least) ?? scoreBands[2]
}

/** The hits of each band, in their order. Every hit is in one of them. */
export function groupByBand(hits: readonly Hit[]): ReadonlyMap<BandName, readonly Hit[]> {
  return new Map(
    scoreBands.map((band) => [band.name, hits.filter((hit) => bandOf(hit.score) === band)] as const),
  )
}
