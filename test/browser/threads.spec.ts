import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cosineSimilarity } from '../../src/vectors/normalize.js'
import { openEngine } from './engine-page.js'
import { expect, type Shop, test } from './harness.js'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
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
    await openEngine(page, { assets, threads: 2 })
    const embed = () =>
      page.evaluate(async (url) => [...(await window.engine.embed(url)).vector], `/photos/${shop.photos[0]}`)
    const vector = await embed()
    const status = await page.evaluate(() => window.engine.status)
    expect(status).toMatchObject({ backend: 'wasm', threads: 1, encoder: 'ready' })
    expect(status.rejectedBackends.join()).toContain('wasm with 2 threads')

    // The same as where there are no threads at all.
    await page.goto(shop.page(''))
    await openEngine(page)
    expect(cosineSimilarity(vector, await embed())).toBeGreaterThan(0.9999)
  })
}
