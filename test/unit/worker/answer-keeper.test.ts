import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import type { KeptAnswer, KeptAnswers } from '../../../src/store/kept-answers.js'
import { MemoryStore } from '../../../src/store/memory-store.js'
import type { Product } from '../../../src/types.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { answer } from '../../../src/worker/answer.js'
import type { CatalogFeed } from '../../../src/worker/catalog/catalog-feed.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'
import { CatalogIndex } from '../../../src/worker/indexing/catalog-index.js'
import { AnswerKeeper } from '../../../src/worker/session/answer-keeper.js'
import { Leisure } from '../../../src/worker/session/leisure.js'
import { StatusBoard } from '../../../src/worker/session/status-board.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 128 })
const timings = { fetch: 0, decode: 0, resize: 0, inference: 0 }
const life = new AbortController().signal

/** A cosine of 1 / 4 lies between each two of them. */
const vectorOf = (at: number) =>
  Float32Array.from({ length: 128 }, (_, row) => (row === at + 1 ? Math.sqrt(3) / 2 : Number(row === 0) / 2))

const productOf = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  title: id,
  image_link: `https://shop.example/${id}.jpg`,
  ...more,
})

/** An index with a vector for each of these products, and what keeps its lists. */
async function openKeeper(first: readonly Product[], unusable: readonly Product[] = []) {
  let products = CatalogProducts.of([...first, ...unusable])
  const store = new MemoryStore()
  const vectors = first.map((_, at) => vectorOf(at))
  const entries = first.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  await store.putVectors('feed', space, { entries, vectors: encodeVectors(vectors, 128, 'float32') })
  const collection = await VectorCollection.open(store, 'feed', space, 'float32', {
    isCurrent: () => true,
    onLoaded: () => undefined,
    onWanted: () => undefined,
    isStarting: () => false,
  })
  const encoded: unknown[] = []
  const leisure = new Leisure(async () => undefined)
  const index = new CatalogIndex({
    collection,
    pictures: {
      encode: async ({ picture }) => {
        encoded.push(picture)
        throw new Error('There is no encoder.')
      },
    },
    status: new StatusBoard(() => undefined),
    leisure,
    onProgress: () => undefined,
    onChange: () => undefined,
    retries: { isPending: false, failed: () => undefined },
  })
  await index.setProducts(products)
  index.setUnusable(unusable.map(({ image_link }) => image_link))
  const kept = new Map<string, KeptAnswer>()
  const answers = {
    stampOf: () => 'stamp',
    questions: async () => new Set(kept.keys()),
    keep: async (_key: string, _stamp: string, made: ReadonlyMap<string, KeptAnswer>) => {
      for (const [question, list] of made) kept.set(question, list)
    },
  } as unknown as KeptAnswers
  const feed = {
    key: 'feed',
    isStored: true,
    saved: async () => undefined,
    get current() {
      return { products, revision: 1 }
    },
  } as unknown as CatalogFeed
  const config = { model: null, projection: null, format: 'float32', asksAtOnce: true } as const
  const keeper = new AnswerKeeper({ config, store: { answers }, feed, leisure, isInUse: () => true }, life)
  return {
    encoded,
    kept,
    /** The ids of the products whose lists are kept. */
    get ids() {
      return [...kept.keys()].map((question) => (JSON.parse(question) as unknown[])[0])
    },
    async ask(id: string, limit = 12) {
      const subject = products.get(id) as Product
      const embedding = await index.embeddingOf(subject, life)
      const question = { embedding, subjects: [subject], options: { limit }, allowed: null, timings }
      return [index, answer(question, index, products, 1), subject, { limit }] as const
    },
    async show(next: readonly Product[]) {
      products = CatalogProducts.of(next)
      await index.setProducts(products)
    },
    keep: (asked: readonly [CatalogIndex, ReturnType<typeof answer>, Product, { limit: number }]) =>
      keeper.keep(...asked),
  }
}

test('keeps the lists of a product and of those in its list', async () => {
  const shop = await openKeeper(['a', 'b', 'c'].map((id) => productOf(id)))
  await shop.keep(await shop.ask('a'))
  expect(shop.ids).toEqual(['a', 'b', 'c'])
})

test('keeps none for a product that is gone by then, encodes no picture for it, and shows what is new', async () => {
  const shop = await openKeeper(['a', 'b', 'c', 'd'].map((id) => productOf(id)))
  const asked = await shop.ask('a')
  await shop.show([productOf('c', { price: '5 EUR' }), productOf('d')])
  await shop.keep(asked)
  expect(shop.ids).toEqual(['c', 'd'])
  expect(shop.encoded).toEqual([])
  const [, ofD] = [...shop.kept.values()]
  expect(ofD?.hits.map(({ product }) => product.price)).toEqual(['5 EUR'])
})

test('a picture that cannot be used does not keep the lists of the others from being kept', async () => {
  const shop = await openKeeper([productOf('a'), productOf('b')], [productOf('broken')])
  await shop.keep(await shop.ask('a'))
  expect(shop.ids).toEqual(['a', 'b'])
})

test('long lists are not kept, and of the others no more than are seen first', async () => {
  const many = Array.from({ length: 100 }, (_, at) => productOf(String(at)))
  const shop = await openKeeper(many)
  await shop.keep(await shop.ask('0', 60))
  expect(shop.ids).toHaveLength(25)

  const wordy = await openKeeper(many.map((product) => ({ ...product, description: 'word '.repeat(1000) })))
  await wordy.keep(await wordy.ask('0', 60))
  expect(wordy.ids).toEqual([])
})
