import type { Browser, Page } from '@playwright/test'

/** Uses a page of a browser profile that has never been anywhere. */
export async function inNewProfile<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext()
  try {
    return await use(await context.newPage())
  } finally {
    await context.close()
  }
}
