import { fileURLToPath } from 'node:url'
import type { SiResultsEvent } from '../../../src/index.js'
import { element } from './element-page.js'
import { expect, openPage, type Shop, type Tab, test } from './harness.js'

const photos = fileURLToPath(new URL('../../../node_modules/@vendure/create/assets/images/', import.meta.url))
const plant = 'abel-y-costa-716024-unsplash.jpg'

/** Opens a shop of `count` products and its photo search, by mouse. */
async function openPhotoSearch(tab: Tab, shop: Shop, options: { csp?: boolean } = {}): Promise<void> {
  shop.photoCatalog(8)
  await tab.resize(1000, 900)
  await openPage(tab, shop, element('item="sku-01" photo-search'), options)
  const button = () =>
    tab.evaluate(() => {
      const root = document.querySelector('similar-items')?.shadowRoot
      const { x, y, width, height } =
        root?.querySelector('[part~="photo-search"]')?.getBoundingClientRect() ?? new DOMRect()
      return { x: x + width / 2, y: y + height / 2, width }
    })
  await expect.poll(async () => (await button()).width).toBeGreaterThan(0)
  await tab.click(await button())
  await expect.poll(() => dialog(tab)).toMatchObject({ open: true })
}

/** The state of the dialog. */
function dialog(tab: Tab) {
  return tab.evaluate(() => {
    const root = document.querySelector('similar-items')?.shadowRoot
    const dialog = root?.querySelector('dialog')
    const results = root?.querySelector('[part="photo-results"]')
    return {
      open: dialog?.open ?? false,
      searched: results?.getAttribute('aria-busy') === 'false',
      found: Array.from(results?.querySelectorAll('[part="item"]') ?? [], (item) => item.textContent ?? ''),
      /** Where the focus is: part of the shadow tree, inside the dialog or not. */
      focusInside: dialog?.contains(root?.activeElement ?? null) ?? false,
      focusPart: root?.activeElement?.getAttribute('part') ?? null,
      pageFocus: document.activeElement?.localName ?? null,
      problem: root?.querySelector('[role="alert"]')?.textContent ?? '',
    }
  })
}

async function choose(tab: Tab, path: string): Promise<void> {
  await tab.chooseFile(
    () => document.querySelector('similar-items')?.shadowRoot?.querySelector('dialog input[type="file"]'),
    path,
  )
}

/** Resolves once the panel has ranked the whole catalogue for a photo; before the first one it is not busy either. */
async function searched(tab: Tab): Promise<void> {
  const state = async () => {
    const { searched, found } = await dialog(tab)
    return searched && found.length > 0
  }
  await expect.poll(state, { timeout: 60_000 }).toBe(true)
}

test('a photo from a file is searched with, and does not leave the device', async ({ tab, shop }) => {
  await openPhotoSearch(tab, shop)
  await choose(tab, photos + plant)
  await searched(tab)
  await expect.poll(async () => (await dialog(tab)).found[0], { timeout: 60_000 }).toContain('abel y costa')
  const drawn = await tab.evaluate(() => {
    const root = document.querySelector('similar-items')?.shadowRoot
    const picture = root?.querySelector('[part="photo"]')?.querySelector('img, canvas')
    return picture?.getBoundingClientRect().width ?? 0
  })
  expect(drawn).toBeGreaterThan(100)
  expect(shop.log.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('the frame is moved by keyboard, and the results follow', async ({ tab, shop }) => {
  await openPhotoSearch(tab, shop)
  await choose(tab, photos + plant)
  await searched(tab)
  const frame = () =>
    tab.evaluate(() => {
      const root = document.querySelector('similar-items')?.shadowRoot
      return root?.querySelector('[role="slider"]')?.getAttribute('aria-valuetext')
    })
  const before = await frame()
  const corner = await tab.evaluate(() => {
    const root = document.querySelector('similar-items')?.shadowRoot
    root?.querySelectorAll<HTMLElement>('[role="slider"]')[1]?.focus()
    return root?.activeElement?.getAttribute('aria-label')
  })
  expect(corner).toContain('Top left corner')
  await tab.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    document.addEventListener('si-results', (event) => heard.push((event as SiResultsEvent).source))
  })
  for (let press = 0; press < 4; press++) await tab.press('ArrowRight')
  await expect.poll(frame).not.toEqual(before)
  await expect
    .poll(() => tab.evaluate(() => (window as unknown as { heard: string[] }).heard), { timeout: 30_000 })
    .toContain('photo')
})

test('a file that is no picture is explained', async ({ tab, shop }) => {
  await openPhotoSearch(tab, shop)
  await choose(tab, fileURLToPath(import.meta.url))
  await expect
    .poll(async () => (await dialog(tab)).problem, { timeout: 60_000 })
    .toContain('This is not a picture.')
})

test('the dialog keeps the focus and gives it back', async ({ tab, shop }) => {
  await openPhotoSearch(tab, shop)
  for (let press = 0; press < 6; press++) {
    await tab.press('Tab')
    const { focusInside, pageFocus } = await dialog(tab)
    // The browser's own controls come after the last button, and are no part of the page.
    expect(focusInside || pageFocus === 'body', `after ${press + 1} tabs`).toBe(true)
  }
  await tab.press('Escape')
  await expect.poll(() => dialog(tab)).toMatchObject({ open: false, focusPart: 'photo-search' })
})

test('works under a strict Content-Security-Policy', async ({ tab, shop }) => {
  await openPhotoSearch(tab, shop, { csp: true })
  await choose(tab, photos + plant)
  await searched(tab)
  await expect.poll(async () => (await dialog(tab)).found[0], { timeout: 60_000 }).toContain('abel y costa')
})
