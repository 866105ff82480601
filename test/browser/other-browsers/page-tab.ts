import type { Key, Tab } from './browser.js'

/** A page as Playwright and Puppeteer have it alike. */
export interface DrivenPage {
  goto(url: string): Promise<unknown>
  readonly keyboard: { press(key: Key): Promise<void> }
  readonly mouse: { click(x: number, y: number): Promise<void> }
  screenshot(): Promise<Uint8Array>
  close(): Promise<void>
}

/** The verbs in which the two differ, for the pages of one profile. */
export interface PageVerbs<Page extends DrivenPage> {
  newPage(): Promise<Page>
  evaluate(page: Page, run: (argument: unknown) => unknown, argument: unknown): Promise<unknown>
  chooseFile(page: Page, find: () => Element | null | undefined, path: string): Promise<void>
  resize(page: Page, width: number, height: number): Promise<void>
}

/** A tab that is a page of Playwright or of Puppeteer. */
export class PageTab<Page extends DrivenPage> implements Tab {
  readonly #page: Page
  readonly #verbs: PageVerbs<Page>
  readonly close: () => Promise<void>

  private constructor(page: Page, verbs: PageVerbs<Page>, close: () => Promise<void>) {
    this.#page = page
    this.#verbs = verbs
    this.close = close
  }

  /** The first tab of a profile. @param close closes the profile. */
  static async open<Page extends DrivenPage>(
    verbs: PageVerbs<Page>,
    close: () => Promise<void>,
  ): Promise<Tab> {
    return new PageTab(await verbs.newPage(), verbs, close)
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    return this.#verbs.evaluate(this.#page, run as (argument: unknown) => unknown, argument) as Promise<T>
  }

  press(key: Key): Promise<void> {
    return this.#page.keyboard.press(key)
  }

  click({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    return this.#page.mouse.click(x, y)
  }

  chooseFile(find: () => Element | null | undefined, path: string): Promise<void> {
    return this.#verbs.chooseFile(this.#page, find, path)
  }

  resize(width: number, height: number): Promise<void> {
    return this.#verbs.resize(this.#page, width, height)
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#page.screenshot())
  }

  async openTab(): Promise<Tab> {
    const page = await this.#verbs.newPage()
    return new PageTab(page, this.#verbs, () => page.close())
  }
}
