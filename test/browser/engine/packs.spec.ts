import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { type IndexOptions, indexCatalog } from '../../../src/node/indexing/index-catalog.js'
import { openPack } from '../../../src/node/pack/open-pack.js'
import { searchPack } from '../../../src/node/pack/search-pack.js'
import { decodeVector } from '../../../src/vectors/encoded-vectors.js'
import { expect, type Shop, test } from '../harness.js'
import { loadPackage, modelPath, openEngine } from './engine-page.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photoFolder = join(root, 'node_modules/@vendure/create/assets/images')
const model = join(root, 'public', modelPath)

interface Item {
  readonly id: string
  readonly title: string
  readonly image_link: string
}

/** The first photos as products `sku-01`, `sku-02`, ... with links that begin at the root of the origin. */
function itemsOf(shop: Shop, count: number): Item[] {
  return shop.photos.slice(0, count).map((photo, index) => {
    const id = `sku-${String(index + 1).padStart(2, '0')}`
    return { id, title: photo, image_link: `/photos/${photo}` }
  })
}

/** What was indexed before, by what was asked for: a browser's worker indexes the same items once. */
const indexed = new Map<string, string>()
test.afterAll(() => {
  for (const folder of indexed.values()) rmSync(folder, { recursive: true, force: true })
})

/** Indexes items, as a shop does in its build, and returns the folder with the result. */
async function index(items: readonly Item[], options: Partial<IndexOptions> = {}): Promise<string> {
  const asked = JSON.stringify([items, options])
  const before = indexed.get(asked)
  if (before !== undefined) return join(before, 'out')
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  const feed = join(folder, 'feed.json')
  const out = join(folder, 'out')
  const images = join(folder, 'public')
  mkdirSync(join(images, 'photos'), { recursive: true })
  for (const { image_link } of items) {
    const name = image_link.slice('/photos/'.length)
    if (readdirSync(photoFolder).includes(name)) {
      writeFileSync(join(images, 'photos', name), readFileSync(join(photoFolder, name)))
    }
  }
  writeFileSync(feed, JSON.stringify(items))
  await indexCatalog({ feed, model, out, images, precision: 'int8', workers: 1, retries: 0, ...options })
  indexed.set(asked, folder)
  return out
}

/** Serves what index wrote at the root of the shop. */
function publish(
  shop: Shop,
  out: string,
  change: (catalog: { items: Item[] }) => void = () => undefined,
): void {
  for (const name of readdirSync(out).filter((name) => name.endsWith('.safetensors'))) {
    shop.write(`/${name}`, readFileSync(join(out, name)))
  }
  const catalog = JSON.parse(readFileSync(join(out, 'catalog.json'), 'utf8'))
  change(catalog)
  shop.write('/catalog.json', JSON.stringify(catalog))
}

function similarTo(page: Page, id: string) {
  return page.evaluate(async (id) => {
    const { hits, ranked, complete } = await window.engine.similarTo(id, { limit: 5 })
    return { hits: hits.map(({ product, score }) => ({ id: product.id, score })), ranked, complete }
  }, id)
}

/** Requests for ONNX Runtime and weights, which a page with a pack has no use for. */
function heavyRequests(shop: Shop): string[] {
  return shop.log
    .map(({ path }) => path)
    .filter((path) => /ort-wasm|\.wasm$|\.onnx$|_int7\.|\/photos\//.test(path))
}

test('an item page with a pack loads neither ONNX Runtime nor the model, and ranks as Node does', async ({
  page,
  shop,
}) => {
  const out = await index(itemsOf(shop, 12))
  publish(shop, out)
  await page.goto(shop.page(''))
  await openEngine(page)
  const { hits, ranked, complete } = await similarTo(page, 'sku-03')
  expect({ ranked, complete }).toEqual({ ranked: 12, complete: true })

  const opened = await openPack(out)
  const row = opened.pack.entries.findIndex(({ id }) => id === 'sku-03')
  const query = { space: opened.pack.space, vector: decodeVector(opened.pack.vectors, row) }
  const expected = searchPack(opened, query, { limit: 6 }).filter(({ id }) => id !== 'sku-03')
  expect(hits).toEqual(expected.map(({ id, score }) => ({ id, score: expect.closeTo(score, 5) })))

  expect(heavyRequests(shop)).toEqual([])
  const bytes = await page.evaluate(() => window.engine.status.bytes)
  expect(bytes).toMatchObject({ runtime: 0, model: 0, images: 0 })
  expect(bytes.pack).toBeGreaterThan(12 * 192)
  const sizes = shop.log
    .filter(({ path }) => !path.startsWith('/dist/'))
    .map(({ path, bytes }) => `${path} ${bytes}`)
  console.log(`cold item page with 12 products: ${sizes.join(', ')}`)
})

test('a second visit makes one conditional request and answers from IndexedDB', async ({ page, shop }) => {
  publish(shop, await index(itemsOf(shop, 6)))
  await page.goto(shop.page(''))
  await openEngine(page)
  const first = await similarTo(page, 'sku-01')
  // What came is stored behind the first answer.
  await page.evaluate(() => window.engine.close())

  shop.clearLog()
  await page.goto(shop.page(''))
  await openEngine(page)
  expect(await similarTo(page, 'sku-01')).toEqual(first)
  await expect.poll(() => shop.requests('/catalog.json').map(({ status }) => status)).toEqual([304])
  const paths = shop.log.map(({ path }) => path).filter((path) => !/^\/(dist|pages)\//.test(path))
  expect(paths).toEqual(['/catalog.json'])
})

test('for who asks at once the pack comes with the catalogue, for others with the first question', async ({
  page,
  shop,
}) => {
  publish(shop, await index(itemsOf(shop, 6)))
  const beside = () => shop.requests(/^\/(pack-|models)/).length
  await page.goto(shop.page(''))
  await openEngine(page)
  expect(beside()).toBe(0)
  await page.evaluate(() => window.engine.close())

  await openEngine(page, { asksAtOnce: true, storeName: 'another' })
  await expect.poll(() => shop.requests(/^\/pack-/)).toHaveLength(1)
  expect((await similarTo(page, 'sku-01')).hits).toHaveLength(5)
  expect(shop.requests(/^\/pack-/)).toHaveLength(1)
  await page.evaluate(() => window.engine.close())

  // What was stored is enough, also for who asks at once.
  shop.clearLog()
  await openEngine(page, { asksAtOnce: true, storeName: 'another' })
  expect((await similarTo(page, 'sku-01')).hits).toHaveLength(5)
  expect(beside()).toBe(0)
})

test('a new version of the pack takes the place of the old one', async ({ page, shop }) => {
  publish(shop, await index(itemsOf(shop, 4)))
  await page.goto(shop.page(''))
  await openEngine(page)
  expect((await similarTo(page, 'sku-01')).hits).toHaveLength(3)

  publish(shop, await index(itemsOf(shop, 7).slice(1)))
  shop.clearLog()
  await page.goto(shop.page(''))
  await openEngine(page)
  const ranked = () => similarTo(page, 'sku-02').then(({ ranked, hits }) => [ranked, hits.length])
  await expect.poll(ranked).toEqual([6, 5])
  expect(heavyRequests(shop)).toEqual([])
  expect(shop.requests(/^\/pack-/)).toHaveLength(1)
})

test('products that the pack lacks are encoded afterwards', async ({ page, shop }) => {
  publish(shop, await index(itemsOf(shop, 5)), (catalog) => {
    catalog.items = itemsOf(shop, 7)
  })
  await page.goto(shop.page(''))
  await openEngine(page)
  const first = await similarTo(page, 'sku-01')
  expect(first).toMatchObject({ ranked: 5, complete: false })
  expect(await page.evaluate(() => window.engine.sync())).toEqual({ products: 7, encoded: 2, skipped: 0 })
  expect(await similarTo(page, 'sku-01')).toMatchObject({ ranked: 7, complete: true })
  expect(shop.requests(/^\/photos\//)).toHaveLength(2)
})

test('a picture that the indexer could not use is not tried again', async ({ page, shop }) => {
  const missing = { id: 'gone', title: 'Gone', image_link: '/photos/none.jpg' }
  publish(shop, await index([...itemsOf(shop, 4), missing]))
  await page.goto(shop.page(''))
  await openEngine(page)
  expect(await similarTo(page, 'sku-01')).toMatchObject({ ranked: 4, complete: true })
  const skipped = await page.evaluate(() => window.engine.status.skipped)
  expect(skipped).toEqual([{ id: 'gone', reason: expect.stringContaining('when the pack was made') }])
  expect(heavyRequests(shop)).toEqual([])
})

test('with fewer dimensions a photo is projected into the space of the pack', async ({ page, shop }) => {
  publish(shop, await index(itemsOf(shop, 8), { projection: { kind: 'cut', dimensions: 64 } }))
  await page.goto(shop.page(''))
  await openEngine(page)
  await similarTo(page, 'sku-05')
  expect(heavyRequests(shop)).toEqual([])
  const found = await page.evaluate(async (photo) => {
    const { hits } = await window.engine.searchByImage(photo, { limit: 3 })
    const { space, vector } = await window.engine.embed(photo)
    return {
      hits: hits.map(({ product, score }) => ({ id: product.id, score })),
      space,
      length: vector.length,
    }
  }, `/photos/${shop.photos[4]}`)
  expect(found.hits[0]).toEqual({ id: 'sku-05', score: expect.closeTo(1, 1) })
  expect(found.length).toBe(64)
  expect(found.space.projection).toMatch(/^[0-9a-f]{64}$/)
  expect(shop.requests(/^\/projection-/)).toHaveLength(1)
})

/** Opens an engine and returns the warnings of the first question, which has to be answered all the same. */
async function warningsOfFirstQuestion(page: Page): Promise<{ code: string; message: string }[]> {
  await loadPackage(page)
  return page.evaluate(async (model) => {
    const engine = await window.similarItems.SimilarityEngine.open({ catalog: '/catalog.json', model })
    const warnings: { code: string; message: string }[] = []
    engine.addEventListener('warning', ({ error: { code, message } }) => warnings.push({ code, message }))
    await engine.similarTo('sku-01')
    await engine.sync()
    if ((await engine.similarTo('sku-01')).hits.length !== 2) throw new Error('the pictures were not encoded')
    await engine.close()
    return warnings
  }, modelPath)
}

test('a pack of another space is refused, and the message names both', async ({ page, shop }) => {
  const out = await index(itemsOf(shop, 3))
  publish(shop, out, (catalog) => {
    const { pack } = catalog as unknown as { pack: { space: { model: string } } }
    pack.space.model = 'f'.repeat(64)
  })
  await page.goto(shop.page(''))
  const { pack } = await openPack(out)
  expect(await warningsOfFirstQuestion(page)).toEqual([
    { code: 'space-mismatch', message: expect.stringContaining(`"${pack.space.fingerprint}"`) },
  ])
  expect(shop.requests(/^\/pack-/)).toEqual([])
})

for (const { title, fault, code } of [
  { title: 'with a flipped bit', fault: { kind: 'corrupt', at: 1000 }, code: 'pack-invalid' },
  { title: 'that breaks off', fault: { kind: 'truncate', after: 1000 }, code: 'pack-unreachable' },
  { title: 'in whose place is a web page', fault: { kind: 'html' }, code: 'pack-unreachable' },
  { title: 'that is not there', fault: { kind: 'status', status: 404 }, code: 'pack-unreachable' },
] as const) {
  test(`a pack ${title} is a warning, and the page encodes pictures itself`, async ({ page, shop }) => {
    publish(shop, await index(itemsOf(shop, 3)))
    shop.fault(/\/pack-/, fault)
    await page.goto(shop.page(''))
    expect(await warningsOfFirstQuestion(page)).toEqual([
      { code, message: expect.stringContaining('/pack-') },
    ])
  })
}

test('a catalogue whose "pack" is nonsense is a catalogue without one', async ({ page, shop }) => {
  publish(shop, await index(itemsOf(shop, 3)), (catalog) => Object.assign(catalog, { pack: { url: 7 } }))
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  expect((await similarTo(page, 'sku-01')).hits).toHaveLength(2)
  expect(await page.evaluate(() => window.engine.status.warnings)).toEqual([
    expect.stringContaining('Write it with `similar-items index`'),
  ])
})
