import type * as Package from '../../src/index.js'
import { modelPath } from '../browser/engine/engine-page.js'
import { expect, openPage, test } from '../browser/other-browsers/harness.js'
import { ask, askUntilComplete, openShop } from './engine-page.js'
import { breakWorker, hastenClock } from './faulty-worker.js'

test('pictures that cannot be had for a while come later, and no list is complete before', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(6)
  const rule = shop.fault(/\/photos\/(?!.*1)/, { kind: 'status', status: 503 })
  shop.allowErrors('/photos/')
  await openShop(tab, shop, { storage: 'memory' })
  await tab.evaluate(() => window.engine.sync().catch(() => undefined))
  const before = await ask(tab)
  expect(before.answer?.complete ?? false).toBe(false)
  rule.remove()
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 6, total: 6 })
})

test('a picture of its own that cannot be had once is asked for again', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  shop.fault(`/photos/${shop.photos[0]}`, { kind: 'status', status: 503 }, 1)
  await openShop(tab, shop, { storage: 'memory' })
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
})

test('a picture of another host that cannot be had, then is refused to this origin, is there in the end', async ({
  tab,
  shop,
}) => {
  shop.cdn.cors = true
  const picture = `/photos/${shop.photos[0]}`
  const items = [0, 1].map((index) => {
    const image_link = `${shop.cdn.origin}/photos/${shop.photos[index]}`
    return { id: `sku-0${index + 1}`, title: 'of another host', image_link }
  })
  shop.write('/catalog.json', JSON.stringify(items))
  shop.fault(picture, { kind: 'status', status: 503 }, 1)
  // Pages of the shop's own origin may not be read from there: it sends no CORS headers.
  shop.fault(picture, { kind: 'redirect', to: shop.url('/elsewhere.jpg') }, 1)
  shop.allowErrors('elsewhere')
  shop.allowErrors('CORS')
  await openShop(tab, shop, { storage: 'memory', model: await shop.model() })
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 2, total: 2 })
  expect(shop.requests(picture).length).toBeGreaterThan(2)
})

test('downloads that get no more bytes are an error of their own, and the same engine goes on', async ({
  tab,
  shop,
}) => {
  // They wait for the limit itself, which is 25 seconds by an ordinary clock.
  breakWorker(shop, hastenClock)
  shop.photoCatalog(2)
  const stalling = await shop.model()
  await openPage(tab, shop)
  const picture = `/photos/${shop.photos[0]}`
  const rules = [
    shop.fault('/catalog.json?stalls', { kind: 'hang' }),
    shop.fault(`${stalling}config.json`, { kind: 'hang', after: 20 }),
    shop.fault(picture, { kind: 'hang' }),
  ]
  const codes = await tab.evaluate(
    async ([model, stalling]) => {
      const { SimilarityEngine } = (await import('/dist/index.js' as string)) as typeof Package
      const open = (catalog: string, model = '') =>
        SimilarityEngine.open({ catalog, model, storage: 'memory' })
      const code = ({ code }: { code: string }) => code
      window.engine = await open('/catalog.json', model)
      const other = await open('/catalog.json', stalling)
      const stalled = [
        open('/catalog.json?stalls', model),
        other.similarTo('sku-01'),
        window.engine.similarTo('sku-01'),
      ]
      return Promise.all(stalled.map((call) => call.then(() => 'no error', code)))
    },
    [modelPath, stalling],
  )
  expect(codes).toEqual(Array(3).fill('download-stalled'))
  for (const rule of rules) rule.remove()
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 2 })
})
