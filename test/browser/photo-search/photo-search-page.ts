import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import { openShop } from '../element/element-page.js'
import type { Shop } from '../harness.js'

const photos = new URL('../../../node_modules/@vendure/create/assets/images/', import.meta.url)

/** Path of one of the photos, for a file chooser. */
export const photoFile = (name: string) => fileURLToPath(new URL(name, photos))

export const entry =
  '<similar-items catalog="/catalog.json" item="sku-01" loading="eager" photo-search></similar-items>'

/** Opens a shop of `count` products and its photo search. */
export async function openPhotoSearch(
  page: Page,
  shop: Shop,
  options: {
    count?: number
    body?: string
    csp?: boolean | string
    lang?: string
    dir?: string
    head?: string
  } = {},
): Promise<void> {
  const { count = 8, body = entry, ...more } = options
  shop.photoCatalog(count)
  await openShop(page, shop, body, more)
  await page.locator('similar-items').evaluate((element) => {
    return (element as HTMLElementTagNameMap['similar-items']).openPhotoSearch()
  })
  await page.getByRole('dialog').waitFor()
}

/** Gives the panel a file through its "Choose a picture". */
export async function choose(
  page: Page,
  file: string | { name: string; mimeType: string; buffer: Buffer },
  button = 'Choose a picture',
): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles(file)
}

/** The cards that were found. */
export const found = (page: Page): Locator => page.locator('[part="photo-results"] [part="item"]')

/** Resolves once the panel has ranked the whole catalogue. */
export async function searched(page: Page): Promise<void> {
  await page.locator('[part="photo-results"][aria-busy="false"]').waitFor({ timeout: 60_000 })
  await page.locator('[part="photo-progress"]').waitFor({ state: 'hidden', timeout: 60_000 })
}

/** Writes the name, source and details of the element's events into `window.heard`. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    for (const type of ['si-results', 'si-select', 'si-impression'] as const) {
      document.addEventListener(type, (event) => {
        const { source, queryId, originalEvent } = event as HTMLElementEventMap['si-select']
        heard.push({ type, source, queryId, click: originalEvent?.type ?? null })
        if (type === 'si-select') event.preventDefault()
      })
    }
  })
}

export async function heard(page: Page): Promise<readonly Record<string, unknown>[]> {
  return page.evaluate(() => (window as unknown as { heard: Record<string, unknown>[] }).heard)
}

/** Gives the page a photo as a paste or a drop would: as a file, or as a picture of a page that stands in a link. */
export async function give(
  page: Page,
  way: 'paste' | 'drop',
  what: string | { photo: string },
): Promise<void> {
  const content = typeof what === 'string' ? what : readFileSync(photoFile(what.photo)).toString('base64')
  await page.evaluate(
    ([way, content, isFile]) => {
      const transfer = new DataTransfer()
      if (isFile) {
        const bytes = Uint8Array.from(atob(content as string), (character) => character.charCodeAt(0))
        transfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }))
      } else {
        transfer.setData('text/uri-list', new URL('/p/other', location.href).href)
        transfer.setData('text/html', `<a href="/p/other"><img src="${content}"></a>`)
      }
      const panel = document.querySelector('similar-items')?.shadowRoot?.querySelector('[part="photo-panel"]')
      const options = { bubbles: true, composed: true, cancelable: true }
      const event =
        way === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: transfer })
          : new DragEvent('drop', { ...options, dataTransfer: transfer })
      panel?.dispatchEvent(event)
    },
    [way, content, typeof what !== 'string'] as const,
  )
}
