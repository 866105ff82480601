import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import type { HandlerOptions } from '../../../src/engines/handler/handler-options.js'
import { similarHandler } from '../../../src/engines/handler/similar-handler.js'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { nodeListener } from '../../../src/engines/node-listener.js'
import { writeCells } from '../../../src/node/cells/write-cells.js'
import { indexCatalog } from '../../../src/node/indexing/index-catalog.js'
import { pushPack } from '../../../src/node/pack/push-pack.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { documentedDecoder, heicFile, libheifScript } from '../../fixtures/heic-files.js'
import { openShop, results } from '../element/element-page.js'
import { expect, type Shop, test } from '../harness.js'
import { modelPath, openEngine } from './engine-page.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photoFolder = join(root, 'node_modules/@vendure/create/assets/images')

let folder: string
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Serves an engine with the first photos, and their catalogue with its pack beside it. */
async function serveEngine(shop: Shop, options: Partial<HandlerOptions> = {}, dimensions?: number) {
  const out = join(folder, `out-${dimensions ?? 'all'}`)
  const photos = join(folder, 'photos')
  mkdirSync(photos, { recursive: true })
  const items = shop.photos.slice(0, 8).map((photo, index) => {
    cpSync(join(photoFolder, photo), join(photos, photo))
    return {
      id: `sku-0${index + 1}`,
      title: photo,
      image_link: `/photos/${photo}`,
      price: `${10 + index} EUR`,
    }
  })
  writeFileSync(join(folder, 'feed.json'), JSON.stringify(items))
  const projection = dimensions === undefined ? undefined : ({ kind: 'cut', dimensions } as const)
  const model = join(root, 'public', modelPath)
  await indexCatalog({
    feed: join(folder, 'feed.json'),
    model,
    out,
    images: folder,
    precision: 'int8',
    workers: 1,
    projection,
  })
  await writeCells({ folder: out, count: 4, probes: 2 })
  for (const name of readdirSync(out)) shop.write(`/${name}`, readFileSync(join(out, name)))
  const engine = memoryEngine()
  await pushPack({ folder: out, engine })
  const bodies: string[] = []
  const handler = similarHandler({ engine, ...options })
  const listener = nodeListener(async (request) => {
    if (request.method === 'POST') bodies.push(await request.clone().text())
    return handler(request)
  })
  shop.handle('/api/similar', (request: IncomingMessage, response) => listener(request, response))
  return { bodies, projection: readdirSync(out).find((name) => name.startsWith('projection-')) }
}

/** Paths that were asked for, without the page and its scripts. */
function paths(shop: Shop): string[] {
  const own = /^\/(pages|photos|element-page)|\/dist\/(?!worker|ort)|favicon/
  return shop.log.map(({ path }) => path).filter((path) => !own.test(path))
}

async function panelFor(page: Page): Promise<Locator> {
  await page.locator('similar-items').evaluate((element) => {
    return (element as HTMLElementTagNameMap['similar-items']).openPhotoSearch()
  })
  return page.getByRole('dialog')
}

const element = (attributes: string) =>
  `<similar-items engine="/api/similar" item="sku-01" loading="eager" ${attributes}><a href="/all">All</a></similar-items>`

test('an item page asks once, loads nothing else, and shows what a page with a pack does', async ({
  page,
  shop,
}) => {
  await serveEngine(shop)
  await openShop(page, shop, element('limit="5"'))
  await results(page)
  expect(paths(shop)).toEqual(['/api/similar'])
  const shown = await page.evaluate(() => {
    const list = document.querySelector('similar-items')?.results
    return list?.hits.map(({ product, score, rank }) => [product.id, score, rank])
  })
  await openEngine(page)
  const own = await page.evaluate(async () => {
    const { hits } = await window.engine.similarTo('sku-01', { limit: 5 })
    return hits.map(({ product, score, rank }) => [product.id, score, rank])
  })
  expect(shown).toHaveLength(5)
  expect(shown).toEqual(own)
  await expect(page.getByRole('listitem')).toHaveCount(5)
})

for (const dimensions of [undefined, 48]) {
  test(`a photo goes out as its vector, ${dimensions ?? 'all'} numbers, and the panel says so`, async ({
    page,
    shop,
  }) => {
    const options = dimensions === undefined ? {} : { projection: '/projection.safetensors' }
    const { bodies, projection } = await serveEngine(shop, options, dimensions)
    if (projection) {
      shop.write('/projection.safetensors', readFileSync(join(folder, `out-${dimensions}`, projection)))
    }
    await openShop(page, shop, element('photo-search'))
    const panel = await panelFor(page)
    await expect(panel.getByText('a summary of it in numbers is sent to this shop')).toBeVisible()
    await expect(panel.getByText('Your photo stays on this device.', { exact: true })).toHaveCount(0)
    await page.evaluate(async (url) => {
      const picture = await (await fetch(url)).blob()
      await document.querySelector('similar-items')?.openPhotoSearch(picture)
    }, `/photos/${shop.photos[2]}`)
    await expect(panel.getByRole('listitem').first()).toBeVisible({ timeout: 60_000 })
    expect(bodies.length).toBeGreaterThan(0)
    for (const body of bodies) {
      expect(body.length).toBeLessThan(600)
      expect(Object.keys(JSON.parse(body)).sort()).toEqual([
        'limit',
        'minScore',
        'perGroup',
        'scale',
        'space',
        'vector',
      ])
      expect(atob(JSON.parse(body).vector)).toHaveLength(dimensions ?? 192)
    }
    expect(paths(shop)).not.toContain('/catalog.json')
  })
}

for (const dimensions of [undefined, 48]) {
  test(`with cells beside an engine no vector leaves the page, of ${dimensions ?? 'all'} numbers, and the panel says what does`, async ({
    page,
    shop,
  }) => {
    const { bodies } = await serveEngine(shop, {}, dimensions)
    await openShop(page, shop, element('photo-search cells="/cells.json"'))
    await results(page)
    expect(paths(shop)).toEqual(['/api/similar'])
    const panel = await panelFor(page)
    await expect(panel.getByText('what kind of product you are looking for')).toBeVisible()
    await expect(panel.getByText('summary')).toHaveCount(0)
    await page.evaluate(async (url) => {
      const picture = await (await fetch(url)).blob()
      await document.querySelector('similar-items')?.openPhotoSearch(picture)
    }, `/photos/${shop.photos[2]}`)
    const first = panel.getByRole('listitem').first()
    await expect(first).toBeVisible({ timeout: 60_000 })
    await expect(first).toContainText(shop.photos[2] as string)
    // One that was found is asked about, of the engine: ids may go there.
    await panel
      .getByRole('button', { name: /^Similar to|^More like this/ })
      .first()
      .click()
    await expect(panel.getByRole('listitem').first()).not.toContainText(shop.photos[2] as string)
    expect(bodies).toEqual([])
    expect(shop.log.filter(({ method }) => method === 'POST')).toEqual([])
    expect(paths(shop)).toContain('/cells.json')
    expect(paths(shop)).not.toContain('/catalog.json')
  })
}

test('cells alone need no server; where one cannot be had, the catalogue answers after a warning, or an error names it', async ({
  page,
  shop,
}) => {
  await serveEngine(shop)
  await page.goto(shop.page(''))
  await openEngine(page)
  const ask = (options: { catalog?: string; engine?: string }) =>
    page.evaluate(
      async ({ photo, options }) => {
        const warnings: string[] = []
        const engine = await window.similarItems.SimilarityEngine.open({ cells: '/cells.json', ...options })
        engine.addEventListener('warning', (event) => {
          event.preventDefault()
          warnings.push(event.error.code)
        })
        const found = await engine.searchByImage(photo, { limit: 3 }).then(
          (list) => list.hits.map(({ product }) => product.id),
          (error: { code: string }) => error.code,
        )
        await engine.close()
        return { found, warnings }
      },
      { photo: `/photos/${shop.photos[4]}`, options },
    )
  const whole = await ask({})
  expect(whole).toEqual({ found: expect.arrayContaining(['sku-05']), warnings: [] })
  shop.allowErrors(/cell-|cells\.json/)
  for (const name of readdirSync(join(folder, 'out-all'))) {
    if (/^cell-[0-9a-f]/.test(name)) shop.fault(`/${name}`, { kind: 'status', status: 404 })
  }
  // Never the engine: that would be sent the vector.
  expect(await ask({ engine: '/api/similar' })).toEqual({ found: 'pack-unreachable', warnings: [] })
  expect(shop.log.filter(({ method }) => method === 'POST')).toEqual([])
  const fallen = await ask({ catalog: '/catalog.json' })
  expect(fallen).toEqual({ found: expect.arrayContaining(['sku-05']), warnings: ['pack-unreachable'] })
})

test('without an engine the photo stays, and the panel says just that', async ({ page, shop }) => {
  shop.photoCatalog(3)
  await openShop(
    page,
    shop,
    '<similar-items catalog="/catalog.json" item="sku-01" photo-search></similar-items>',
  )
  const panel = await panelFor(page)
  await expect(panel.getByText('Your photo stays on this device.', { exact: true })).toBeVisible()
  await expect(panel.getByText('summary')).toHaveCount(0)
})

test('a photo is ranked in the page where the engine does not answer it, and nothing is lost', async ({
  page,
  shop,
}) => {
  await serveEngine(shop)
  shop.fault('/api/similar', { kind: 'hang' })
  await page.goto(shop.page(''))
  await openEngine(page)
  const fallen = await page.evaluate(async (photo) => {
    const warnings: string[] = []
    const { SimilarityEngine } = window.similarItems
    const engine = await SimilarityEngine.open({ engine: '/api/similar', catalog: '/catalog.json' })
    engine.addEventListener('warning', (event) => {
      event.preventDefault()
      warnings.push(event.error.code)
    })
    const { hits } = await engine.searchByImage(photo)
    // It is not asked again for a while: the second answer does not wait for it.
    const again = await engine.similarTo('sku-01')
    await engine.close()
    return { warnings, found: hits[0]?.product.id, again: again.hits.length }
  }, `/photos/${shop.photos[0]}`)
  expect(fallen).toMatchObject({ found: 'sku-01', again: 7 })
  expect(fallen.warnings[0]).toBe('engine-timeout')
})

test('a photo that only the shop’s decoder reads is shown where the engine is down, with progress told once', async ({
  page,
  shop,
}) => {
  await serveEngine(shop)
  shop.write('/heic/libheif-bundle.mjs', libheifScript(), { 'content-type': 'text/javascript' })
  shop.write('/heic/decoder.js', documentedDecoder(), { 'content-type': 'text/javascript' })
  shop.write('/photo.heic', heicFile('upright.heic'))
  shop.fault('/api/similar', { kind: 'status', status: 503 })
  await page.goto(shop.page(''))
  await openEngine(page)
  const seen = await page.evaluate(async () => {
    const told: string[] = []
    const engine = await window.similarItems.SimilarityEngine.open({
      engine: '/api/similar',
      catalog: '/catalog.json',
      heicDecoder: '/heic/decoder.js',
      onProgress: (progress) => told.push(JSON.stringify(progress)),
    })
    const events: string[] = []
    engine.addEventListener('progress', ({ progress }) => events.push(JSON.stringify(progress)))
    engine.addEventListener('warning', (event) => event.preventDefault())
    const { width, height } = await engine.preview('/photo.heic')
    await engine.prepare()
    await engine.close()
    const code = (error: { code: string }) => error.code
    const after = await Promise.all([
      engine.similarTo('sku-01').catch(code),
      engine.search({ items: ['sku-01'] }).catch(code),
      engine.preview('/photo.heic').catch(code),
      engine.searchByImage('/photo.heic').catch(code),
    ])
    return { size: [width, height], told, events, after }
  })
  expect(seen.size).toEqual([96, 64])
  expect(seen.told.length).toBeGreaterThan(0)
  expect(seen.told).toEqual(seen.events)
  expect(seen.after).toEqual(Array(4).fill('engine-closed'))
})

const ladder: [rung: string, attributes: string, loads: RegExp][] = [
  ['neighbour files', 'neighbors="/neighbors/{hash:2}.json" catalog="/catalog.json"', /^\/neighbors\//],
  ['the pack', 'catalog="/catalog.json"', /^\/pack-/],
]
for (const fault of [{ kind: 'status', status: 503 }, { kind: 'hang' }, { kind: 'html' }] as const) {
  // A server that hangs is as one that fails, once it is given up.
  for (const [rung, attributes, loads] of fault.kind === 'status' ? ladder : ladder.slice(1)) {
    test(`where the engine ${fault.kind === 'hang' ? 'hangs' : `answers with ${fault.kind}`}, ${rung} answers, and a warning says why`, async ({
      page,
      shop,
    }) => {
      await serveEngine(shop)
      const shard = hashOfId('sku-01').slice(0, 2)
      shop.write(`/neighbors/${shard}.json`, JSON.stringify({ 'sku-01': [['sku-02', 0.5]] }))
      shop.fault('/api/similar', fault)
      await page.addInitScript(() => {
        document.addEventListener('si-error', ({ error }) => {
          document.documentElement.dataset.error = error.code
        })
      })
      await openShop(page, shop, element(attributes))
      await results(page)
      expect(paths(shop).some((path) => loads.test(path))).toBe(true)
      const code = { status: 'engine-unreachable', hang: 'engine-timeout', html: 'engine-invalid' }[
        fault.kind
      ]
      expect(await page.evaluate(() => document.documentElement.dataset.error)).toBe(code)
    })
  }
}

test('with nothing else to ask, a failing engine leaves the shop’s own links, and an error', async ({
  page,
  shop,
}) => {
  await serveEngine(shop)
  shop.fault('/api/similar', { kind: 'status', status: 500 })
  await openShop(page, shop, element(''))
  await page.waitForFunction(() => document.querySelector('similar-items')?.state === 'error')
  await expect(page.getByRole('link', { name: 'All' })).toBeVisible()
})

test('from code: filters, items with weights, a server that is down', async ({ page, shop }) => {
  await serveEngine(shop, { filters: { price: { attribute: 'price', kind: 'number' } } })
  await page.goto(shop.page(''))
  await openEngine(page)
  shop.allowErrors(/item=nothing/)
  const lists = await page.evaluate(async () => {
    const { SimilarityEngine } = window.similarItems
    const ids = (list: { hits: readonly { product: { id: string } }[] }) =>
      list.hits.map(({ product }) => product.id)
    const remote = await SimilarityEngine.open({ engine: '/api/similar?price=..15' })
    const filtered = ids(await remote.similarTo('sku-01', { limit: 2, filter: ({ id }) => id !== 'sku-02' }))
    const items = ids(await remote.search({ items: ['sku-01', 'sku-03'], weights: [2, 1] }, { limit: 3 }))
    const unknown = await remote.similarTo('nothing').catch((error: { code: string }) => error.code)
    await remote.close()
    const closed = await remote.similarTo('sku-01').catch((error: { code: string }) => error.code)
    return { filtered, items, unknown, closed, products: await remote.products() }
  })
  expect(lists.filtered).toHaveLength(2)
  // Those for up to 15 EUR, without what the page leaves out, or asks about.
  for (const id of lists.filtered) expect(['sku-03', 'sku-04', 'sku-05', 'sku-06']).toContain(id)
  for (const id of lists.items) expect(['sku-02', 'sku-04', 'sku-05', 'sku-06']).toContain(id)
  expect(lists.unknown).toBe('product-unknown')
  expect(lists.products).toEqual([])
  shop.fault('/api/similar', { kind: 'status', status: 503 })
  const fallen = await page.evaluate(async (photo) => {
    const warnings: string[] = []
    const engine = await window.similarItems.SimilarityEngine.open({
      engine: '/api/similar',
      catalog: '/catalog.json',
    })
    engine.addEventListener('warning', (event) => {
      event.preventDefault()
      warnings.push(event.error.code)
    })
    const item = await engine.similarTo('sku-01')
    const picture = await engine.searchByImage(photo)
    await engine.close()
    return { warnings, item: item.hits.length, picture: picture.hits.length }
  }, `/photos/${shop.photos[0]}`)
  expect(fallen).toEqual({ warnings: ['engine-unreachable'], item: 7, picture: 8 })
})
