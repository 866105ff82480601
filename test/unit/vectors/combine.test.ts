import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineEmbeddings, unitEmbedding } from '../../../src/vectors/combine.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { makeSpace } from '../../../src/vectors/space.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 3 })
const embedding = (...vector: number[]) => ({ space, vector: Float32Array.from(vector) })
const component = fc.float({ min: -1, max: 1, noNaN: true })
const direction = fc
  .tuple(component, component, component)
  .filter((vector) => Math.hypot(...vector) > 0.1)
  .map((vector) => unitEmbedding(embedding(...vector)))

test('one item, whatever its positive weight, is itself', () => {
  fc.assert(
    fc.property(direction, fc.float({ min: Math.fround(0.01), max: 100, noNaN: true }), (one, weight) => {
      expect(cosineSimilarity(combineEmbeddings([one], [weight]).vector, one.vector)).toBeCloseTo(1, 6)
    }),
  )
})

test('the order of items does not matter, and the result has norm 1', () => {
  fc.assert(
    fc.property(direction, direction, (a, b) => {
      fc.pre(cosineSimilarity(a.vector, b.vector) > -0.99)
      const { vector } = combineEmbeddings([a, b], [2, 1])
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6)
      expect(cosineSimilarity(vector, combineEmbeddings([b, a], [1, 2]).vector)).toBeCloseTo(1, 6)
    }),
  )
})

test('a negative weight leads away', () => {
  const { vector } = combineEmbeddings([embedding(1, 0, 0), embedding(0, 1, 0)], [1, -1])
  expect(vector[0]).toBeCloseTo(Math.SQRT1_2, 6)
  expect(vector[1]).toBeCloseTo(-Math.SQRT1_2, 6)
})

test.each([
  ['nothing', [], undefined],
  ['too few weights', [embedding(1, 0, 0), embedding(0, 1, 0)], [1]],
  ['a weight that is no number', [embedding(1, 0, 0)], [Number.NaN]],
  ['an endless weight', [embedding(1, 0, 0)], [Number.POSITIVE_INFINITY]],
  ['items that cancel each other out', [embedding(1, 0, 0), embedding(-1, 0, 0)], undefined],
  ['weights of zero', [embedding(1, 0, 0)], [0]],
])('refuses %s', (_, embeddings, weights) => {
  expect(() => combineEmbeddings(embeddings, weights)).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})

test('refuses items of two spaces, naming both', () => {
  const other = makeSpace({ ...space, model: 'other' })
  expect(() => combineEmbeddings([embedding(1, 0, 0), { ...embedding(1, 0, 0), space: other }])).toThrow(
    expect.objectContaining({ code: 'space-mismatch', message: expect.stringContaining('other|p') }),
  )
})

test.each([
  ['another dimension', [1, 0]],
  ['zero', [0, 0, 0]],
  ['NaN', [1, Number.NaN, 0]],
  ['infinity', [Number.POSITIVE_INFINITY, 0, 0]],
])('a vector of %s is none to search with', (_, vector) => {
  expect(() => unitEmbedding(embedding(...vector))).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})
