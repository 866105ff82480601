import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { endWorkerDuringSync, keepWorkers } from '../engine/dying-worker.js'
import type * as Kernels from '../entries/scan-kernels.js'
import { openEngine, similarTo } from './engine-page.js'
import { golden } from './golden.js'
import { expect, openPage, test } from './harness.js'

const heavy = /\/ort[.-]|\.wasm$|\.onnx$|\/models\/|\/photos\//

test('vectors that ONNX Runtime makes in the page agree with transformers', async ({ tab, shop }) => {
  shop.photoCatalog(1)
  const photos = shop.photos.filter((_, index) => index % 4 === 0)
  await openPage(tab, shop)
  await openEngine(tab, { backend: 'wasm' })
  const vectors = await tab.evaluate(async (photos) => {
    const vectors: number[][] = []
    for (const photo of photos) vectors.push([...(await window.engine.embed(`/photos/${photo}`)).vector])
    return vectors
  }, photos)
  const cosines = photos.map((photo, index) =>
    cosineSimilarity(vectors[index] as number[], golden(photo).embedding),
  )
  const worst = Math.min(...cosines)
  const { backend, threads } = await tab.evaluate(() => window.engine.status)
  console.log(
    `WASM int8, ${threads} thread: cosine to transformers over ${photos.length} photos, worst ${worst.toFixed(6)}`,
  )
  expect(cosines).toHaveLength(14)
  expect(backend).toBe('wasm')
  expect(worst).toBeGreaterThanOrEqual(0.99)
})

test('on an isolated page ONNX Runtime has one thread: those that it starts may never start', async ({
  tab,
  shop,
  testedName,
}) => {
  shop.photoCatalog(2)
  await openPage(tab, shop, '', { isolate: true })
  // Not even where they are asked for.
  await openEngine(tab, { backend: 'wasm', ...(testedName === 'firefox' && { threads: 2 }) })
  const vector = await tab.evaluate(
    async (photo) => [...(await window.engine.embed(`/photos/${photo}`)).vector],
    shop.photos[0],
  )
  const { backend, threads, warnings } = await tab.evaluate(() => window.engine.status)
  expect({ backend, threads, warnings }).toEqual({ backend: 'wasm', threads: 1, warnings: [] })
  expect(cosineSimilarity(vector, golden(shop.photos[0] as string).embedding)).toBeGreaterThanOrEqual(0.99)
})

test('a second visit answers without ONNX Runtime, model or pictures', async ({ tab, shop }) => {
  shop.photoCatalog(6)
  const url = await openPage(tab, shop)
  await openEngine(tab)
  await tab.evaluate(() => window.engine.sync())
  const first = await similarTo(tab, 'sku-01')
  expect(first.hits).toHaveLength(5)
  await tab.evaluate(() => window.engine.close())

  shop.clearLog()
  await tab.goto(url)
  await openEngine(tab)
  expect(await similarTo(tab, 'sku-01')).toEqual(first)
  const { vectors, encoder, storage } = await tab.evaluate(() => window.engine.status)
  expect({ vectors, encoder, storage }).toEqual({
    vectors: { stored: 6, encoded: 0 },
    encoder: 'idle',
    storage: 'indexeddb',
  })
  expect(shop.log.map(({ path }) => path).filter((path) => heavy.test(path))).toEqual([])
})

test('two tabs do not encode the same pictures', async ({ tab, shop }) => {
  shop.photoCatalog(8)
  const url = await openPage(tab, shop)
  const other = await tab.openTab()
  await other.goto(url)
  await openEngine(tab)
  await openEngine(other)
  // Not one after the other: the first is begun, not awaited.
  await tab.evaluate(() => {
    Object.assign(window, { synced: window.engine.sync() })
  })
  const reports = [
    await other.evaluate(() => window.engine.sync()),
    await tab.evaluate(() => (window as unknown as { synced: ReturnType<typeof window.engine.sync> }).synced),
  ]
  expect(reports.map(({ encoded }) => encoded).toSorted((a, b) => a - b)).toEqual([0, 8])
  const lists = [await similarTo(tab, 'sku-03'), await similarTo(other, 'sku-03')]
  expect(lists[0]?.ranked).toBe(8)
  expect(lists[1]).toEqual(lists[0])
  expect(shop.requests('/photos/')).toHaveLength(8)
})

test('a worker that dies rejects its calls, and the next call starts a new one', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openPage(tab, shop)
  await tab.evaluate(keepWorkers)
  await openEngine(tab)
  const result = await tab.evaluate(endWorkerDuringSync)
  expect(result).toEqual({ code: 'worker-died', total: 3, workers: 2 })
})

test('calls of a closed engine reject, also those under way', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openPage(tab, shop)
  await openEngine(tab)
  const codes = await tab.evaluate(async () => {
    const code = (error: { code: string }) => error.code
    const underWay = window.engine.sync().catch(code)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await window.engine.close()
    return [await underWay, await window.engine.similarTo('sku-01').catch(code)]
  })
  expect(codes).toEqual(['engine-closed', 'engine-closed'])
})

test('scripts from another origin start their worker through a blob', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  shop.cdn.cors = true
  await openPage(tab, shop)
  await openEngine(tab, { assets: `${shop.cdn.origin}/dist/` })
  await tab.evaluate(() => window.engine.sync())
  expect((await similarTo(tab, 'sku-01')).hits).toHaveLength(1)
})

test('the scan gives the same lists with every kernel, to the bit', async ({ tab, shop, testedName }) => {
  await openPage(tab, shop)
  const entry = shop.url(await shop.entry('scan-kernels'))
  const { all, chosen, lists } = await tab.evaluate(async (entry) => {
    const { kernelNames, listsByKernel } = (await import(entry)) as typeof Kernels
    const lists = (['int8', 'float32'] as const).flatMap((format) =>
      [5, 128, 192, 333].map((dimensions) => listsByKernel({ format, dimensions, rows: 999 })),
    )
    return { ...kernelNames(), lists }
  }, entry)
  // WebKitGTK 2.50 has no relaxed SIMD.
  const kernels = testedName === 'webkit' ? ['simd', 'javascript'] : ['relaxed-simd', 'simd', 'javascript']
  expect({ all, chosen }).toEqual({ all: kernels, chosen: kernels[0] })
  expect(lists).toHaveLength(8)
  for (const [first, ...others] of lists) {
    expect(JSON.parse(first ?? '[]')).toHaveLength(5)
    for (const other of others) expect(other).toBe(first)
  }
})
