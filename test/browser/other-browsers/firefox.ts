import puppeteer, { type BrowserContext, type ElementHandle, type Page } from 'puppeteer-core'
import type { Key, Tab, TestedBrowser } from './browser.js'

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
      return new FirefoxTab(await context.newPage(), context, () => context.close())
    },
    close: () => browser.close(),
  }
}

class FirefoxTab implements Tab {
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
    return this.#page.evaluate(run as (argument: unknown) => T | Promise<T>, argument) as Promise<T>
  }

  press(key: Key): Promise<void> {
    return this.#page.keyboard.press(key)
  }

  click({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    return this.#page.mouse.click(x, y)
  }

  async chooseFile(find: () => Element | null | undefined, path: string): Promise<void> {
    const input = (await this.#page.evaluateHandle(find)) as ElementHandle<HTMLInputElement>
    await input.uploadFile(path)
  }

  resize(width: number, height: number): Promise<void> {
    return this.#page.setViewport({ width, height })
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#page.screenshot())
  }

  async openTab(): Promise<Tab> {
    const page = await this.#context.newPage()
    return new FirefoxTab(page, this.#context, () => page.close())
  }
}
