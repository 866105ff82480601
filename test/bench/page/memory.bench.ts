import { loadPackage, modelPath } from '../../browser/engine/engine-page.js'
import { test } from '../../browser/harness.js'
import { publish, type Row } from '../results-file.js'

const encodes = 500

test('memory over 500 encodes', async ({ page, browser, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page('', { isolate: true }))
  await loadPackage(page)
  const samples = await page.evaluate(
    async ({ photos, encodes, modelPath }) => {
      const measure = (
        performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }
      ).measureUserAgentSpecificMemory.bind(performance)
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog: '/catalog.json',
        model: modelPath,
        backend: 'wasm',
        storage: 'memory',
      })
      const all: { encodes: number; megabytes: number }[] = []
      for (let count = 1; count <= encodes; count++) {
        await engine.embed(photos[count % photos.length] as string)
        // Each measurement waits for a garbage collection, some 20 seconds.
        if ([50, 200, 350, 500].includes(count))
          all.push({ encodes: count, megabytes: (await measure()).bytes / 1e6 })
      }
      return all
    },
    { photos: shop.photos.map((photo) => `/photos/${photo}`), encodes, modelPath },
  )
  const [start, ...rest] = samples
  if (!start) throw new Error('nothing was measured')
  const last = rest.at(-1)?.megabytes ?? Number.NaN
  const growth = last - start.megabytes
  const rows: Row[] = [
    ...samples.map(({ encodes, megabytes }) => ({
      what: `page and worker after ${encodes} encodes`,
      value: `${megabytes.toFixed(1)} MB`,
    })),
    {
      what: 'growth after the first 50',
      value: `${growth.toFixed(1)} MB`,
      target: '<= 5 MB',
      met: growth <= 5,
    },
  ]
  publish('memory', rows, samples, `Chromium ${browser.version()}`)
})
