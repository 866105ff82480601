import { openEngine } from './engine-page.js'
import { expect, openPage, test } from './harness.js'
import { webgpuPreferences } from './webgpu-preferences.js'

test.use({ preferences: { ...webgpuPreferences, 'javascript.options.wasm_js_promise_integration': false } })

test('where WebAssembly cannot wait for a GPU, WASM runs, and nothing is loaded in vain', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(2)
  await openPage(tab, shop)
  expect(await tab.evaluate(() => 'Suspending' in WebAssembly)).toBe(false)
  await openEngine(tab, { backend: 'webgpu', model: await shop.model() })
  await tab.evaluate(() => window.engine.sync())
  expect(await tab.evaluate(() => window.engine.status.backend)).toBe('wasm')
  expect(shop.requests('jspi')).toEqual([])
})
