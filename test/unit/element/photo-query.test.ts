import { expect, test } from 'vitest'
import { nearOnly } from '../../../src/element/photo-search/search/photo-query.js'
import { leastScore } from '../../../src/element/photo-search/search/score-bands.js'
import type { RankedList, Space } from '../../../src/types.js'
import { makeSpace } from '../../../src/vectors/space.js'

const plain = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const centered = makeSpace({ ...plain, projection: 'a', centered: true })
const scores = [0.9, 0.41, 0.4, 0.36, 0.34, -0.2]
const list = (space: Space): RankedList => ({
  queryId: 'q',
  hits: scores.map((score, rank) => {
    return { product: { id: `${rank}`, title: '', image_link: 'https://shop.example/p.jpg' }, score, rank }
  }),
  space,
  ranked: 6,
  total: 6,
  complete: true,
  timings: { fetch: 0, decode: 0, resize: 0, inference: 0, rank: 0 },
})
const withLeast = (has: boolean) => ({ hasAttribute: (name: string) => has && name === 'min-score' })

test.each([plain, centered])('what is not near in its own space is left out of $fingerprint', (space) => {
  const near = scores.filter((score) => score >= leastScore({ space }))
  expect(nearOnly(list(space), withLeast(false)).hits.map(({ score }) => score)).toEqual(near)
})

test('a centered list reaches further down, and the least score of the shop is the only one', () => {
  const found = [plain, centered].map((space) => nearOnly(list(space), withLeast(false)).hits.length)
  expect(found).toEqual([3, 4])
  expect(nearOnly(list(centered), withLeast(true))).toEqual(list(centered))
})
