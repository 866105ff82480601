import { type BrowserContext, chromium, type ElementHandle, type Page } from '@playwright/test'
import { browserFlags, findHeadlessShell } from '../find-browser.mjs'
import type { Key, Tab, TestedBrowser } from './browser.js'

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
      return new ChromiumTab(await context.newPage(), context, () => context.close())
    },
    close: () => browser.close(),
  }
}

class ChromiumTab implements Tab {
  readonly #page: Page
  readonly #context: BrowserContext
  readonly close: () => Promise<void>

  constructor(page: Page, context: BrowserContext, close: () => Promise<void>) {
    this.#page = page
    this.#context = context
    this.close = close
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    return this.#page.evaluate(run as (argument: unknown) => T | Promise<T>, argument)
  }

  press(key: Key): Promise<void> {
    return this.#page.keyboard.press(key)
  }

  click({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    return this.#page.mouse.click(x, y)
  }

  async chooseFile(find: () => Element | null | undefined, path: string): Promise<void> {
    const input = (await this.#page.evaluateHandle(find)) as ElementHandle<HTMLInputElement>
    await input.setInputFiles(path)
  }

  resize(width: number, height: number): Promise<void> {
    return this.#page.setViewportSize({ width, height })
  }

  screenshot(): Promise<Buffer> {
    return this.#page.screenshot()
  }

  async openTab(): Promise<Tab> {
    const page = await this.#context.newPage()
    return new ChromiumTab(page, this.#context, () => page.close())
  }
}
