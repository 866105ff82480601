import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { browserFlags, findBrowser } from '../find-browser.mjs'
import { expect, type Shop, test } from '../harness.js'

// Playwright switches the back/forward cache off, and does not follow pages into it.
let browser: Browser
test.beforeAll(async () => {
  const { executablePath, env } = findBrowser()
  browser = await puppeteer.launch({
    executablePath,
    env: { ...process.env, ...env },
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [...browserFlags, '--js-flags=--expose-gc'],
    protocolTimeout: 120_000,
  })
})
test.afterAll(() => browser.close())

/** Opens the page of a product. */
async function openProduct(tab: Page, shop: Shop, item: string): Promise<void> {
  const url = shop.page(`<script type="module" src="/dist/define.js"></script>
    <similar-items catalog="/catalog.json" item="${item}" loading="eager"></similar-items>`)
  await tab.goto(url)
}

const results = (tab: Page) =>
  tab.evaluate(() => {
    const { results, state } = document.querySelector('similar-items') ?? {}
    return { state, ranked: results?.ranked ?? 0, complete: results?.complete ?? false }
  })

/** Goes back, and says whether the page came from the cache and, where not, why. */
async function goBack(tab: Page): Promise<{ cameFrom: string | undefined; why: unknown }> {
  await tab.evaluate(() => {
    // What the page before left behind is cleared away in its process meanwhile.
    ;(globalThis as unknown as { gc(): void }).gc()
    // Behind this call, which would not end in the page that goes.
    setTimeout(() => history.back())
  })
  const seen = () =>
    tab.evaluate(() => (window as { cameFrom?: string }).cameFrom ?? 'elsewhere').catch(() => 'nowhere')
  await expect.poll(seen, { timeout: 20_000 }).toMatch(/cache|server/)
  return tab.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as (PerformanceEntry & {
      notRestoredReasons?: unknown
    })[]
    return { cameFrom: (window as { cameFrom?: string }).cameFrom, why: entry?.notRestoredReasons ?? null }
  })
}

async function openTab(): Promise<Page> {
  const context = await browser.createBrowserContext()
  const tab = await context.newPage()
  await tab.evaluateOnNewDocument(() => {
    addEventListener('pageshow', ({ persisted }) => {
      const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
      const cameFrom = persisted ? 'cache' : entry?.type === 'back_forward' ? 'server' : undefined
      Object.assign(window, { cameFrom })
    })
  })
  return tab
}

/** Whether this browser keeps pages at all: the one inside of an npm package does not. */
async function keepsPages(shop: Shop): Promise<boolean> {
  const tab = await openTab()
  await tab.goto(shop.page('<p>First'))
  await tab.goto(shop.page('<p>Second'))
  const { cameFrom } = await goBack(tab)
  await tab.close()
  return cameFrom === 'cache'
}

test.beforeEach(async ({ shop }) => {
  test.skip(!(await keepsPages(shop)), 'this browser has no back/forward cache')
})

test('a page comes back from the back/forward cache with its list, and its engine answers', async ({
  shop,
}) => {
  shop.photoCatalog(6)
  const tab = await openTab()
  await openProduct(tab, shop, 'sku-01')
  await expect.poll(() => results(tab), { timeout: 60_000 }).toMatchObject({ complete: true })
  await openProduct(tab, shop, 'sku-02')
  await expect.poll(() => results(tab), { timeout: 60_000 }).toMatchObject({ complete: true })
  expect(await goBack(tab)).toEqual({ cameFrom: 'cache', why: null })
  expect(await results(tab)).toEqual({ state: 'ready', ranked: 6, complete: true })
  const hits = await tab.evaluate(async () => {
    const engine = await document.querySelector('similar-items')?.engine
    return (await engine?.similarTo('sku-03'))?.hits.length
  })
  expect(hits).toBe(5)
  await tab.close()
})

test('a page that was left in the middle of indexing goes on when it is back', async ({ shop }) => {
  shop.photoCatalog(24)
  const tab = await openTab()
  await openProduct(tab, shop, 'sku-01')
  await expect.poll(async () => (await results(tab)).ranked, { timeout: 60_000 }).toBeGreaterThan(0)
  expect((await results(tab)).complete).toBe(false)
  await tab.goto(shop.page('<p>Elsewhere'))
  expect(await goBack(tab)).toEqual({ cameFrom: 'cache', why: null })
  await expect
    .poll(() => results(tab), { timeout: 80_000 })
    .toEqual({ state: 'ready', ranked: 24, complete: true })
  await tab.close()
})
