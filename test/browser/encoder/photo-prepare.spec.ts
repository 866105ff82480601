import { openEngine } from '../engine/engine-page.js'
import { expect, test } from '../harness.js'

test('prepare downloads runtime and model with progress, once, and the first picture finds them', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'wasm' })
  expect(shop.requests(/\.(wasm|onnx)$/)).toHaveLength(0)
  const progress = await page.evaluate(async () => {
    const reports: { phase: string; loaded: number; total: number }[] = []
    window.engine.addEventListener('progress', ({ progress }) => reports.push(progress))
    await Promise.all([window.engine.prepare(), window.engine.prepare()])
    await window.engine.prepare()
    return reports
  })
  for (const phase of ['runtime', 'model']) {
    const loaded = progress.filter((report) => report.phase === phase)
    expect(loaded.length).toBeGreaterThan(0)
    expect(loaded.at(-1)?.loaded).toBe(loaded.at(-1)?.total)
  }
  expect(await page.evaluate(() => window.engine.status.encoder)).toBe('ready')
  const after = await page.evaluate(async (photo) => {
    const started: string[] = []
    window.engine.addEventListener('progress', ({ progress }) => started.push(progress.phase))
    await window.engine.embed(photo)
    return started
  }, `/photos/${shop.photos[0]}`)
  expect(after).toEqual([])
  expect(shop.requests(/\.onnx$/)).toHaveLength(1)
  expect(shop.requests(/ort-wasm.*\.wasm$/)).toHaveLength(1)
})

test('an aborted prepare ends the download; one right after it starts anew', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page)
  const outcome = await page.evaluate(async () => {
    const controller = new AbortController()
    window.engine.addEventListener(
      'progress',
      () => controller.abort(new Error('the shopper closed the dialog')),
      { once: true },
    )
    const first = await window.engine.prepare({ signal: controller.signal }).catch(String)
    await window.engine.prepare()
    return { first, encoder: window.engine.status.encoder }
  })
  expect(outcome).toEqual({ first: 'Error: the shopper closed the dialog', encoder: 'ready' })
})

test('one who gives up does not end what another waits for', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page)
  const outcomes = await page.evaluate(async (photo) => {
    const controller = new AbortController()
    const prepared = window.engine.prepare({ signal: controller.signal })
    const embedded = window.engine.embed(photo)
    setTimeout(() => controller.abort(new Error('superseded')), 5)
    const [first, second] = await Promise.allSettled([prepared, embedded])
    return { first: first.status, second: second.status }
  }, `/photos/${shop.photos[0]}`)
  expect(outcomes).toEqual({ first: 'rejected', second: 'fulfilled' })
})
