import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stableOrder } from '../../../src/element/list/stable-order.js'
import type { Hit } from '../../../src/types.js'

const hits = fc.uniqueArray(fc.nat(30), { maxLength: 20 }).map((ids) => ids.map(hit))
const scenario = fc.record({
  shown: hits,
  newer: hits,
  held: fc.nat(25),
  limit: fc.integer({ min: 1, max: 25 }),
})
const ids = (list: readonly Hit[]) => list.map(({ product }) => product.id)

function hit(id: number, rank: number): Hit {
  const product = { id: String(id), title: `Product ${id}`, image_link: `https://shop.example/${id}.jpg` }
  return { product, score: 1 / (1 + id), rank }
}

describe('stableOrder', () => {
  it('is the newer list while nothing is held', () => {
    fc.assert(
      fc.property(scenario, ({ shown, newer, limit }) => {
        expect(ids(stableOrder(shown, newer, 0, limit))).toEqual(ids(newer).slice(0, limit))
      }),
    )
  })

  it('leaves the held cards in place and ranks the others as the newer list does', () => {
    fc.assert(
      fc.property(scenario, ({ shown, newer, held, limit }) => {
        const result = ids(stableOrder(shown, newer, held, limit))
        const kept = ids(shown).slice(0, Math.min(held, limit))
        expect(result.slice(0, kept.length)).toEqual(kept)
        const others = ids(newer).filter((id) => !kept.includes(id))
        expect(result.slice(kept.length)).toEqual(others.slice(0, limit - kept.length))
      }),
    )
  })

  it('shows each product once, at most limit, ranked by position', () => {
    fc.assert(
      fc.property(scenario, ({ shown, newer, held, limit }) => {
        const result = stableOrder(shown, newer, held, limit)
        expect(new Set(ids(result)).size).toBe(result.length)
        expect(result.length).toBeLessThanOrEqual(limit)
        expect(result.map(({ rank }) => rank)).toEqual(result.map((_, index) => index))
      }),
    )
  })

  it('gives a held card its newer score', () => {
    const older = hit(1, 0)
    const newer = { ...hit(1, 4), score: 0.9 }
    expect(stableOrder([older], [hit(2, 0), newer], 1, 5)[0]).toEqual({ ...newer, rank: 0 })
  })
})
