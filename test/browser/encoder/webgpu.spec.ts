import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { openEngine } from '../engine/engine-page.js'
import { expect, test } from '../harness.js'
import config from '../playwright.config.js'

const { launchOptions } = config.use ?? {}

// Chromium's software adapter: right, and slow. `WEBGPU=software` runs the model of the package on it, for minutes.
test.use({
  launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), '--enable-unsafe-webgpu'] },
})

const root = fileURLToPath(new URL('../../../', import.meta.url))
const golden = JSON.parse(readFileSync(`${root}test/fixtures/reference/golden.json`, 'utf8')) as {
  images: Record<string, { embedding: number[] }>
}

/** Skips a test where the adapter is a program, too slow for it, unless that is asked for. */
async function skipSoftware(page: Page): Promise<void> {
  const isSoftware = await page.evaluate(async () => {
    const { info } = (await navigator.gpu?.requestAdapter()) ?? {}
    return Boolean(info?.isFallbackAdapter) || /swiftshader|llvmpipe/i.test(JSON.stringify(describe(info)))

    function describe(value?: GPUAdapterInfo) {
      return [value?.vendor, value?.architecture, value?.device, value?.description]
    }
  })
  test.skip(
    isSoftware && process.env.WEBGPU !== 'software',
    'the WebGPU adapter is a program that needs minutes for the model of the package: WEBGPU=software runs it',
  )
}

function hasAdapter(page: Page): Promise<boolean> {
  return page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()))
}

test('WebGPU runs full precision, checks itself, and agrees with transformers', async ({ page, shop }) => {
  test.setTimeout(300_000)
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  test.skip(!(await hasAdapter(page)), 'this browser has no WebGPU adapter')
  await skipSoftware(page)
  await openEngine(page, { backend: 'webgpu' })
  const photos = shop.photos.slice(0, 2)
  const { vectors, status } = await page.evaluate(async (names) => {
    const vectors: number[][] = []
    for (const name of names) vectors.push([...(await window.engine.embed(`/photos/${name}`)).vector])
    return { vectors, status: window.engine.status }
  }, photos)
  const cosines = photos.map((photo, index) =>
    cosineSimilarity(vectors[index] as number[], golden.images[photo]?.embedding as number[]),
  )
  console.log(
    `WebGPU fp16 storage: cosine to transformers over 2 photos, worst ${Math.min(...cosines).toFixed(6)}`,
  )
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9999)
  expect(status.backend).toBe('webgpu')
  // 8-bit weights are never given to WebGPU.
  expect(status.modelFile).toContain('vision_model_fp16.onnx')
  expect(shop.requests('_quantized')).toEqual([])
})

test('a software adapter is passed over, and the kernel runs', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  test.skip(!(await hasAdapter(page)), 'this browser has no WebGPU adapter')
  await openEngine(page, { backend: 'auto' })
  await page.evaluate(() => window.engine.sync())
  expect(await page.evaluate(() => window.engine.status.backend)).toBe('kernel')
  expect(shop.requests('jspi')).toEqual([])
})

test('WebGPU works under a strict Content-Security-Policy', async ({ page, shop }) => {
  test.setTimeout(300_000)
  shop.photoCatalog(2)
  await page.goto(shop.page('', { csp: true }))
  test.skip(!(await hasAdapter(page)), 'this browser has no WebGPU adapter')
  await openEngine(page, { backend: 'webgpu', model: await shop.model() })
  await page.evaluate(() => window.engine.sync())
  const { backend, rejectedBackends } = await page.evaluate(() => window.engine.status)
  expect({ backend, rejectedBackends }).toEqual({ backend: 'webgpu', rejectedBackends: [] })
})

test('a GPU that is lost is replaced by WASM in the middle of the work', async ({ page, shop, browser }) => {
  test.setTimeout(300_000)
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  test.skip(!(await hasAdapter(page)), 'this browser has no WebGPU adapter')
  const model = await shop.model()
  await openEngine(page, { backend: 'webgpu', model })
  const photo = `/photos/${shop.photos[0]}`
  // A new blob each time: what the engine remembers of a photo needs no GPU.
  const embed = () =>
    page.evaluate(async (url) => {
      const image = await (await fetch(url)).blob()
      return [...(await window.engine.embed(image)).vector]
    }, photo)
  const before = await embed()
  expect(await page.evaluate(() => window.engine.status.backend)).toBe('webgpu')

  const session = await browser.newBrowserCDPSession()
  // Without a window ONNX Runtime says so on the console when its GPU is gone.
  shop.allowErrors(/Aborted\(\)/)
  // The GPU process dies before it can answer the command that ends it.
  await session.send('Browser.crashGpuProcess').catch(() => undefined)
  const after = await embed()
  const status = await page.evaluate(() => window.engine.status)
  expect(status.backend).toBe('wasm')
  expect(status.warnings.join()).toContain('webgpu failed while it ran')
  expect(cosineSimilarity(before, after)).toBeGreaterThanOrEqual(0.99)
})
