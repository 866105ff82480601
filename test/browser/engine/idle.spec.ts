import type { Page } from '@playwright/test'
import { expect, type Shop, test } from '../harness.js'
import { openEngine } from './engine-page.js'

/** Numbers of the photos that were asked for, in order of arrival: 3 is that of `sku-04`. */
function photosRequested(shop: Shop): number[] {
  return shop.requests('/photos/').map(({ path }) => shop.photos.indexOf(path.slice('/photos/'.length)))
}

/** Waits until all photos are asked for: first these, then the others of the catalogue in whatever order. */
async function expectPhotos(shop: Shop, first: readonly number[], others: readonly number[]): Promise<void> {
  const count = first.length + others.length
  await expect.poll(() => photosRequested(shop).length, { timeout: 30_000 }).toBe(count)
  const requested = photosRequested(shop)
  expect(requested.slice(0, first.length)).toEqual(first)
  expect(requested.slice(first.length).toSorted((a, b) => a - b)).toEqual(others)
}

/** Asks for a product, and then for the vector of a photo that no product shows, so that there was time for more. */
async function askTwice(page: Page, shop: Shop): Promise<void> {
  await page.evaluate(() => window.engine.similarTo('sku-04'))
  await page.evaluate((photo) => window.engine.embed(`/photos/${photo}`), shop.photos[50])
}

/** Lets the browser say that the tab is hidden, or that it is shown again. */
function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
}

test('pictures that nobody waits for are fetched when the page has loaded, that of the product at once', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(6)
  shop.fault('/banner.png', { kind: 'hang' })
  await page.goto(shop.page('<img src="/banner.png" alt="">'), { waitUntil: 'commit' })
  await openEngine(page)
  await askTwice(page, shop)
  expect(photosRequested(shop)).toEqual([3, 50])
  expect(await page.evaluate(() => document.readyState)).toBe('interactive')
  await page.evaluate(() => document.querySelector('img')?.removeAttribute('src'))
  await expectPhotos(shop, [3, 50], [0, 1, 2, 4, 5])
})

test('nothing is fetched in the background of a tab that nobody sees', async ({ page, shop }) => {
  shop.photoCatalog(6)
  await page.goto(shop.page(''))
  await openEngine(page)
  await setHidden(page, true)
  await askTwice(page, shop)
  expect(photosRequested(shop)).toEqual([3, 50])
  await setHidden(page, false)
  await expectPhotos(shop, [3, 50], [0, 1, 2, 4, 5])
})

test('nothing is fetched in the background while somebody waits for an answer', async ({ page, shop }) => {
  shop.photoCatalog(6)
  const held = shop.photos[40] as string
  shop.fault(held, { kind: 'hang' })
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate((photo) => {
    const controller = new AbortController()
    const { signal } = controller
    const failed = window.engine.searchByImage(`/photos/${photo}`, { signal }).catch(({ name }) => name)
    const giveUp = () => {
      controller.abort()
      return failed
    }
    Object.assign(window, { giveUp })
  }, held)
  await expect.poll(() => photosRequested(shop)).toEqual([40])
  await askTwice(page, shop)
  expect(photosRequested(shop)).toEqual([40, 3, 50])
  const giveUp = () => (window as unknown as { giveUp: () => Promise<string> }).giveUp()
  expect(await page.evaluate(giveUp)).toBe('AbortError')
  await expectPhotos(shop, [40, 3, 50], [0, 1, 2, 4, 5])
})

test('a page that asks for it gets everything encoded at once, hidden or not', async ({ page, shop }) => {
  shop.photoCatalog(6)
  await page.goto(shop.page(''))
  await openEngine(page)
  await setHidden(page, true)
  await page.evaluate(() => window.engine.similarTo('sku-04'))
  expect(await page.evaluate(() => window.engine.sync())).toEqual({ products: 6, encoded: 5, skipped: 0 })
  expect(photosRequested(shop)).toHaveLength(6)
})

test('a hidden tab keeps no other from encoding, and has its vectors in the end', async ({
  page,
  context,
  shop,
}) => {
  shop.photoCatalog(6)
  const url = shop.page('')
  const other = await context.newPage()
  await Promise.all([page.goto(url), other.goto(url)])
  await openEngine(page)
  await setHidden(page, true)
  await page.evaluate(() => window.engine.similarTo('sku-01'))
  await openEngine(other)
  await other.evaluate(() => window.engine.similarTo('sku-02'))
  for (const tab of [other, page]) {
    await expect
      .poll(() => tab.evaluate(async () => (await window.engine.similarTo('sku-01')).ranked))
      .toBe(6)
  }
  await setHidden(page, false)
  expect(await page.evaluate(() => window.engine.sync())).toEqual({ products: 6, encoded: 0, skipped: 0 })
  expect(photosRequested(shop).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
})

test('where the visitor saves data, the background takes its time', async ({ page, shop }) => {
  shop.photoCatalog(5)
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } })
  })
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate(async () => {
    await window.engine.similarTo('sku-04')
    for (let moment = 0; moment < 3; moment++) await new Promise((idle) => requestIdleCallback(idle))
  })
  await page.evaluate((photo) => window.engine.embed(`/photos/${photo}`), shop.photos[50])
  await expectPhotos(shop, [3, 50], [0, 1, 2, 4])
})

test('an engine that is closed while its page is busy leaves nothing behind', async ({ page, shop }) => {
  shop.photoCatalog(6)
  await page.goto(shop.page(''))
  await openEngine(page)
  await setHidden(page, true)
  await page.evaluate(async () => {
    await window.engine.similarTo('sku-04')
    await window.engine.close()
  })
  await setHidden(page, false)
  await openEngine(page)
  expect(await page.evaluate(() => window.engine.sync())).toMatchObject({ encoded: 5 })
})

test('forgetting everything ends what waits for its time, without a warning', async ({ page, shop }) => {
  shop.photoCatalog(6)
  await page.goto(shop.page(''))
  await openEngine(page)
  await setHidden(page, true)
  const warnings = await page.evaluate(async () => {
    const codes: string[] = []
    window.engine.addEventListener('warning', ({ error }) => codes.push(error.code))
    await window.engine.similarTo('sku-04')
    await window.engine.clear()
    // A warning would have come before this answer.
    await window.engine.products()
    return codes
  })
  expect(warnings).toEqual([])
  expect(photosRequested(shop)).toEqual([3])
})
