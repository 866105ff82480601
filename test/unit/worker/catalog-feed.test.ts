import { afterEach, expect, test, vi } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import { MemoryStore } from '../../../src/store/memory-store.js'
import type { StoredCatalog } from '../../../src/store/vector-store.js'
import { CatalogFeed } from '../../../src/worker/catalog/catalog-feed.js'

const url = 'https://shop.example/catalog.json'
const { signal } = new AbortController()
const stored = [{ id: 'a', title: 'Stored', image_link: 'https://shop.example/a.jpg' }]
const served = [{ id: 'a', title: 'Served', image_link: 'https://shop.example/a.jpg' }]
const packed = CatalogProducts.of(stored).pack()

afterEach(() => vi.unstubAllGlobals())

test.each<[string, StoredCatalog['products'], string]>([
  ['what is stored now', packed, 'Stored'],
  ['what an earlier version of the package stored', stored, 'Stored'],
  ['a record whose text is damaged is fetched anew', { ...packed, ids: '["a"' }, 'Served'],
  ['a record whose lists do not go together is fetched anew', { ...packed, contentKeys: '[]' }, 'Served'],
])('%s', async (_, products, title) => {
  const store = new MemoryStore()
  await store.saveCatalog(url, { products, skipped: [], etag: '"1"', lastModified: null })
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (address: unknown) => {
    asked.push(address)
    return Response.json(served)
  })
  const feed = new CatalogFeed({ key: url, url }, store)
  const mayBeOutdated = await feed.open(signal)
  expect(feed.current.products.get('a')?.title).toBe(title)
  expect(mayBeOutdated).toBe(title === 'Stored')
  expect(asked).toHaveLength(title === 'Stored' ? 0 : 1)
  await feed.save()
  const after = await new CatalogFeed({ key: url, url }, store).open(signal)
  expect(after).toBe(true)
})

test('of two versions that are fetched before one is stored the later one is, also where the store was cleared since', async () => {
  const store = new MemoryStore()
  const titles = ['First', 'Second']
  let fetched = 0
  vi.stubGlobal('fetch', async () => {
    const title = titles[fetched++]
    return Response.json([{ ...served[0], title }], { headers: { etag: `"${fetched}"` } })
  })
  const turns: (() => void)[] = []
  const feed = new CatalogFeed({ key: url, url }, store, () => new Promise((resolve) => turns.push(resolve)))
  await feed.open(signal)
  await feed.refresh(signal)
  await feed.save()
  expect((await store.loadCatalog(url))?.etag).toBe('"2"')
  await store.clear()
  for (const turn of turns) turn()
  await new Promise((resolve) => setTimeout(resolve))
  expect(await store.loadCatalog(url)).toBeUndefined()
})
