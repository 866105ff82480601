import { test as base, expect } from '@playwright/test'
import { settleWithin } from '../../../src/settle-within.js'
import { type PageOptions, Shop } from '../harness.js'
import type { Tab, TestedBrowser } from './browser.js'
import { startChromium } from './chromium.js'
import { findFirefox, findWebKit } from './find.mjs'
import { startFirefox } from './firefox.js'
import { startWebKit } from './webkit.js'

export { expect, type Shop, type Tab }

export type BrowserName = 'chromium' | 'firefox' | 'webkit'

export interface WorkerFixtures {
  /** Which browser runs: each is a project of the configuration. */
  readonly testedName: BrowserName
  /** Firefox's preferences, as in `about:config`. */
  readonly preferences: Readonly<Record<string, boolean | number | string>>
  /** Null where it is not installed. */
  readonly testedBrowser: TestedBrowser | null
  readonly shopOfWorker: Shop
}

/** In seconds. */
const openingLimit = 25

/**
 * Playwright's `test` with a `shop` and a `tab` of the tested browser; a test fails on errors in the page that it did
 * not allow. Tests of a browser that is not installed are skipped.
 */
export const test = base.extend<{ shop: Shop; tab: Tab }, WorkerFixtures>({
  testedName: ['firefox', { option: true, scope: 'worker' }],
  preferences: [{}, { option: true, scope: 'worker' }],
  testedBrowser: [
    async ({ testedName, preferences }, use) => {
      const browser = await start(testedName, preferences)
      if (browser) console.log(browser.version)
      await use(browser)
      await browser?.close()
    },
    { scope: 'worker' },
  ],
  shopOfWorker: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright demands a destructuring pattern.
    async ({}, use) => {
      const shop = await Shop.open()
      await use(shop)
      await shop.close()
    },
    { scope: 'worker' },
  ],
  shop: async ({ shopOfWorker: shop }, use) => {
    shop.write('/report-errors.js', `(${reportErrors})()`)
    await use(shop)
    shop.reset()
  },
  tab: [
    async ({ testedBrowser, testedName, shop }, use, testInfo) => {
      testInfo.skip(testedBrowser === null, `${testedName} is not installed`)
      if (testedBrowser === null) return
      const tab = await openTab(testedBrowser)
      await use(tab)
      const errors = await tab.evaluate(() => (window as ReportingWindow).reportedErrors ?? [])
      await tab.close()
      const unexpected = errors.filter((text) => !shop.allows(text))
      expect(unexpected, 'errors on the console or thrown in the page').toEqual([])
    },
    { timeout: 3 * openingLimit * 1000 },
  ],
})

/** A tab of a new profile. A driver that has not opened a window in time never does, but it opens another one. */
async function openTab(browser: TestedBrowser, tries = 2): Promise<Tab> {
  const opening = browser.openProfile()
  try {
    return await settleWithin(opening, openingLimit, () => new Error(`${browser.version} opens no tab`))
  } catch (error) {
    // One that comes all the same is not used.
    opening.then((tab) => tab.close()).catch(() => undefined)
    if (tries === 1) throw error
    console.log(String(error))
    return openTab(browser, tries - 1)
  }
}

async function start(name: BrowserName, preferences: WorkerFixtures['preferences']) {
  if (name === 'chromium') return startChromium()
  if (name === 'webkit') {
    const webkit = findWebKit()
    return webkit && startWebKit(webkit)
  }
  const firefox = findFirefox()
  return firefox === null ? null : startFirefox(firefox, preferences)
}

/** Opens a page with the built package's address at hand and its errors collected. */
export async function openPage(
  tab: Tab,
  shop: Shop,
  body = '',
  options: PageOptions & { readonly lang?: string } = {},
): Promise<string> {
  const { lang = 'en', ...more } = options
  const url = shop.page(
    `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
  <script src="/report-errors.js"></script>
</head>
<body>${body}</body>
</html>`,
    more,
  )
  await tab.goto(url)
  return url
}

interface ReportingWindow extends Window {
  reportedErrors?: string[]
}

/** Runs in the page: not every driver tells what is on the console. */
function reportErrors(): void {
  const errors: string[] = []
  Object.assign(window, { reportedErrors: errors })
  addEventListener('error', ({ message, filename }) => errors.push(`${message} (${filename})`))
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)))
  const toConsole = console.error
  console.error = (...words: unknown[]) => {
    errors.push(words.map(String).join(' '))
    toConsole(...words)
  }
}
