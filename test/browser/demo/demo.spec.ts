import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { expect, test } from '../harness.js'
import { serveDemo } from './demo-site.js'

const { server, ...demo } = serveDemo()

test.describe.configure({ timeout: 240_000 })

const open = (page: Page, hash: string) => page.goto(demo.address(hash))
const similar = (page: Page) => page.getByRole('region', { name: 'Looks similar' }).getByRole('listitem')
const panel = (page: Page) => page.getByRole('complementary', { name: 'What just happened' })
const requests = (pattern: RegExp) => server.log.filter(({ path }) => pattern.test(path))
/** Milliseconds for loading the model and encoding a catalogue on a busy machine. */
const encoding = 150_000
const heavy = /\.(wasm|onnx)$|_int7\./

test('the front page shows all photos and loads nothing heavy, below any path', async ({ page }) => {
  await open(page, '')
  await expect(page.locator('.grid > li')).toHaveCount(50)
  await expect(page.locator('.grid img').first()).toHaveJSProperty('complete', true)
  expect(server.log.filter(({ path }) => !path.startsWith(demo.base))).toEqual([])
  expect(requests(heavy)).toEqual([])
})

test('similar items on the first visit, from storage on the second, encoded anew after "Forget everything"', async ({
  page,
}) => {
  await open(page, '#/photos/grey-fabric-sofa')
  await expect(panel(page)).toContainText('50 pictures encoded in this browser', { timeout: encoding })
  const first = await similar(page).allTextContents()
  expect(first.length).toBeGreaterThan(3)
  expect(first.slice(0, 3).join()).toContain('Leather Sofa')
  expect(requests(/_int7\./)).toHaveLength(1)

  server.log.length = 0
  await page.reload()
  await expect(panel(page)).toContainText('from stored vectors; no model was loaded')
  expect(await similar(page).allTextContents()).toEqual(first)
  expect(requests(heavy)).toEqual([])

  await panel(page).locator('summary').click()
  await page.getByRole('button', { name: 'Forget everything' }).click()
  await expect(panel(page).getByRole('status')).toContainText('Forgotten on this device')
  await page.reload()
  await expect(similar(page).first()).toBeVisible({ timeout: encoding })
  expect(requests(/_int7\./)).toHaveLength(1)
})

test('a photo is searched with in one click, and its products lead into the shop', async ({ page }) => {
  await open(page, '')
  expect(requests(heavy)).toEqual([])
  await page.getByRole('button', { name: 'A shoe' }).click()
  const results = page.locator('[part="photo-results"]')
  await expect(results).toHaveAttribute('aria-busy', 'false', { timeout: encoding })
  await expect(results.getByRole('listitem').first()).toContainText('Running Shoe')
  await results.getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Running Shoe')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(similar(page).first()).toBeVisible({ timeout: encoding })
  await page.getByRole('button', { name: 'Search with a photo' }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'A chair' })).toBeVisible()
})

test('a similar item opens as a page of the shop, and the way back leads back', async ({ page }) => {
  await open(page, '#/photos/tulip-pot')
  const target = similar(page).first().getByRole('link')
  // Until then another one may become the first.
  const isComplete = () => document.querySelector('similar-items')?.results?.complete === true
  await page.waitForFunction(isComplete, null, { timeout: encoding })
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  await target.focus()
  const href = await target.getAttribute('href')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(href ?? 'a link')
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Tulip Pot')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  expect(await page.evaluate(() => 'stayed' in window), 'the document was not loaded again').toBe(true)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tulip Pot')
})

test('the catalogue of objects has a few hundred, each with a picture', async ({ page }) => {
  await open(page, '')
  await page.getByRole('navigation', { name: 'Catalogue' }).getByRole('link', { name: 'Objects' }).click()
  await expect(page.locator('.count')).toHaveText('416 products')
  const catalogue = JSON.parse(await readFile(join(demo.site, 'data/objects/catalog.json'), 'utf8'))
  for (const { image_link } of catalogue) await readFile(join(demo.site, 'data/objects', image_link))
  await page.getByRole('link', { name: 'Taco' }).click()
  await expect(similar(page).first()).toBeVisible({ timeout: encoding })
})

test('a folder of this device becomes a catalogue, and no picture of it is sent', async ({ page, shop }) => {
  const folder = await mkdtemp(join(tmpdir(), 'photos-'))
  const photos = fileURLToPath(
    new URL('../../../node_modules/@vendure/create/assets/images', import.meta.url),
  )
  const cameras = shop.photos.filter((name) =>
    /^(alexander-andrews|eniko|jakob|jonathan|patrick|robert)/.test(name),
  )
  for (const photo of cameras) await cp(join(photos, photo), join(folder, photo))
  await open(page, '#/folder')
  await page.getByLabel('Choose a folder').setInputFiles(folder)
  await expect(page.locator('.grid > li')).toHaveCount(cameras.length)
  await page.locator('.grid a').first().click()
  await expect(similar(page)).toHaveCount(cameras.length - 1, { timeout: encoding })
  await similar(page).first().getByRole('button').click()
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  expect(server.log.filter(({ method }) => method !== 'GET')).toEqual([])
  await rm(folder, { recursive: true })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page in ${colorScheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const hash of [
      '',
      '#/objects?type=Tools',
      '#/photos/laptop',
      '#/folder',
      '#/how',
      '#/photos/none',
    ]) {
      await open(page, hash)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      if (hash === '#/photos/laptop') {
        await panel(page).locator('summary').click()
        await expect(similar(page).first()).toBeVisible({ timeout: encoding })
      }
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
      expect(violations, hash).toEqual([])
    }
  })
}
