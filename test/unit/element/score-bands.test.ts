import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bandNames,
  bandOf,
  bandsOf,
  groupByBand,
  leastScore,
  lowestLeastScore,
} from '../../../src/element/photo-search/search/score-bands.js'
import { makeSpace } from '../../../src/vectors/space.js'

const plain = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const centered = makeSpace({ ...plain, projection: 'a', centered: true })
const spaces = [null, plain, makeSpace({ ...plain, projection: 'a' }), centered]

const hit = (score: number, rank: number) => ({
  product: { id: String(rank), title: '', image_link: 'https://shop.example/p.jpg' },
  score,
  rank,
})

describe('score bands', () => {
  it.each(spaces)('begin at their own least score, and the best come first, in %o', (space) => {
    const bands = bandsOf({ space })
    for (const band of bands) expect(bandOf(band.least, bands)).toBe(band)
    const least = bands.map((band) => band.least)
    expect(least).toEqual(least.toSorted((a, b) => b - a))
    expect(bands.map(({ name }) => name)).toEqual(bandNames)
    expect(bandOf(1, bands)).toBe(bands[0])
    expect(bandOf(leastScore({ space }), bands)).toBe(bands.at(-1))
    expect(lowestLeastScore).toBeLessThanOrEqual(leastScore({ space }))
  })

  it('are lower where the mean of the catalogue was subtracted, and only there', () => {
    const [unknown, ...known] = spaces.map((space) => bandsOf({ space }).map(({ least }) => least))
    const [own, projected, lower = []] = known
    expect(own).toEqual(unknown)
    expect(projected).toEqual(unknown)
    for (const [band, least] of lower.entries()) expect(least).toBeLessThan(unknown?.[band] as number)
  })

  it('hold every hit once, in its order, also those that the shop lets pass from further away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true })),
        fc.constantFrom(...spaces),
        (scores, space) => {
          const hits = scores.toSorted((a, b) => b - a).map(hit)
          expect([...groupByBand({ hits, space }).values()].flat()).toEqual(hits)
        },
      ),
    )
  })
})
