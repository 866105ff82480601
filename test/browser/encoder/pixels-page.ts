import type { Page } from '@playwright/test'
import type * as PixelsModule from '../entries/pixels.js'
import type { Shop } from '../harness.js'

type Run<Argument, Result> = (pixels: typeof PixelsModule, argument: Argument) => Promise<Result>

/** Opens a page and returns a function that runs another in it, with the pixel modules as first argument. */
export async function openPixelsPage(page: Page, shop: Shop) {
  await page.goto(shop.page('<p>shop'))
  const path = JSON.stringify(await shop.entry('pixels'))
  return <Result, Argument = undefined>(run: Run<Argument, Result>, argument?: Argument): Promise<Result> =>
    // The function travels as text: Playwright serialises only the outer one.
    page.evaluate(`import(${path}).then((pixels) => (${run})(pixels, ${JSON.stringify(argument)}))`)
}
