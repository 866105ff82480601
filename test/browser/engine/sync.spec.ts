import type { BrowserContext, Page } from '@playwright/test'
import type { RankedList } from '../../../src/types.js'
import { generateModel } from '../../fixtures/generate-model.js'
import { expect, type Shop, test } from '../harness.js'
import { loadPackage, modelPath, openEngine } from './engine-page.js'

/** Opens engines in two tabs, the second when the first has encoded so many products. Returns the second. */
async function openBesideIndexing(
  page: Page,
  context: BrowserContext,
  shop: Shop,
  encoded: number,
): Promise<Page> {
  const url = shop.page('')
  const other = await context.newPage()
  await Promise.all([page.goto(url), other.goto(url)])
  await openEngine(page)
  await page.evaluate(async (encoded) => {
    void window.engine.sync()
    while (window.engine.status.vectors.encoded < encoded)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }, encoded)
  await openEngine(other)
  return other
}

test('a reload in the middle of indexing goes on where it stopped', async ({ page, shop }) => {
  shop.photoCatalog(20)
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page)
  const before = await page.evaluate(async () => {
    void window.engine.sync().catch(() => undefined)
    while (window.engine.status.vectors.encoded < 5) await new Promise((resolve) => setTimeout(resolve, 20))
    // Vectors are written in groups, half a second apart at most.
    await new Promise((resolve) => setTimeout(resolve, 700))
    return window.engine.status.vectors.encoded
  })
  expect(before).toBeLessThan(20)

  await page.goto(url)
  await openEngine(page)
  const report = await page.evaluate(() => window.engine.sync())
  console.log(`encoded ${before} or a few more before the reload, ${report.encoded} of 20 after it`)
  expect(report.encoded).toBeLessThanOrEqual(20 - 5)
  expect(report.encoded).toBeGreaterThan(0)
  const list = await page.evaluate(() => window.engine.similarTo('sku-01'))
  expect(list.ranked).toBe(20)
})

test('a changed feed encodes only what changed and drops what is gone', async ({ page, shop }) => {
  const item = (id: string, photo: number) => ({ id, title: id, image_link: `/photos/${shop.photos[photo]}` })
  shop.write('/catalog.json', JSON.stringify([item('a', 0), item('b', 1), item('c', 2), item('d', 3)]))
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())

  // `b` has a new picture, `c` is gone, `e` is new, and `f` shows a picture that is already known.
  shop.write(
    '/catalog.json',
    JSON.stringify([item('a', 0), item('b', 4), item('d', 3), item('e', 5), item('f', 3)]),
  )
  shop.clearLog()
  await page.goto(url)
  await openEngine(page)
  const scores = await page.evaluate(async () => {
    // The stored feed answers first, the new one follows.
    while (window.engine.status.products !== 5) await new Promise((resolve) => setTimeout(resolve, 10))
    await window.engine.sync()
    const list = await window.engine.similarTo('a', { nearDuplicate: 2 })
    return Object.fromEntries(list.hits.map(({ product, score }) => [product.id, score]))
  })
  expect(Object.keys(scores).toSorted()).toEqual(['b', 'd', 'e', 'f'])
  expect(scores.f).toBe(scores.d)
  const fetched = shop.requests('/photos/').map(({ path }) => path)
  expect(fetched.toSorted()).toEqual(
    [shop.photos[4], shop.photos[5]].map((photo) => `/photos/${photo}`).toSorted(),
  )
})

test('the page of a product that is newer than the stored feed waits for the feed', async ({
  page,
  shop,
}) => {
  const url = shop.page('')
  shop.photoCatalog(3)
  await page.goto(url)
  await openEngine(page, { backend: 'kernel' })
  await page.evaluate(() => window.engine.sync())

  shop.photoCatalog(4)
  const slow = shop.fault('/catalog.json', { kind: 'delay', milliseconds: 500 })
  await page.goto(url)
  await loadPackage(page)
  // An element asks as soon as the engine is open.
  const found = await page.evaluate(async (model) => {
    const { SimilarityEngine } = window.similarItems
    window.engine = await SimilarityEngine.open({ catalog: '/catalog.json', model, backend: 'kernel' })
    return (await window.engine.similarTo('sku-04', { nearDuplicate: 2 })).hits.length
  }, modelPath)
  expect(found).toBe(3)
  expect(slow.hits).toBeGreaterThan(0)
  const unknown = page.evaluate(() => window.engine.similarTo('sku-05'))
  await expect(unknown).rejects.toThrow('is not among the 4 products')
})

test('a sync is that of the feed of today, not of the feed of an earlier visit', async ({ page, shop }) => {
  const url = shop.page('')
  shop.photoCatalog(3)
  await page.goto(url)
  await openEngine(page, { backend: 'kernel' })
  await page.evaluate(() => window.engine.sync())

  shop.photoCatalog(5)
  // By then the vectors of the earlier visit are open.
  shop.fault('/catalog.json', { kind: 'delay', milliseconds: 1500 })
  await page.goto(url)
  await openEngine(page, { backend: 'kernel' })
  const report = await page.evaluate(() => window.engine.sync())
  expect(report).toEqual({ products: 5, encoded: 2, skipped: 0 })
})

test('two tabs do not encode the same pictures', async ({ page, context, shop }) => {
  shop.photoCatalog(24)
  const url = shop.page('')
  const other = await context.newPage()
  await Promise.all([page.goto(url), other.goto(url)])
  await Promise.all([openEngine(page), openEngine(other)])
  const reports = await Promise.all([page, other].map((tab) => tab.evaluate(() => window.engine.sync())))
  expect(reports.map(({ encoded }) => encoded).toSorted((a, b) => a - b)).toEqual([0, 24])
  const lists = await Promise.all(
    [page, other].map((tab) =>
      tab.evaluate(async () => {
        const { hits, ranked } = await window.engine.similarTo('sku-03')
        return { ranked, hits: hits.map(({ product, score }) => [product.id, score]) }
      }),
    ),
  )
  expect(lists[0]?.ranked).toBe(24)
  expect(lists[1]).toEqual(lists[0])
  expect(shop.requests('/photos/')).toHaveLength(24)
})

test('a tab asks the one that indexes for its own product first', async ({ page, context, shop }) => {
  shop.photoCatalog(40)
  const other = await openBesideIndexing(page, context, shop, 1)
  const ranked = await other.evaluate(async () => (await window.engine.similarTo('sku-40')).ranked)
  expect(ranked).toBeLessThan(40)
  const order = shop.requests('/photos/').map(({ path }) => path)
  expect(order.indexOf(`/photos/${shop.photos[39]}`)).toBeLessThan(39)
  expect(order.filter((path) => path === `/photos/${shop.photos[39]}`)).toHaveLength(1)
  await page.evaluate(() => window.engine.sync())
  await other.evaluate(() => window.engine.sync())
  expect(shop.requests('/photos/')).toHaveLength(40)
})

test('what other tabs say while a tab opens its vectors does no harm', async ({ page, shop }) => {
  shop.photoCatalog(4)
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  const fingerprint = await page.evaluate(() => window.engine.status.space?.fingerprint)
  const name = `${new URL('/catalog.json', url)}#${fingerprint}`

  await page.goto(url)
  await page.evaluate((name) => {
    const workerErrors: string[] = []
    const messages = { sent: 0, workerErrors }
    const OwnWorker = Worker
    window.Worker = class extends OwnWorker {
      constructor(...options: ConstructorParameters<typeof Worker>) {
        super(...options)
        this.addEventListener('error', ({ message }) => workerErrors.push(message))
      }
    }
    const channel = new BroadcastChannel(name)
    setInterval(() => {
      channel.postMessage({ type: 'wanted', contentKey: '/photos/unknown.jpg' })
      channel.postMessage({ type: 'stored' })
      messages.sent++
    }, 0)
    Object.assign(window, { messages })
  }, name)
  for (let round = 0; round < 5; round++) {
    await openEngine(page)
    const { hits } = await page.evaluate(() => window.engine.similarTo('sku-01'))
    expect(hits).toHaveLength(3)
    await page.evaluate(() => window.engine.close())
  }
  const messages = await page.evaluate(
    () => (window as unknown as { messages: { sent: number; workerErrors: string[] } }).messages,
  )
  expect(messages.sent).toBeGreaterThan(5)
  expect(messages.workerErrors).toEqual([])
})

test('when the tab that indexes is closed, the other takes over', async ({ page, context, shop }) => {
  shop.photoCatalog(12)
  const other = await openBesideIndexing(page, context, shop, 2)
  const taken = other.evaluate(() => window.engine.sync())
  await page.close()
  expect(await taken).toMatchObject({ products: 12, skipped: 0 })
  expect(await other.evaluate(async () => (await window.engine.similarTo('sku-12')).ranked)).toBe(12)
})

test('clear forgets vectors, catalogue and model', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page)
  await page.evaluate(async () => {
    await window.engine.sync()
    await window.engine.clear()
    await window.engine.close()
  })
  shop.clearLog()
  await page.goto(url)
  await openEngine(page)
  expect(await page.evaluate(() => window.engine.sync())).toMatchObject({ encoded: 3 })
  expect(shop.requests('_int7.safetensors')).toHaveLength(1)
  expect(shop.requests('/catalog.json')).toHaveLength(1)
})

test('in memory only, nothing is left behind', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page, { storage: 'memory', storeName: 'private-shop' })
  await page.evaluate(() => window.engine.sync())
  const left = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    storage: window.engine.status.storage,
  }))
  expect(left).toEqual({ databases: [], storage: 'memory' })
})

test('an inline catalogue with pictures of this page works, and its vectors are found again', async ({
  page,
  shop,
}) => {
  const url = shop.page('')
  const items = shop.photos.slice(0, 3).map((photo, index) => ({
    id: index,
    title: `Photo ${index}`,
    image_link: `/photos/${photo}`,
  }))
  for (const expected of [3, 0]) {
    await page.goto(url)
    await openEngine(page, { catalog: items })
    expect(await page.evaluate(() => window.engine.sync())).toMatchObject({ products: 3, encoded: expected })
    await page.evaluate(() => window.engine.close())
  }
  const fromBlobs = await page.evaluate(
    async (photos) => {
      const catalog = []
      for (const [index, photo] of photos.entries()) {
        const blob = await (await fetch(`/photos/${photo}`)).blob()
        catalog.push({ id: `file-${index}`, title: photo, image_link: URL.createObjectURL(blob) })
      }
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog,
        storage: 'memory',
      })
      return engine.sync()
    },
    shop.photos.slice(0, 2),
  )
  expect(fromBlobs).toEqual({ products: 2, encoded: 2, skipped: 0 })
})

test('feeds in pages share the vectors of their pictures, and none takes those of another', async ({
  page,
  shop,
}) => {
  const items = shop.photos.slice(0, 5).map((photo, index) => ({
    id: `${index}`,
    title: photo,
    image_link: `/photos/${photo}`,
  }))
  // The ids of the last feed name other pictures.
  const feeds = [items.slice(0, 3), items.slice(2, 5), items.slice(0, 3).toReversed()].map((feed, page) =>
    page < 2 ? feed : feed.map((item, index) => ({ ...item, id: `${index}` })),
  )
  const visit = async (feed: unknown[]) => {
    await page.goto(shop.page(''))
    await openEngine(page, { catalog: feed })
    const report = await page.evaluate(() => window.engine.sync())
    const list: RankedList = await page.evaluate(() => window.engine.similarTo('2'))
    await page.evaluate(() => window.engine.close())
    return { encoded: report.encoded, products: list.hits.map(({ product }) => product.image_link).sort() }
  }
  const encoded: number[] = []
  for (const feed of [...feeds, ...feeds]) {
    const visited = await visit(feed)
    encoded.push(visited.encoded)
    const others = feed.filter(({ id }) => id !== '2').map(({ image_link }) => shop.url(image_link))
    expect(visited.products).toEqual(others.sort())
  }
  expect(encoded).toEqual([3, 2, 0, 0, 0, 0])
  const asked = shop.requests('/photos/').length
  expect(asked, 'each picture is fetched once').toBe(5)
})

test('a model that was replaced makes new vectors, not mixed ones', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const model = '/generated/replaced/'
  const serve = async (seed: number) => {
    for (const [path, bytes] of await generateModel({ seed })) shop.write(model + path, bytes)
  }
  await serve(1)
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page, { model })
  await page.evaluate(() => window.engine.sync())
  const before = await page.evaluate(() => window.engine.status.space?.fingerprint)

  await serve(2)
  await page.goto(url)
  await openEngine(page, { model })
  const after = await page.evaluate(async (photo) => {
    // The encoder shows that the model is another one.
    await window.engine.searchByImage(photo)
    await window.engine.sync()
    const list = await window.engine.similarTo('sku-01')
    return {
      space: window.engine.status.space?.fingerprint,
      ranked: list.ranked,
      vectors: window.engine.status.vectors,
    }
  }, `/photos/${shop.photos[0]}`)
  expect(after.space).not.toBe(before)
  expect(after.ranked).toBe(3)
  expect(after.vectors.encoded).toBe(3)
})

test('elements with equal options share an engine and its worker', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await loadPackage(page)
  const shared = await page.evaluate(async (model) => {
    const { acquireEngine } = window.similarItems
    const options = { catalog: '/catalog.json', model }
    const leases = [
      acquireEngine(options),
      acquireEngine({ ...options, catalog: new URL('/catalog.json', location.href) }),
    ]
    const different = acquireEngine({ ...options, format: 'float32' })
    const [first, second, third] = await Promise.all([...leases, different].map(({ engine }) => engine))
    for (const lease of [...leases, different]) {
      lease.release()
      lease.release()
    }
    const again = acquireEngine(options)
    const fourth = await again.engine
    again.release()
    await new Promise((resolve) => setTimeout(resolve, 3500))
    const closed = await fourth?.products().catch((error: { code: string }) => error.code)
    return { same: first === second, differs: first !== third, kept: first === fourth, closed }
  }, modelPath)
  expect(shared).toEqual({ same: true, differs: true, kept: true, closed: 'engine-closed' })
})
