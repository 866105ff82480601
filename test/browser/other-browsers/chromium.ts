import { chromium, type ElementHandle } from '@playwright/test'
import { browserFlags, findHeadlessShell } from '../find-browser.mjs'
import type { TestedBrowser } from './browser.js'
import { PageTab } from './page-tab.js'

/** Starts Chromium behind the same few verbs, for tests that are the same in every browser. */
export async function startChromium(): Promise<TestedBrowser> {
  const { executablePath, env } = findHeadlessShell()
  const browser = await chromium.launch({
    executablePath,
    args: [...browserFlags],
    env: { ...(process.env as Record<string, string>), ...env },
  })
  return {
    version: `Chromium ${browser.version()}`,
    openProfile: async () => {
      const context = await browser.newContext()
      return PageTab.open(
        {
          newPage: () => context.newPage(),
          evaluate: (page, run, argument) => page.evaluate(run, argument),
          chooseFile: async (page, find, path) => {
            const input = (await page.evaluateHandle(find)) as ElementHandle<HTMLInputElement>
            await input.setInputFiles(path)
          },
          resize: (page, width, height) => page.setViewportSize({ width, height }),
        },
        () => context.close(),
      )
    },
    close: () => browser.close(),
  }
}
