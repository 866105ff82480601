import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { turnedPicture } from '../../fixtures/turned-picture.js'
import { expect, strictPolicy, test } from '../harness.js'
import { entry, found, give, openPhotoSearch, photoFile, searched } from './photo-search-page.js'

const upright = readFileSync(new URL('../../fixtures/reference/orientation/upright.png', import.meta.url))

test('a WebP photo that lies on its side is shown upright, as it is searched with', async ({
  page,
  shop,
}) => {
  await openPhotoSearch(page, shop)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a picture' }).click()
  const buffer = await turnedPicture(upright, 'webp', 6)
  await (await chooser).setFiles({ name: 'turned.webp', mimeType: 'image/webp', buffer })
  // Chromium shows such files as they are stored, so the panel draws them itself.
  const canvas = page.locator('[part="photo"] canvas')
  await canvas.waitFor()
  const shown = await canvas.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d')
    const { width, height } = canvas
    const corner = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3)
    return { ratio: width / height, first: corner(2, 2), last: corner(width - 3, height - 3) }
  })
  expect(shown.ratio).toBeCloseTo(1.5, 2)
  const expected = await page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]))
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
      context?.drawImage(bitmap, 0, 0)
      const corner = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3)
      return { first: corner(0, 0), last: corner(bitmap.width - 1, bitmap.height - 1) }
    },
    [...upright],
  )
  for (const place of ['first', 'last'] as const) {
    for (const [channel, level] of expected[place].entries()) {
      expect(Math.abs((shown[place][channel] ?? 0) - level), `${place} corner`).toBeLessThan(24)
    }
  }
})

const plant = 'abel-y-costa-716024-unsplash.jpg'
const dataUrl = () => `data:image/jpeg;base64,${readFileSync(photoFile(plant)).toString('base64')}`

/** The policy of docs/photo-search.md, with Trusted Types as docs/serving.md has them. */
const policy = `${strictPolicy.replace("img-src 'self'", "img-src 'self' blob:")}; require-trusted-types-for 'script'; trusted-types similar-items`
const trusted = entry.replace('<similar-items ', '<similar-items assets="/dist/" ')

/** Searches with an address, and resolves once the plant was found. */
async function searchWith(page: Page, address: string): Promise<void> {
  await page.evaluate((address) => document.querySelector('similar-items')?.openPhotoSearch(address), address)
  await searched(page)
  await expect(found(page).first()).toContainText('abel y costa')
}

test('data: and blob: pictures are searched with under the documented policy, with Trusted Types', async ({
  page,
  shop,
}) => {
  // Chromium says that a blob may not be fetched; it is read as the picture that it is.
  shop.allowErrors(/connect-src|blob:/)
  await openPhotoSearch(page, shop, { csp: policy, body: trusted })
  await searchWith(page, dataUrl())
  const blob = await page.evaluate(async (path) => {
    return URL.createObjectURL(await (await fetch(path)).blob())
  }, `/photos/${plant}`)
  await searchWith(page, blob)
  for (const way of ['paste', 'drop'] as const) {
    await page.getByRole('button', { name: 'Back' }).click()
    await give(page, way, way === 'paste' ? dataUrl() : blob)
    await searched(page)
    await expect(found(page).first()).toContainText('abel y costa')
  }
})

test('without `assets`, a page with Trusted Types works too; the browser reports the first try', async ({
  page,
  shop,
}) => {
  shop.allowErrors(/TrustedScriptURL/)
  await openPhotoSearch(page, shop, { csp: policy })
  await searchWith(page, dataUrl())
})

test('a file that is dropped beside the dialog is taken, and nothing dropped there leaves the page', async ({
  page,
  shop,
}) => {
  await openPhotoSearch(page, shop)
  /** Drops on the backdrop, whose events are its dialog's; returns what the browser would have done itself. */
  const drop = (file: string | null) =>
    page.evaluate((file) => {
      const transfer = new DataTransfer()
      if (file) {
        const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0))
        transfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }))
      } else transfer.setData('text/uri-list', 'ftp://elsewhere.example/')
      const dialog = document.querySelector('similar-items')?.shadowRoot?.querySelector('dialog')
      const panel = dialog?.querySelector('[part="photo-panel"]')
      const results: boolean[] = []
      for (const target of file ? [dialog] : [dialog, panel]) {
        for (const type of ['dragover', 'drop']) {
          const options = { bubbles: true, composed: true, cancelable: true, dataTransfer: transfer }
          results.push(target?.dispatchEvent(new DragEvent(type, options)) ?? true)
        }
      }
      return results
    }, file)
  expect(await drop(null)).toEqual([false, false, false, false])
  await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeVisible()
  expect(await drop(readFileSync(photoFile(plant)).toString('base64'))).toEqual([false, false])
  await searched(page)
  await expect(found(page).first()).toContainText('abel y costa')
})

test('without WebAssembly the shopper is told before anything is loaded', async ({ page, shop }) => {
  // What Lockdown Mode does, before any other script of the worker runs.
  shop.write('/lockdown.js', 'delete globalThis.WebAssembly', { 'content-type': 'text/javascript' })
  await page.route('**/dist/worker.js', async (route) => {
    if (route.request().url().endsWith('?as-it-is')) return route.continue()
    const body = `import '/lockdown.js'\nimport '/dist/worker.js?as-it-is'`
    await route.fulfill({ body, contentType: 'text/javascript' })
  })
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'))
  shop.allowErrors(/no-backend|WebAssembly/)
  await openPhotoSearch(page, shop)
  const error = await page.evaluate(async () => {
    const engine = await document.querySelector('similar-items')?.engine
    return engine?.prepare().then(
      () => null,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    )
  })
  expect(error).toMatchObject({ code: 'no-backend' })
  expect(error?.message).toContain('Lockdown Mode')
  await give(page, 'paste', { photo: plant })
  await expect(page.getByText('This browser cannot search with photos.')).toBeVisible()
  expect(shop.requests(/\.onnx$|\.wasm$/)).toEqual([])
})
