import { beforeAll, describe, expect, test } from 'vitest'
import { compareMethods, type DescribedProduct } from '../../../demo/data/compare-methods.js'
import { type Comparison, METHODS } from '../../../demo/data/comparison.js'
import { type CrossFit, crossFit } from '../../../demo/data/cross-fit.js'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { normalize } from '../../../src/vectors/normalize.js'

const shelves = 4
const random = seededRandom(3)
const noise = (length: number) => Array.from({ length }, () => random.next() - 0.5)
const centres = Array.from({ length: shelves }, () => noise(8))
/** Shelves that vectors know of beside much that has nothing to do with them, and colours know nothing of. */
const products = Array.from({ length: 60 }, (_, index): DescribedProduct => {
  const shelf = index % shelves
  const colors = Float64Array.from(noise(64), Math.abs)
  const total = colors.reduce((sum, share) => sum + share)
  const kind = (centres[shelf] as number[]).map((component, at) => component + (noise(8)[at] as number) * 0.8)
  return {
    id: `p${index}`,
    shelf: `shelf ${shelf}`,
    colors: colors.map((share) => share / total),
    vector: normalize([...kind, ...noise(8)]),
  }
})

describe('the comparison of methods', () => {
  let comparison: Comparison
  beforeAll(() => {
    comparison = compareMethods(products)
  })
  const ndcg = (method: (typeof METHODS)[number]) =>
    comparison.estimates[method]['nDCG@5']?.mean ?? Number.NaN

  test('finds what the vectors know and colours do not', () => {
    console.log(METHODS.map((method) => `${method} ${ndcg(method).toFixed(3)}`).join(', '))
    expect(ndcg('encoder')).toBeGreaterThan(2 * ndcg('random'))
    expect(comparison.encoderOverColours.low).toBeGreaterThan(0)
    expect(comparison.encoderOverColours.mean).toBeCloseTo(ndcg('encoder') - ndcg('colours'), 12)
    expect(comparison.tunedOverEncoder.mean).toBeCloseTo(ndcg('tuned') - ndcg('encoder'), 12)
  })

  test('lists five others for each product, and its numbers are those of the lists', () => {
    for (const method of METHODS) {
      const lists = comparison.lists[method]
      expect(lists).toHaveLength(products.length)
      for (const [query, list] of lists.entries()) {
        expect(new Set(list).size).toBe(5)
        expect(list).not.toContain(query)
      }
      const firsts = lists.filter(([first = 0], query) => products[first]?.shelf === products[query]?.shelf)
      expect(comparison.estimates[method]['P@1']?.mean).toBeCloseTo(firsts.length / products.length, 12)
    }
  })

  test('is the same the next time', () => {
    expect(compareMethods(products)).toEqual(comparison)
  })
})

describe('a cross-fit', () => {
  const vectors = products.map(({ vector }) => vector)
  const labels = products.map(({ shelf }) => shelf)
  let fit: CrossFit
  beforeAll(() => {
    fit = crossFit(vectors, labels)
  })

  test.each([0, 17, 59])('judges product %i by a projection that did not see its label', (query) => {
    const relabelled = crossFit(vectors, labels.with(query, 'quite another shelf'))
    expect(relabelled.vectorsFor(query)).toEqual(fit.vectorsFor(query))
  })

  test('learns from the labels of others', () => {
    const learned = fit.vectorsFor(0)
    expect(fit.kept).toBeLessThan(fit.folds)
    const elsewhere = products.findIndex((_, query) => fit.vectorsFor(query) !== learned)
    const relabelled = crossFit(vectors, labels.with(elsewhere, 'quite another shelf'))
    expect(relabelled.vectorsFor(0)).not.toEqual(learned)
  })

  test('gives unit vectors', () => {
    for (const vector of fit.vectorsFor(5)) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  })
})
