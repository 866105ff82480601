import type { Page } from '@playwright/test'
import { expect, test } from '../harness.js'
import { endWorkerDuringSync, keepWorkers } from './dying-worker.js'
import { type Failure, loadPackage, modelPath, openEngine } from './engine-page.js'

/** Opens an engine that cannot be opened and returns what it says. */
async function failToOpen(page: Page, catalog: unknown): Promise<Failure> {
  await loadPackage(page)
  return page.evaluate(async (source) => {
    try {
      await window.similarItems.SimilarityEngine.open({ catalog: source as string })
    } catch (error) {
      const { name, code, message } = error as Failure
      return { name, code, message }
    }
    throw new Error('the engine opened')
  }, catalog)
}

/** Asks for the products similar to `id`, which must fail. */
function failToRank(page: Page, id = 'sku-01'): Promise<Failure> {
  return page.evaluate(async (product) => {
    try {
      await window.engine.similarTo(product)
    } catch (error) {
      const { name, code, message } = error as Failure
      return { name, code, message }
    }
    throw new Error('the question was answered')
  }, id)
}

test('a feed that is a web page is explained with its address', async ({ page, shop }) => {
  shop.fault('/catalog.json', { kind: 'html' })
  await page.goto(shop.page(''))
  const failure = await failToOpen(page, '/catalog.json')
  expect(failure).toMatchObject({ name: 'SimilarItemsError', code: 'catalog-invalid' })
  expect(failure.message).toContain(shop.url('/catalog.json'))
  expect(failure.message).toContain('web page')
})

test('a feed that is missing, or broken off, is explained', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const rule = shop.fault('/catalog.json', { kind: 'status', status: 503 })
  await page.goto(shop.page(''))
  expect(await failToOpen(page, '/catalog.json')).toMatchObject({ code: 'catalog-unreachable' })
  rule.remove()
  shop.fault('/catalog.json', { kind: 'truncate', after: 40 })
  expect(await failToOpen(page, '/catalog.json')).toMatchObject({ code: 'catalog-unreachable' })
})

test('wrong options are refused with their name', async ({ page, shop }) => {
  await page.goto(shop.page(''))
  for (const catalog of [undefined, null, 7, '', {}]) {
    const failure = await failToOpen(page, catalog)
    expect(failure.code).toBe('invalid-argument')
    expect(failure.message).toContain('catalog')
  }
})

const modelFaults = [
  { fault: { kind: 'status', status: 404 }, at: 'config.json', code: 'model-unreachable' },
  { fault: { kind: 'html' }, at: `${modelPath}config.json`, code: 'model-unreachable' },
  { fault: { kind: 'html' }, at: 'preprocessor_config.json', code: 'model-unreachable' },
  { fault: { kind: 'corrupt', at: 0 }, at: 'self-check.json', code: 'model-invalid' },
  { fault: { kind: 'html' }, at: '.onnx', code: 'model-unreachable' },
  { fault: { kind: 'status', status: 404 }, at: '.onnx', code: 'model-unreachable' },
  { fault: { kind: 'truncate', after: 100_000 }, at: '.onnx', code: 'model-unreachable' },
  { fault: { kind: 'corrupt', at: 1_000_000 }, at: '.onnx', code: 'model-corrupt' },
  { fault: { kind: 'html' }, at: 'threaded.wasm', code: 'runtime-unreachable' },
  { fault: { kind: 'status', status: 404 }, at: 'ort.wasm.min', code: 'runtime-unreachable' },
] as const

for (const { fault, at, code } of modelFaults) {
  test(`a model whose ${at} is ${fault.kind} is explained, and found once it is well`, async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(2)
    await page.goto(shop.page(''))
    const rule = shop.fault(at, fault)
    await openEngine(page, { storage: 'memory', backend: /onnx|wasm/.test(at) ? 'wasm' : 'auto' })
    const failure = await failToRank(page)
    expect(failure).toMatchObject({ name: 'SimilarItemsError', code })
    expect(failure.message).toContain(at.replace(modelPath, ''))
    rule.remove()
    // The same engine answers once the fault is gone.
    expect(await page.evaluate(async () => (await window.engine.similarTo('sku-01')).total)).toBe(2)
  })
}

test('pictures that cannot be used cost only themselves, counted with reasons', async ({ page, shop }) => {
  const items = JSON.parse('[]') as { id: string; title: string; image_link: string }[]
  const add = (id: string, image_link: string) => items.push({ id, title: id, image_link })
  add('good-1', `/photos/${shop.photos[0]}`)
  add('good-2', `/photos/${shop.photos[1]}`)
  add('missing', '/pictures/none.jpg')
  add('text', shop.write('/pictures/text.jpg', 'not a picture'))
  add('page', shop.write('/pictures/page.jpg', '<!doctype html><title>Hello</title>'))
  add('empty', shop.write('/pictures/empty.jpg', ''))
  add('huge', shop.write('/pictures/huge.png', pngHeader(20_000, 20_000)))
  add('cut', `/photos/${shop.photos[2]}`)
  const cut = shop.fault(shop.photos[2] as string, { kind: 'truncate', after: 2000 })
  shop.write('/catalog.json', JSON.stringify([...items, { id: 'no-image', title: 'no image' }]))
  shop.allowErrors('/pictures/none.jpg')

  await page.goto(shop.page(''))
  await openEngine(page)
  const report = await page.evaluate(() => window.engine.sync())
  expect(report).toEqual({ products: 8, encoded: 2, skipped: 6 })
  const { skipped } = await page.evaluate(() => window.engine.status)
  for (const { id, reason } of skipped) console.log(`${id}: ${reason}`)
  expect(skipped.map(({ id }) => id).sort()).toEqual(
    ['no-image', 'missing', 'text', 'page', 'empty', 'huge', 'cut'].sort(),
  )
  for (const { reason } of skipped) expect(reason).toMatch(/\w.*\.$/)
  const list = await page.evaluate(() => window.engine.similarTo('good-1'))
  expect(list.hits.map(({ product }) => product.id)).toEqual(['good-2'])
  // What broke off may still come, and then does; the rest does not.
  expect(list.complete).toBe(false)
  cut.remove()
  const complete = () => page.evaluate(() => window.engine.similarTo('good-1'))
  await expect.poll(complete, { timeout: 60_000 }).toMatchObject({ ranked: 3, complete: true })
  expect(await failToRank(page, 'huge')).toMatchObject({ code: 'product-not-encodable' })
  expect(await failToRank(page, 'no-image')).toMatchObject({ code: 'product-unknown' })
  expect(await failToRank(page, 'nowhere')).toMatchObject({ code: 'product-unknown' })
})

test('no items and one item make empty lists', async ({ page, shop }) => {
  await page.goto(shop.page(''))
  shop.write('/none.json', '[]')
  await openEngine(page, { catalog: '/none.json' })
  expect(await page.evaluate(() => window.engine.sync())).toEqual({ products: 0, encoded: 0, skipped: 0 })
  expect(await failToRank(page)).toMatchObject({ code: 'product-unknown' })
  shop.photoCatalog(1)
  await openEngine(page, { catalog: '/catalog.json' })
  const list = await page.evaluate(() => window.engine.similarTo('sku-01'))
  expect(list.hits).toEqual([])
  expect(list.complete).toBe(true)
})

test('a call that is aborted rejects with the reason, and the engine goes on', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const rule = shop.fault('_int7.safetensors', { kind: 'hang', after: 1000 })
  await page.goto(shop.page(''))
  await openEngine(page)
  const reason = await page.evaluate(async () => {
    const controller = new AbortController()
    const answer = window.engine.similarTo('sku-01', { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('changed my mind')), 300)
    return answer.catch((error: Error) => error.message)
  })
  expect(reason).toBe('changed my mind')
  rule.remove()
  await page.evaluate(() => window.engine.close())
  await openEngine(page)
  expect(await page.evaluate(async () => (await window.engine.similarTo('sku-01')).total)).toBe(3)
})

test('calls of a closed engine reject, also those under way', async ({ page, shop }) => {
  shop.photoCatalog(3)
  await page.goto(shop.page(''))
  await openEngine(page)
  const codes = await page.evaluate(async () => {
    const code = (error: { code: string }) => error.code
    const underWay = window.engine.sync().catch(code)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await window.engine.close()
    return [await underWay, await window.engine.similarTo('sku-01').catch(code)]
  })
  expect(codes).toEqual(['engine-closed', 'engine-closed'])
})

test('a worker that dies rejects its calls, and the next call starts a new one', async ({ page, shop }) => {
  shop.photoCatalog(3)
  await page.addInitScript(keepWorkers)
  await page.goto(shop.page(''))
  await openEngine(page)
  const result = await page.evaluate(endWorkerDuringSync)
  expect(result).toEqual({ code: 'worker-died', total: 3, workers: 2 })
})

test('a worker script that is not there is explained', async ({ page, shop }) => {
  shop.photoCatalog(1)
  shop.fault('/dist/worker.js', { kind: 'status', status: 404 })
  shop.allowErrors('worker')
  await page.goto(shop.page(''))
  expect(await failToOpen(page, '/catalog.json')).toMatchObject({ code: 'worker-unavailable' })
})

/** A PNG that claims this size and holds nothing else. */
function pngHeader(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  bytes.writeUInt32BE(13, 8)
  bytes.write('IHDR', 12, 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  bytes.set([8, 2, 0, 0, 0], 24)
  return bytes
}
