import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, randomSystem } from '../../../src/measure/evaluation/evaluate.js'
import type { System } from '../../../src/measure/evaluation/evaluation.js'
import type { EvaluationQuery } from '../../../src/measure/evaluation/evaluation-query.js'
import {
  queriesFromJudgements,
  queriesFromLabels,
} from '../../../src/measure/evaluation/labelled-relevance.js'
import { rankCandidates } from '../../../src/measure/evaluation/rank-candidates.js'
import { bootstrapMean, randomizationPValue } from '../../../src/measure/statistics/resampling.js'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'

/** Scores by closeness of the numbers that the ids are. */
const byNumber: System = {
  name: 'number',
  score: (product, candidates) => candidates.map((id) => -Math.abs(Number(id) - Number(product))),
}
const reversed: System = {
  name: 'reversed',
  score: (product, candidates) => candidates.map((id) => Math.abs(Number(id) - Number(product))),
}

/** Forty items in tens: near numbers have one label. */
const items = Array.from({ length: 40 }, (_, index) => ({
  id: `${index}`,
  label: `ten ${Math.floor(index / 10)}`,
}))

describe('evaluate', () => {
  test('by hand: query 0, candidates 1 to 4, of which 2 and 4 are relevant', () => {
    const query: EvaluationQuery = {
      product: '0',
      candidates: ['4', '0', '3', '2', '1'],
      grades: new Map([
        ['2', 1],
        ['4', 1],
        ['0', 1],
      ]),
    }
    const { systems } = evaluate([query], [byNumber, reversed])
    const means = (name: string) =>
      Object.values(systems.find((system) => system.name === name)?.estimates ?? {}).map(({ mean }) => mean)
    const best = 1 + 1 / Math.log2(3)
    expect(means('number')).toEqual([
      expect.closeTo((1 / Math.log2(3) + 1 / Math.log2(5)) / best, 12),
      0,
      expect.closeTo(1 / 3, 12),
      0.5,
      1,
    ])
    expect(means('reversed')[1]).toBe(1)
  })

  test('a good system is better than random, significantly, and the reverse is worse', () => {
    const { systems, baseline, queries, categories, worst } = evaluate(
      queriesFromLabels(items),
      [byNumber, reversed],
      { baseline: 'random', samples: 500, worst: 2 },
    )
    expect(baseline).toBe('random')
    expect(queries).toBe(40)
    const [good, bad, random] = systems.map((system) => ({ ...system, ndcg: system.estimates['nDCG@5'] }))
    expect(random).toMatchObject({ name: 'random', differences: null })
    // Of the 39 others nine are relevant.
    expect(Math.abs((random?.ndcg?.mean ?? 0) - 9 / 39)).toBeLessThan(0.1)
    expect(good?.differences?.['nDCG@5']).toMatchObject({ pValue: 1 / 2501 })
    expect(good?.differences?.['nDCG@5']?.low).toBeGreaterThan(0)
    expect(bad?.differences?.['nDCG@5']?.high).toBeLessThan(0)
    expect(categories.map(({ category, queries }) => [category, queries])).toEqual(
      [0, 1, 2, 3].map((ten) => [`ten ${ten}`, 10]),
    )
    expect(worst.map(({ system }) => system)).toEqual(['number', 'number', 'reversed', 'reversed'])
    expect(worst[0]?.top.number).toHaveLength(5)
  })

  test('the same seed gives the same report, another other intervals', () => {
    const run = (seed: number) => evaluate(queriesFromLabels(items), [byNumber], { seed, samples: 200 })
    expect(run(1)).toEqual(run(1))
    expect(run(2)).not.toEqual(run(1))
    expect(run(2).systems[0]?.estimates['nDCG@5']?.mean).toBe(run(1).systems[0]?.estimates['nDCG@5']?.mean)
  })

  test('weights: a query that stands for three counts as three of it', () => {
    const query = (product: string, relevant: string, weight: number): EvaluationQuery => ({
      product,
      candidates: ['1', '2'],
      grades: new Map([[relevant, 1]]),
      weight,
    })
    const { systems } = evaluate([query('0', '1', 3), query('-1', '2', 1)], [byNumber])
    expect(systems[0]?.estimates['P@1']?.mean).toBe(0.75)
  })

  test('queries without a relevant candidate are left out and counted; if all are, that is an error', () => {
    const judgements = [
      { query: '0', item: '1', grade: 1 },
      { query: '0', item: '2', grade: 0 },
      { query: '5', item: '2', grade: 0 },
      { query: '7', item: '7', grade: 3 },
    ]
    const queries = queriesFromJudgements(judgements)
    expect(evaluate(queries, [byNumber])).toMatchObject({ queries: 1, withoutRelevant: 2 })
    expect(() => evaluate(queries.slice(1), [byNumber])).toThrow('No query has a relevant candidate')
  })

  test('an unknown baseline and two systems of one name are errors', () => {
    const queries = queriesFromLabels(items)
    expect(() => evaluate(queries, [byNumber], { baseline: 'x' })).toThrow('"x"')
    expect(() => evaluate(queries, [byNumber, byNumber])).toThrow('one name')
  })
})

test('equal scores are not ordered by position or id', () => {
  const ids = Array.from({ length: 400 }, (_, index) => `${index}`.padStart(3, '0'))
  const firsts = ids.map((product) => {
    const [first] = rankCandidates({ product, candidates: ids, grades: new Map() }, randomSystem)
    return Number(first?.item)
  })
  const mean = firsts.reduce((sum, first) => sum + first) / firsts.length
  expect(new Set(firsts).size).toBeGreaterThan(200)
  expect(Math.abs(mean - 199.5)).toBeLessThan(30)
})

describe('resampling', () => {
  test('the interval covers the true mean about as often as it says', () => {
    const random = seededRandom(3)
    const runs = 400
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const sums = Float64Array.from({ length: 60 }, () => random.next() ** 2)
      const weights = new Float64Array(60).fill(1)
      const { low, high } = bootstrapMean({ sums, weights }, random, { samples: 300, level: 0.9 })
      if (low <= 1 / 3 && 1 / 3 <= high) covered++
    }
    console.log(`90 % intervals cover the mean in ${(100 * covered) / runs} % of ${runs} runs`)
    expect(covered / runs).toBeGreaterThan(0.84)
    expect(covered / runs).toBeLessThan(0.95)
  })

  test('the randomisation test is exact: three equal differences have p = 2 / 8', () => {
    const samples = 20_000
    expect(randomizationPValue(Float64Array.of(1, 1, 1), seededRandom(1), samples)).toBeCloseTo(0.25, 1)
    expect(randomizationPValue(new Float64Array(5), seededRandom(1), 100)).toBe(1)
  })

  test('without a difference, p-values below 0.05 are as rare as that', () => {
    const random = seededRandom(5)
    const runs = 1000
    let significant = 0
    for (let run = 0; run < runs; run++) {
      const differences = Float64Array.from({ length: 40 }, () => random.next() - random.next())
      if (randomizationPValue(differences, random, 199) <= 0.05) significant++
    }
    expect(Math.abs(significant / runs - 0.05)).toBeLessThan(0.028)
  })

  test('no interval is outside of the values', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(values, fc.nat(), (list, seed) => {
        const units = { sums: Float64Array.from(list), weights: new Float64Array(list.length).fill(1) }
        const { low, high } = bootstrapMean(units, seededRandom(seed), { samples: 50, level: 0.95 })
        expect(low).toBeGreaterThanOrEqual(Math.min(...list) - 1e-12)
        expect(high).toBeLessThanOrEqual(Math.max(...list) + 1e-12)
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })
})
