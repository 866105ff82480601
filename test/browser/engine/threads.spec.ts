import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { expect, type Shop, test } from '../harness.js'
import { openEngine, type SendableOptions } from './engine-page.js'

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url))
const glue = 'ort-wasm-simd-threaded.mjs'

/** Serves the package's scripts where ONNX Runtime's threads, which begin by running `statement`, do not start. */
function serveWithoutThreads(shop: Shop, statement: string): string {
  for (const { name } of readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile())) {
    const isScript = /\.(js|mjs|wasm)$/.test(name) && !name.includes('jspi')
    if (isScript) shop.write(`/phone/${name}`, readFileSync(dist + name))
  }
  const script = readFileSync(dist + glue, 'utf8')
  const guard = `if (globalThis.name?.startsWith('em-pthread')) ${statement}\n`
  shop.write(`/phone/${glue}`, guard + script)
  return '/phone/'
}

/** Serves the package with a worker whose script begins by running `statement`. */
function serveWorker(shop: Shop, statement: string): string {
  for (const { name } of readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile())) {
    if (name.endsWith('.js')) shop.write(`/kernel/${name}`, readFileSync(dist + name))
  }
  shop.write('/kernel/worker.js', `${statement}\n${readFileSync(`${dist}worker.js`, 'utf8')}`)
  return '/kernel/'
}

/** Vectors of the first photos, by an engine of its own. */
async function embed(page: Page, shop: Shop, options: SendableOptions, threads: number): Promise<number[][]> {
  await openEngine(page, { backend: 'kernel', ...options })
  const vectors = await page.evaluate(
    async ({ photos, threads }) => {
      const vectors: number[][] = []
      for (const photo of photos) {
        vectors.push([...(await window.engine.embed(`/photos/${photo}`)).vector])
        // Threads come when they are there: all other photos are for as many as were asked for.
        for (let waits = 0; window.engine.status.threads !== threads && waits < 300; waits++) {
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      return vectors
    },
    { photos: shop.photos.slice(0, 4), threads },
  )
  expect(await page.evaluate(() => window.engine.status)).toMatchObject({ backend: 'kernel', threads })
  return vectors
}

test('the kernel computes the same bits with one, two and four threads', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page('', { isolate: true, csp: true }))
  const vectors: number[][][] = []
  for (const threads of [1, 2, 4]) {
    vectors.push(await embed(page, shop, { threads }, threads))
    expect(await page.evaluate(() => window.engine.status.warnings)).toEqual([])
    await page.evaluate(() => window.engine.close())
  }
  expect(vectors[1]).toEqual(vectors[0])
  expect(vectors[2]).toEqual(vectors[0])
})

test('where the page is not isolated, the kernel has one thread', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await embed(page, shop, { threads: 2 }, 1)
  expect(await page.evaluate(() => window.engine.status.warnings)).toEqual([])
  expect(shop.requests('/dist/worker.js')).toHaveLength(1)
})

test('threads of the kernel start from another origin', async ({ page, shop }) => {
  shop.photoCatalog(2)
  shop.cdn.cors = true
  await page.goto(shop.page('', { isolate: true }))
  await embed(page, shop, { assets: `${shop.cdn.origin}/dist/`, threads: 2 }, 2)
})

test('threads of the kernel start under Trusted Types', async ({ page, shop }) => {
  shop.photoCatalog(2)
  const policy = "require-trusted-types-for 'script'; trusted-types similar-items"
  const assets = serveWorker(shop, '')
  shop.write('/kernel/worker.js', readFileSync(`${dist}worker.js`), { 'content-security-policy': policy })
  await page.goto(shop.page('', { isolate: true }))
  await embed(page, shop, { assets, threads: 2 }, 2)
  expect(await page.evaluate(() => window.engine.status.warnings)).toEqual([])
})

const inThreads = (statement: string) => `if (globalThis.name === 'similar-items-kernel') { ${statement} }`
const kernelFailures = {
  'do not start': inThreads("throw new RangeError('out of memory')"),
  'never start': inThreads('await new Promise(() => undefined)'),
  'fail in the middle of a photo': inThreads(`
    const { sub } = Atomics
    let jobs = 0
    Atomics.sub = (...given) => { if (++jobs > 40) throw new RangeError('out of memory'); return sub(...given) }`),
  'have no memory to share': `
    const { Memory } = WebAssembly
    WebAssembly.Memory = function (options) {
      if (options.shared) throw new RangeError('out of memory')
      return new Memory(options)
    }`,
}

for (const [what, statement] of Object.entries(kernelFailures)) {
  test(`where threads of the kernel ${what}, one thread computes the same`, async ({ page, shop }) => {
    shop.photoCatalog(2)
    shop.allowErrors(/out of memory/)
    const assets = serveWorker(shop, statement)
    await page.goto(shop.page('', { isolate: true }))
    const vectors = await embed(page, shop, { assets, threads: 3 }, 1)
    // Of those that never start nobody waits to hear.
    if (what !== 'never start') {
      const warnings = await page.evaluate(() => window.engine.status.warnings)
      expect(warnings).toEqual([expect.stringContaining('The kernel runs on one thread')])
    }
    await page.evaluate(() => window.engine.close())
    expect(vectors).toEqual(await embed(page, shop, { threads: 1 }, 1))
  })
}

const failures = {
  'fail to start': "throw new RangeError('out of memory')",
  'never start': 'await new Promise(() => undefined)',
}

for (const [what, statement] of Object.entries(failures)) {
  test(`where threads ${what}, one thread does the work`, async ({ page, shop }) => {
    shop.photoCatalog(2)
    // ONNX Runtime throws away what its thread said, in an event without a message.
    shop.allowErrors(/out of memory|^$/)
    const assets = serveWithoutThreads(shop, statement)
    await page.goto(shop.page('', { isolate: true }))
    await openEngine(page, { backend: 'wasm', assets, threads: 2 })
    const embed = () =>
      page.evaluate(async (url) => [...(await window.engine.embed(url)).vector], `/photos/${shop.photos[0]}`)
    const vector = await embed()
    const status = await page.evaluate(() => window.engine.status)
    expect(status).toMatchObject({ backend: 'wasm', threads: 1, encoder: 'ready' })
    expect(status.rejectedBackends.join()).toContain('wasm with 2 threads')

    // The same as where there are no threads at all.
    await page.goto(shop.page(''))
    await openEngine(page, { backend: 'wasm' })
    expect(cosineSimilarity(vector, await embed())).toBeGreaterThan(0.9999)
  })
}
