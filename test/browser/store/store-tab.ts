import type { Page } from '@playwright/test'
import type * as StoreModule from '../entries/store.js'
import type { Shop } from '../harness.js'

export type { StoreModule }

declare global {
  interface Window {
    storeModule: typeof StoreModule
  }
}

/** Opens a page that has the store's modules. */
export async function openTab(page: Page, shop: Shop): Promise<void> {
  await page.goto(shop.page('<p>shop'))
  await page.evaluate(
    async (module) => {
      window.storeModule = await import(module)
    },
    await shop.entry('store'),
  )
}

type Run<Argument, Result> = (store: typeof StoreModule, argument: Argument) => Promise<Result>

/** Runs a function in a page, with the store's modules as its first argument. */
export function inTab<Result>(page: Page, run: Run<undefined, Result>): Promise<Result>
export function inTab<Argument, Result>(
  page: Page,
  run: Run<Argument, Result>,
  argument: Argument,
): Promise<Result>
export function inTab(page: Page, run: Run<never, unknown>, argument?: unknown): Promise<unknown> {
  // The function travels as text: Playwright serialises only the outer one.
  return page.evaluate(`(${run})(window.storeModule, ${JSON.stringify(argument)})`)
}
