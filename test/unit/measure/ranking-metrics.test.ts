import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dcgAtK,
  ndcgAtK,
  precisionAtK,
  recallAtK,
  reciprocalRank,
} from '../../../src/measure/evaluation/ranking-metrics.js'

describe('published examples', () => {
  test('Wikipedia, Discounted cumulative gain: documents graded 3, 2, 3, 0, 1, 2', () => {
    const grades = [3, 2, 3, 0, 1, 2]
    expect(dcgAtK(grades, 6)).toBeCloseTo(6.861, 3)
    // Of all documents that exist, one more has grade 3 and one grade 2.
    expect(dcgAtK([3, 3, 3, 2, 2, 2], 6)).toBeCloseTo(8.74, 3)
    expect(ndcgAtK(grades, 6, { relevant: [...grades, 3, 2] })).toBeCloseTo(0.785, 3)
  })

  test('scikit-learn, ndcg_score: relevance 10, 0, 0, 1, 5', () => {
    const relevance = [10, 0, 0, 1, 5]
    const rankedBy = (scores: number[]) =>
      [...relevance.keys()]
        .sort((a, b) => (scores[b] as number) - (scores[a] as number))
        .map((index) => relevance[index] as number)
    // Its documentation cuts the digits off.
    const cut = (value: number) => Math.floor(100 * value) / 100
    expect(cut(dcgAtK(rankedBy([0.1, 0.2, 0.3, 4, 70]), 5))).toBe(9.49)
    expect(cut(ndcgAtK(rankedBy([0.1, 0.2, 0.3, 4, 70]), 5))).toBe(0.69)
    expect(cut(ndcgAtK(rankedBy([0.05, 1.1, 1, 0.5, 0]), 5))).toBe(0.49)
    expect(cut(ndcgAtK(rankedBy([0.05, 1.1, 1, 0.5, 0]), 4))).toBe(0.35)
  })

  test('Wikipedia, Mean reciprocal rank: right answers at ranks 3, 2 and 1', () => {
    const ranks = [reciprocalRank([0, 0, 1]), reciprocalRank([0, 1, 0]), reciprocalRank([1, 0, 0])]
    expect(ranks.reduce((sum, rank) => sum + rank) / 3).toBeCloseTo(11 / 18, 12)
  })
})

describe('by hand', () => {
  const grades = [0, 1, 1, 0, 0, 1]

  test('nDCG@5: (1/log2 3 + 1/log2 4) / (1 + 1/log2 3 + 1/log2 4)', () => {
    const ranked = 1 / Math.log2(3) + 1 / 2
    expect(ndcgAtK(grades, 5)).toBeCloseTo(ranked / (1 + ranked), 12)
  })

  test('exponential gain: (0/1 + 3/log2 3) / (3/1 + 0)', () => {
    expect(ndcgAtK([0, 2], 2, { gain: 'exponential' })).toBeCloseTo(3 / Math.log2(3) / 3, 12)
  })

  test('precision and recall', () => {
    expect([1, 3, 5, 10].map((k) => precisionAtK(grades, k))).toEqual([0, 2 / 3, 2 / 5, 3 / 10])
    expect([1, 3, 5, 10].map((k) => recallAtK(grades, k))).toEqual([0, 2 / 3, 2 / 3, 1])
    expect(recallAtK(grades, 3, 6)).toBe(1 / 3)
  })

  test('nothing relevant', () => {
    expect(ndcgAtK([0, 0], 5)).toBeNaN()
    expect(recallAtK([0, 0], 5)).toBeNaN()
    expect(precisionAtK([], 5)).toBe(0)
    expect(reciprocalRank([])).toBe(0)
  })
})

describe('properties', () => {
  const grades = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 })
    .filter((list) => list.some((grade) => grade > 0))
  const depth = fc.integer({ min: 1, max: 40 })
  const gain = fc.constantFrom('linear' as const, 'exponential' as const)

  test('every metric lies between 0 and 1, and the best order reaches 1', () => {
    fc.assert(
      fc.property(grades, depth, gain, (list, k, gain) => {
        for (const value of [
          ndcgAtK(list, k, { gain }),
          precisionAtK(list, k),
          recallAtK(list, k),
          reciprocalRank(list),
        ]) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1 + 1e-12)
        }
        const ideal = list.toSorted((a, b) => b - a)
        expect(ndcgAtK(ideal, k, { gain })).toBeCloseTo(1, 12)
        expect(reciprocalRank(ideal)).toBe(1)
      }),
    )
  })

  test('moving a better item up never lowers nDCG', () => {
    fc.assert(
      fc.property(grades, depth, gain, fc.nat(), (list, k, gain, at) => {
        const index = at % list.length
        const other = (index + 1) % list.length
        const [upper, lower] = index < other ? [index, other] : [other, index]
        const swapped = [...list]
        if ((list[lower] as number) <= (list[upper] as number)) return
        swapped[upper] = list[lower] as number
        swapped[lower] = list[upper] as number
        expect(ndcgAtK(swapped, k, { gain })).toBeGreaterThanOrEqual(ndcgAtK(list, k, { gain }) - 1e-12)
      }),
    )
  })

  test('both gains agree on grades of 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1 }), depth, (list, k) => {
        expect(ndcgAtK(list, k, { gain: 'exponential' })).toBe(ndcgAtK(list, k))
      }),
    )
  })
})
