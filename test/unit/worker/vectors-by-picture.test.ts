import { expect, test } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import type { Product, Space } from '../../../src/types.js'
import { decodeVector, encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { VectorsByPicture } from '../../../src/worker/collection/vectors-by-picture.js'

const space: Space = {
  model: 'm',
  preprocessing: 'p',
  projection: null,
  dimensions: 2,
  fingerprint: 'f',
}
const product = (id: string, picture: string): Product => ({ id, title: id, image_link: picture })
const vectorOf = (picture: string) => Float32Array.of(1, picture.charCodeAt(picture.length - 1))

function open(store: MemoryStore, products: readonly Product[], mostPictures?: number) {
  return new VectorsByPicture(store, 'inline:', () => products, mostPictures)
}

/** Stores the vectors of all products, as a page does that has encoded them. */
async function encodeAll(store: MemoryStore, products: readonly Product[], mostPictures?: number) {
  const entries = products.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const vectors = encodeVectors(
    products.map(({ image_link }) => vectorOf(image_link)),
    2,
    'float32',
  )
  await open(store, products, mostPictures).putVectors('page', space, { entries, vectors })
}

/** What a page finds: product, picture and vector. */
async function found(store: MemoryStore, products: readonly Product[], mostPictures?: number) {
  const rows = await open(store, products, mostPictures).loadVectors('page', space)
  return rows.flatMap(({ entries, vectors }) => {
    return entries.map((entry, row) => [entry.id, entry.contentKey, [...decodeVector(vectors, row)]])
  })
}

test('what one feed has encoded is there for every other that shows the picture, under its own ids', async () => {
  const store = new MemoryStore()
  await encodeAll(store, [product('1', 'a'), product('2', 'b')])
  expect(await found(store, [product('x', 'b'), product('y', 'b'), product('1', 'c')])).toEqual([
    ['x', 'b', [...vectorOf('b')]],
    ['y', 'b', [...vectorOf('b')]],
  ])
})

test('feeds that give one id to different pictures take nothing from each other', async () => {
  const store = new MemoryStore()
  const first = [product('1', 'a')]
  const second = [product('1', 'b')]
  await encodeAll(store, first)
  await encodeAll(store, second)
  await open(store, second).removeVectors()
  expect(await found(store, first)).toEqual([['1', 'a', [...vectorOf('a')]]])
  expect(await found(store, second)).toEqual([['1', 'b', [...vectorOf('b')]]])
})

test('beyond the limit the oldest pictures go, but none that the page shows', async () => {
  const store = new MemoryStore()
  const first = [product('1', 'a'), product('2', 'b'), product('3', 'c')]
  const second = [product('4', 'd'), product('5', 'e')]
  await encodeAll(store, first)
  await encodeAll(store, second)
  expect(await found(store, [product('1', 'a')], 3)).toHaveLength(1)
  const left = await found(store, [...first, ...second])
  expect(left.map(([id]) => id)).toEqual(['1', '4', '5'])
})

test('pictures that only their own page can read are not kept', async () => {
  const store = new MemoryStore()
  const products = [product('1', 'blob:https://shop.example/7'), product('2', 'a')]
  await encodeAll(store, products)
  expect((await found(store, products)).map(([id]) => id)).toEqual(['2'])
})
