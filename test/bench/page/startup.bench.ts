import type { Browser, Page } from '@playwright/test'
import { loadPackage, modelPath } from '../../browser/engine/engine-page.js'
import { type Shop, test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { inNewProfile } from './new-profile.js'

const profiles = 5
const backends = ['kernel', 'wasm'] as const
type Backend = (typeof backends)[number]

test('engine opened to first vector, the bytes being there: kernel against ONNX Runtime', async ({
  browser,
  shop,
}) => {
  shop.photoCatalog(1)
  const samples: Record<Backend, { cold: number; second: number }[]> = { kernel: [], wasm: [] }
  for (let round = 0; round < profiles; round++) {
    for (const backend of backends) samples[backend].push(await measure(browser, shop, backend))
  }
  const of = (backend: Backend, visit: 'cold' | 'second') =>
    median(samples[backend].map((sample) => sample[visit]))
  const rows: Row[] = [
    { what: 'cold: kernel', value: milliseconds(of('kernel', 'cold')) },
    { what: 'cold: ONNX Runtime', value: milliseconds(of('wasm', 'cold')) },
    ratioRow('cold: kernel against ONNX Runtime', of('kernel', 'cold') / of('wasm', 'cold'), { atMost: 0.3 }),
    { what: 'second visit: kernel', value: milliseconds(of('kernel', 'second')) },
    { what: 'second visit: ONNX Runtime', value: milliseconds(of('wasm', 'second')) },
    ratioRow('second visit: kernel against ONNX Runtime', of('kernel', 'second') / of('wasm', 'second'), {
      atMost: 0.15,
    }),
  ]
  publish('startup', rows, { samples }, `Chromium ${browser.version()}`)
})

/** Two visits of a new browser profile; what the server sends comes from this machine. */
function measure(browser: Browser, shop: Shop, backend: Backend) {
  return inNewProfile(browser, async (page) => {
    return { cold: await visit(page, shop, backend), second: await visit(page, shop, backend) }
  })
}

/** Milliseconds from opening an engine to the vector of a photo. */
async function visit(page: Page, shop: Shop, backend: Backend): Promise<number> {
  await page.goto(shop.page(''))
  await loadPackage(page)
  return page.evaluate(
    async ({ backend, model, photo }) => {
      const picture = await (await fetch(photo)).blob()
      const started = performance.now()
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog: '/catalog.json',
        model,
        backend,
      })
      await engine.embed(picture)
      const took = performance.now() - started
      await engine.close()
      return took
    },
    { backend, model: modelPath, photo: `/photos/${shop.photos[0]}` },
  )
}
