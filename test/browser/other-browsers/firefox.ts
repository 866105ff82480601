import puppeteer, { type ElementHandle } from 'puppeteer-core'
import type { TestedBrowser } from './browser.js'
import { PageTab } from './page-tab.js'

/** Starts Firefox without a window, driven by WebDriver BiDi. `preferences` are those of `about:config`. */
export async function startFirefox(
  executablePath: string,
  preferences: Readonly<Record<string, boolean | number | string>> = {},
): Promise<TestedBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: { ...preferences },
    // The encoder may take its time on a busy machine.
    protocolTimeout: 240_000,
  })
  return {
    version: await browser.version(),
    openProfile: async () => {
      const context = await browser.createBrowserContext()
      return PageTab.open(
        {
          newPage: () => context.newPage(),
          evaluate: (page, run, argument) => page.evaluate(run, argument),
          chooseFile: async (page, find, path) => {
            const input = (await page.evaluateHandle(find)) as ElementHandle<HTMLInputElement>
            await input.uploadFile(path)
          },
          resize: (page, width, height) => page.setViewport({ width, height }),
        },
        () => context.close(),
      )
    },
    close: () => browser.close(),
  }
}
