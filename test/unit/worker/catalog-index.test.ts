import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import { SimilarItemsError } from '../../../src/errors.js'
import { MemoryStore } from '../../../src/store/memory-store.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'
import { CatalogIndex } from '../../../src/worker/indexing/catalog-index.js'
import type { PictureEncoder } from '../../../src/worker/pictures/picture-encoder.js'
import { Leisure } from '../../../src/worker/session/leisure.js'
import { StatusBoard } from '../../../src/worker/session/status-board.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const address = (picture: string) => `https://shop.example/${picture}.jpg`
/** Every picture points in a direction of its own: its letter says which. */
const directionOf = (picture: string) => 'abcd'.indexOf(picture)
const vectorOf = (picture: string) =>
  Float32Array.from({ length: 4 }, (_, at) => Number(at === directionOf(picture)))

type Shown = Readonly<Record<string, string>>

const productsOf = (shown: Shown) =>
  CatalogProducts.of(
    Object.entries(shown).map(([id, picture]) => ({ id, title: id, image_link: address(picture) })),
  )
const rowsOf = (shown: Shown) => ({
  entries: Object.entries(shown).map(([id, picture]) => ({ id, contentKey: address(picture) })),
  vectors: encodeVectors(Object.values(shown).map(vectorOf), 4, 'float32'),
})

const noEncoder: PictureEncoder['encode'] = async ({ picture }) => {
  throw new SimilarItemsError('image-undecodable', `${picture} is no picture.`)
}

let catalogs = 0

/** An index of these products over what is stored already, and what another tab does to the store. */
async function openIndex({ stored = {}, shown }: { stored?: Shown; shown: Shown }, encode = noEncoder) {
  const store = new MemoryStore()
  const key = `catalog-${catalogs++}`
  let products = productsOf(shown)
  const storeInOtherTab = (rows: Shown) => store.putVectors(key, space, rowsOf(rows))
  await storeInOtherTab(stored)
  const collection = await VectorCollection.open(store, key, space, 'float32', {
    isCurrent: ({ id, contentKey }) => products.get(id)?.image_link === contentKey,
    onLoaded: () => undefined,
    onWanted: () => undefined,
    isStarting: () => false,
  })
  const status = new StatusBoard(() => undefined)
  const index = new CatalogIndex({
    collection,
    pictures: { encode },
    status,
    leisure: new Leisure(async () => undefined),
    onProgress: () => undefined,
    onChange: () => undefined,
    retries: { isPending: false, failed: () => undefined },
  })
  await index.setProducts(products)
  return {
    collection,
    index,
    status,
    storeInOtherTab,
    async show(next: Shown) {
      products = productsOf(next)
      await index.setProducts(products)
    },
    /** The directions of all vectors, by id. */
    get directions() {
      const { entries } = collection.table
      const direction = (id: string) => collection.table.embeddingOf(id)?.vector.indexOf(1)
      return Object.fromEntries(entries.map(({ id }) => [id, direction(id)]))
    },
  }
}

test('where pictures move between products, each product gets the vector of its own', async () => {
  const swapped = await openIndex({ stored: { 1: 'a', 2: 'b' }, shown: { 1: 'b', 2: 'a' } })
  expect(swapped.directions).toEqual({ 1: directionOf('b'), 2: directionOf('a') })

  // Ids are positions, and a product was put in front.
  const moved = await openIndex({
    stored: { 1: 'a', 2: 'b', 3: 'c' },
    shown: { 1: 'd', 2: 'a', 3: 'b', 4: 'c' },
  })
  expect(moved.directions).toMatchObject({ 2: directionOf('a'), 3: directionOf('b'), 4: directionOf('c') })
})

test('a changed picture that another tab has encoded is taken over', async () => {
  const { collection, storeInOtherTab, index, show, ...tab } = await openIndex({
    stored: { 1: 'a' },
    shown: { 1: 'a' },
  })
  await show({ 1: 'b' })
  expect(index.isComplete).toBe(false)
  await storeInOtherTab({ 1: 'b', 2: 'c' })
  expect(await collection.load()).toBe(2)
  expect(index.isComplete).toBe(true)
  expect(collection.table.embeddingOf('1')?.vector).toEqual(vectorOf('b'))
  expect(tab.status.snapshot().skipped).toEqual([])
})

test('an outdated vector in the store does not replace a newer one', async () => {
  const { collection, storeInOtherTab, show } = await openIndex({ stored: { 1: 'a' }, shown: { 1: 'a' } })
  await show({ 1: 'b' })
  collection.add([{ id: '1', contentKey: address('b') }], { space, vector: vectorOf('b') })
  // Into the same chunk, by a tab that has the catalogue of before.
  await storeInOtherTab({ 2: 'c' })
  expect(await collection.load()).toBe(1)
  expect(collection.table.embeddingOf('1')?.vector).toEqual(vectorOf('b'))
})

test('a picture that another tab has encoded serves all products that show it', async () => {
  const { collection, storeInOtherTab, index, ...tab } = await openIndex({ shown: { 1: 'a', 2: 'a' } })
  await storeInOtherTab({ 1: 'a' })
  await collection.load()
  expect(index.isComplete).toBe(false)
  expect(await index.sync()).toMatchObject({ products: 2, skipped: 0 })
  expect(index.isComplete).toBe(true)
  expect(collection.table.embeddingOf('2')?.vector).toEqual(vectorOf('a'))
  expect(tab.status.snapshot().skipped).toEqual([])
})

test('a product whose new picture cannot be used leaves the lists', async () => {
  const { collection, index, show, ...tab } = await openIndex({
    stored: { 1: 'a', 2: 'b' },
    shown: { 1: 'a', 2: 'b' },
  })
  await show({ 1: 'a', 2: 'broken' })
  // Until that is known the vector of the old picture is better than none.
  expect(collection.table.rowOf('2')).toBeDefined()
  expect((await index.sync()).skipped).toBe(1)
  expect(collection.table.rowOf('2')).toBeUndefined()
  expect(index.isComplete).toBe(true)
  expect(tab.status.snapshot().skipped).toEqual([{ id: '2', reason: `${address('broken')} is no picture.` }])
})

test('what was skipped is no longer named once it has a vector, or is gone', async () => {
  let isBroken = true
  const encode: PictureEncoder['encode'] = async (request, signal) => {
    if (isBroken) return noEncoder(request, signal)
    const timings = { fetch: 0, decode: 0, resize: 0, inference: 0 }
    return { embedding: { space, vector: vectorOf('a') }, timings }
  }
  const { index, status, show } = await openIndex({ shown: { 1: 'a', 2: 'b' } }, encode)
  expect((await index.sync()).skipped).toBe(2)
  await show({ 1: 'a' })
  expect(status.snapshot().skipped.map(({ id }) => id)).toEqual(['1'])
  isBroken = false
  expect((await index.sync()).skipped).toBe(0)
  expect(status.snapshot().skipped).toEqual([])
})

test('pictures that never come do not keep the others of their server from being asked for', async () => {
  const vectors = { 'sku-a': 'a', 'sku-b': 'b', 'sku-c': 'c' }
  const encode: PictureEncoder['encode'] = async ({ picture }) => {
    const name = String(picture).slice(-5, -4)
    if (!'abcd'.includes(name)) {
      const message = `${picture} answered with status 500.`
      throw new SimilarItemsError('image-unreachable', message, { mayPass: true })
    }
    const timings = { fetch: 0, decode: 0, resize: 0, inference: 0 }
    return { embedding: { space, vector: vectorOf(name) }, timings }
  }
  const lost = Object.fromEntries([...'ijklmn'].map((letter) => [`sku-${letter}`, letter]))
  const tab = await openIndex({ shown: { ...lost, ...vectors } }, encode)
  await tab.index.sync()
  tab.index.forgetPassingFailures()
  await tab.index.sync()
  expect(Object.keys(tab.directions)).toEqual(Object.keys(vectors))
})
