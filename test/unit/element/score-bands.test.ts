import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandOf, groupByBand, leastScore, scoreBands } from '../../../src/element/photo-search/score-bands.js'

const hit = (score: number, rank: number) => ({
  product: { id: String(rank), title: '', image_link: 'https://shop.example/p.jpg' },
  score,
  rank,
})

describe('score bands', () => {
  it('begin at their own least score, and the best come first', () => {
    for (const band of scoreBands) expect(bandOf(band.least)).toBe(band)
    expect(scoreBands.map(({ least }) => least)).toEqual(
      scoreBands.map(({ least }) => least).toSorted((a, b) => b - a),
    )
    expect(bandOf(1)).toBe(scoreBands[0])
    expect(bandOf(leastScore)).toBe(scoreBands.at(-1))
  })

  it('hold every hit once, in its order, also those that the shop lets pass from further away', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true })), (scores) => {
        const hits = scores.toSorted((a, b) => b - a).map(hit)
        expect([...groupByBand(hits).values()].flat()).toEqual(hits)
      }),
    )
  })
})
