import type { Hit, RankedList } from '../../../types.js'

/** How alike two pictures are, in words that a shopper can do something with. */
export const bandNames = ['verySimilar', 'similar', 'somewhatSimilar'] as const

export type BandName = (typeof bandNames)[number]

export interface ScoreBand {
  readonly name: BandName
  /** The least cosine similarity in the band. */
  readonly least: number
}

/** Best first. */
export type ScoreBands = readonly [ScoreBand, ScoreBand, ScoreBand]

/**
 * The bands of the package's own model. Of the twelve nearest pictures on the labelled sets "clothing" (people's own
 * photos), "caltech" (general objects) and "grocery" (photos in a shop against clean product pictures), this share
 * showed the same kind of thing, in steps of 0.05:
 *
 * | plain      | clothing  | caltech   | grocery    |
 * | ---------- | --------- | --------- | ---------- |
 * | 0.8 to 1   | 86 - 99 % | 94 - 99 % | none       |
 * | 0.6 to 0.8 | 59 - 77 % | 60 - 86 % | 66 - 100 % |
 * | 0.4 to 0.6 | 31 - 80 % | 15 - 42 % | 12 - 42 %  |
 * | below      | none      | 0 %       | 0 - 6 %    |
 *
 * | centered     | clothing   | caltech    | grocery    |
 * | ------------ | ---------- | ---------- | ---------- |
 * | 0.75 to 1    | 87 - 100 % | 92 - 100 % | none       |
 * | 0.55 to 0.75 | 65 - 76 %  | 62 - 83 %  | 68 - 100 % |
 * | 0.35 to 0.55 | 47 - 58 %  | 15 - 50 %  | 18 - 46 %  |
 * | below        | 0 %        | 0 - 8 %    | 0 - 12 %   |
 *
 * Two pictures at random have 0.11 to 0.15 (median), and -0.07 to -0.04 where they are centered.
 */
const plainBands: ScoreBands = [
  { name: 'verySimilar', least: 0.8 },
  { name: 'similar', least: 0.6 },
  { name: 'somewhatSimilar', least: 0.4 },
]

const centeredBands: ScoreBands = [
  { name: 'verySimilar', least: 0.75 },
  { name: 'similar', least: 0.55 },
  { name: 'somewhatSimilar', least: 0.35 },
]

/** The bands by which the scores of a list are read. */
export function bandsOf({ space }: Pick<RankedList, 'space'>): ScoreBands {
  return space?.centered ? centeredBands : plainBands
}

/** Below it nothing is near in any space: what to ask for while the space is not known. */
export const lowestLeastScore = centeredBands[2].least

/** Below it, what is nearest is not near: the least score of a hit unless the shop sets another. */
export function leastScore(list: Pick<RankedList, 'space'>): number {
  return bandsOf(list)[2].least
}

/** The band of a score; what is below all of them, where the shop lets it pass, belongs to the last. */
export function bandOf(score: number, bands: ScoreBands): ScoreBand {
  return bands.find(({ least }) => score >= least) ?? bands[2]
}

/** The hits of each band, in their order. Every hit is in one of them. */
export function groupByBand(list: Pick<RankedList, 'hits' | 'space'>): ReadonlyMap<BandName, readonly Hit[]> {
  const bands = bandsOf(list)
  return new Map(
    bands.map((band) => [band.name, list.hits.filter((hit) => bandOf(hit.score, bands) === band)] as const),
  )
}
