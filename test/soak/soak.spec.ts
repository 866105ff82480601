import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { openEngine } from '../browser/engine/engine-page.js'
import { expect, test } from '../browser/harness.js'
import { HeapProbe } from './heap-usage.js'

const searches = Number(process.env.SOAK_SEARCHES ?? 1000)
const samplesWanted = 10
/** What may come in the first searches, and what may not come afterwards, in bytes. */
const warmUp = 0.2
const growthAllowed = 3e6

test('a long visit: memory of page and worker stays flat', async ({ page, browser, shop }) => {
  test.setTimeout(60_000 + searches * 2000)
  shop.photoCatalog(20)
  const probe = await HeapProbe.open(page)
  await page.goto(shop.page('<similar-items catalog="/catalog.json" item="sku-01"></similar-items>'))
  await openEngine(page, { backend: 'auto' })
  await page.evaluate(() => window.engine.sync())
  const samples: Sample[] = []
  const started = Date.now()
  const every = Math.max(1, Math.round(searches / samplesWanted))
  for (let done = 0; done < searches; done += every) {
    await page.evaluate(search, { from: done, to: Math.min(done + every, searches), photos: shop.photos })
    const [ofPage, ofWorker] = [await probe.page(), await probe.worker()]
    const sample = {
      searches: Math.min(done + every, searches),
      page: ofPage.heap,
      pageBuffers: ofPage.buffers,
      worker: ofWorker.heap,
      workerBuffers: ofWorker.buffers,
    }
    samples.push(sample)
    console.log(JSON.stringify(sample))
  }
  const seconds = Math.round((Date.now() - started) / 1000)
  const first = samples.find(({ searches: count }) => count >= searches * warmUp) as Sample
  const last = samples.at(-1) as Sample
  const growth = {
    page: last.page + last.pageBuffers - first.page - first.pageBuffers,
    worker: last.worker + last.workerBuffers - first.worker - first.workerBuffers,
  }
  console.log(`growth after the first ${first.searches} searches: ${JSON.stringify(growth)} bytes`)
  if (process.env.SOAK_RECORD) {
    const machine = {
      cpu: cpus()[0]?.model ?? '',
      cores: cpus().length,
      browser: `Chromium ${browser.version()}`,
    }
    const date = new Date().toISOString().slice(0, 10)
    const folder = new URL('../bench/results/', import.meta.url)
    mkdirSync(folder, { recursive: true })
    const report = { date, machine, searches, seconds, growth, samples }
    writeFileSync(new URL('soak.json', folder), `${JSON.stringify(report, null, 2)}\n`)
  }
  expect(await page.evaluate(() => window.engine.status.backend)).not.toBeNull()
  expect(growth.page).toBeLessThan(growthAllowed)
  expect(growth.worker).toBeLessThan(growthAllowed)
})

interface Sample {
  readonly searches: number
  readonly page: number
  readonly pageBuffers: number
  readonly worker: number
  readonly workerBuffers: number
}

/** Runs in the page: searches as shoppers do: by photo, by parts of it, by product, with filters, and given up. */
async function search({ from, to, photos }: { from: number; to: number; photos: readonly string[] }) {
  const { engine } = window
  for (let count = from; count < to; count++) {
    const photo = `/photos/${photos[count % photos.length]}`
    const kind = count % 5
    if (kind === 0) await engine.similarTo(`sku-${String((count % 20) + 1).padStart(2, '0')}`)
    else if (kind === 1) {
      const crop = { x: (count % 7) / 20, y: 0.1, width: 0.5, height: 0.6 }
      await engine.searchByImage(photo, { crop })
    } else if (kind === 2) {
      const blob = await (await fetch(photo)).blob()
      await engine.searchByImage(blob, { filter: ({ id }) => id !== 'sku-03' })
    } else if (kind === 3) {
      const abandoned = engine.searchByImage(photo, { signal: AbortSignal.timeout(count % 40) })
      await abandoned.catch((error: { name: string }) => {
        if (error.name !== 'TimeoutError') throw error
      })
    } else await engine.searchByImage(photo)
  }
}
