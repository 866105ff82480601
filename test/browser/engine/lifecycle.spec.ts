import type { CDPSession, Page } from '@playwright/test'
import { expect, type Shop, test } from '../harness.js'
import { keepWorkers } from './dying-worker.js'
import { loadPackage, openEngine } from './engine-page.js'

/** Opens a shop of four products of which the last has no picture yet. */
async function openShop(page: Page, shop: Shop) {
  shop.photoCatalog(4)
  const hidden = shop.fault(shop.photos[3] as string, { kind: 'status', status: 503 })
  const options = { model: await shop.model() }
  await page.goto(shop.page(''))
  await openEngine(page, options)
  return { hidden, options }
}

async function sessionOf(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(page)
}

function syncAndAsk(page: Page) {
  return page.evaluate(async () => {
    await window.engine.sync()
    const { ranked, complete } = await window.engine.similarTo('sku-01')
    return { ranked, complete }
  })
}

for (const storageType of ['indexeddb', 'cache_storage', 'all']) {
  test(`the browser takes away ${storageType} in the middle of a visit`, async ({ page, shop }) => {
    const { hidden, options } = await openShop(page, shop)
    await page.evaluate(() => window.engine.sync())
    const { origin } = new URL(page.url())
    await (await sessionOf(page)).send('Storage.clearDataForOrigin', { origin, storageTypes: storageType })
    hidden.remove()
    expect(await syncAndAsk(page)).toEqual({ ranked: 4, complete: true })
    await page.evaluate(() => window.engine.close())
    // Whatever was stored since fits together.
    await openEngine(page, options)
    expect(await syncAndAsk(page)).toEqual({ ranked: 4, complete: true })
  })
}

test('a page that is frozen in the middle of a call ends it when it is resumed', async ({ page, shop }) => {
  const { hidden } = await openShop(page, shop)
  hidden.remove()
  const session = await sessionOf(page)
  await page.evaluate(() => {
    const asked = Promise.all([window.engine.sync(), window.engine.similarTo('sku-02')])
    Object.assign(window, { asked })
  })
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  // Whatever the worker does meanwhile, it ends: nothing is asked for any more.
  let seen = -1
  while (seen !== shop.log.length) {
    seen = shop.log.length
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await page.evaluate(() => (window as unknown as { asked: Promise<unknown> }).asked)
  expect(await syncAndAsk(page)).toEqual({ ranked: 4, complete: true })
  expect(await page.evaluate(() => window.engine.status.warnings)).toEqual([])
})

test('an engine that does not open leaves nothing behind', async ({ page, shop }) => {
  shop.photoCatalog(1)
  shop.fault('/missing.json', { kind: 'status', status: 404 })
  await page.goto(shop.page(''))
  await loadPackage(page)
  const seen = await page.evaluate(async () => {
    const signals: AbortSignal[] = []
    const { addEventListener } = window
    window.addEventListener = (type: string, listener: unknown, options?: unknown) => {
      const { signal } = (options ?? {}) as { signal?: AbortSignal }
      if (signal) signals.push(signal)
      addEventListener.call(window, type, listener as EventListener, options as AddEventListenerOptions)
    }
    const { SimilarityEngine } = window.similarItems
    const signal = AbortSignal.abort(new Error('not wanted'))
    const failures = [
      await SimilarityEngine.open({ catalog: '/missing.json' }).catch(({ code }) => code),
      await SimilarityEngine.open({ catalog: '/catalog.json', signal }).catch(({ message }) => message),
    ]
    return { failures, listeners: signals.length, left: signals.filter(({ aborted }) => !aborted).length }
  })
  expect(seen.failures).toEqual(['catalog-unreachable', 'not wanted'])
  expect(seen.listeners).toBeGreaterThan(0)
  expect(seen.left).toBe(0)
})

test('an engine that is closed while a worker starts waits for none', async ({ page, shop }) => {
  shop.photoCatalog(1)
  await page.goto(shop.page(''))
  await page.evaluate(keepWorkers)
  await openEngine(page)
  await page.evaluate(async () => {
    const { engine, workers } = window as unknown as Window & { workers: Worker[] }
    const died = new Promise((resolve) => {
      engine.addEventListener('warning', (event) => {
        event.preventDefault()
        resolve(null)
      })
    })
    workers[0]?.terminate()
    await died
  })
  shop.fault('/dist/worker.js', { kind: 'hang' })
  const before = shop.requests('/dist/worker.js').length
  await page.evaluate(() => {
    const asked = Promise.allSettled([window.engine.similarTo('sku-01'), window.engine.embed('/x.jpg')])
    Object.assign(window, { asked })
  })
  await expect.poll(() => shop.requests('/dist/worker.js').length).toBe(before + 1)
  const impatient = await page.evaluate(() => {
    const aborting = new AbortController()
    const asked = window.engine.similarTo('sku-01', { signal: aborting.signal })
    aborting.abort(new Error('not that long'))
    return asked.catch(({ message }) => message)
  })
  expect(impatient).toBe('not that long')
  const codes = await page.evaluate(async () => {
    const { engine, asked } = window as unknown as Window & {
      asked: Promise<PromiseSettledResult<unknown>[]>
    }
    await engine.close()
    return (await asked).map((end) => end.status === 'rejected' && end.reason.code)
  })
  expect(codes).toEqual(['engine-closed', 'engine-closed'])
  // One that does not start is followed by another.
  expect(shop.requests('/dist/worker.js')).toHaveLength(before + 1)
})
