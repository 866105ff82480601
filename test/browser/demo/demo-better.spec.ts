import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { expect, test } from '../harness.js'
import { serveDemo } from './demo-site.js'

const { server, ...demo } = serveDemo()

const open = async (page: Page, hash = '#/better') => {
  await page.goto(demo.address(hash))
  await expect(page.getByRole('heading', { level: 1, name: 'Is it better?' })).toBeVisible()
}
const method = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const verdict = (page: Page) => page.locator('.verdict')
const loaded = (pattern: RegExp) => server.log.filter(({ path }) => pattern.test(path))

test('other pages load neither its code nor its data, and it loads no model', async ({ page }) => {
  await page.goto(demo.address(''))
  await expect(page.locator('.grid > li')).toHaveCount(50)
  expect(loaded(/better|comparison|measured/)).toEqual([])
  await page.getByRole('link', { name: 'Is it better?' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Is it better?')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  expect(loaded(/comparison\.json$/)).toHaveLength(1)
  expect(loaded(/\.(wasm|onnx)$|_int7\./)).toEqual([])
})

test('four methods side by side, for whichever product is chosen', async ({ page }) => {
  await open(page)
  for (const name of ['Random', 'Colours', 'Encoder', 'Encoder, tuned']) {
    const picks = method(page, name).getByRole('listitem')
    await expect(picks).toHaveCount(5)
    const same = await picks.filter({ hasText: 'same shelf' }).count()
    await expect(method(page, name)).toContainText(`${same} of 5 from the same shelf`)
    await expect(method(page, name).locator('.tick')).toHaveCount(same)
  }
  await page.getByLabel('Similar to').selectOption({ label: 'Grey Fabric Sofa' })
  await expect(
    method(page, 'Encoder').getByRole('listitem').filter({ hasText: 'Leather Sofa' }),
  ).toBeVisible()
  await expect(page).toHaveURL(/#\/better\/photos\/grey-fabric-sofa$/)
  await page.reload()
  await expect(page.getByLabel('Similar to').locator(':checked')).toHaveText('Grey Fabric Sofa')

  await page.getByRole('button', { name: 'Another product' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Similar to').locator(':checked')).not.toHaveText('Grey Fabric Sofa')
  await expect(page.getByRole('button', { name: 'Another product' })).toBeFocused()
})

test('the numbers are those that were measured when the demo was built', async ({ page }) => {
  for (const catalogue of ['photos', 'objects']) {
    await open(page, `#/better/${catalogue}`)
    const path = join(demo.site, `data/${catalogue}/comparison.json`)
    const { estimates, queries } = JSON.parse(await readFile(path, 'utf8'))
    const table = page.getByRole('table', { name: /nDCG@5, P@1, P@3/ })
    await expect(table.locator('caption')).toContainText(`${queries} queries`)
    for (const [row, name] of ['random', 'colours', 'encoder', 'tuned'].entries()) {
      const { mean, low, high } = estimates[name]['nDCG@5']
      const cell = table
        .getByRole('row')
        .nth(row + 1)
        .getByRole('cell')
        .first()
      await expect(cell).toHaveText(`${mean.toFixed(3)} ${low.toFixed(3)}–${high.toFixed(3)}`)
    }
    // What the whole project is for; should it stop being so, the page would say it and this test, too.
    expect(estimates.encoder['nDCG@5'].low).toBeGreaterThan(estimates.colours['nDCG@5'].high)
  }
  await expect(page.getByRole('table', { name: /measured \d{4}-\d\d-\d\d/ }).getByRole('row')).toHaveCount(8)
})

test('an A/B test says that it is simulated, and follows its controls', async ({ page }) => {
  await open(page, '#/better/objects')
  await expect(page.getByRole('heading', { name: /simulated/ })).toBeVisible()
  const table = page.getByRole('table', { name: /^Simulated click-through/ })
  await expect(table.getByRole('row').nth(1)).toContainText('A: Colours')
  await expect(verdict(page)).toHaveText(/^(Found|Not shown): /)

  const slider = page.getByRole('slider', { name: 'Visitors' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect(slider).toHaveAttribute('aria-valuetext', '50,000 visitors')
  await expect(verdict(page)).toHaveText(/^Found: \+/)
  const cells = await table.getByRole('row').getByRole('cell').allTextContents()
  const visitors = [cells[0], cells[3]].map((text = '') => Number(text.replace(',', '')))
  expect((visitors[0] ?? 0) + (visitors[1] ?? 0)).toBe(50_000)

  const before = await verdict(page).textContent()
  await page.getByRole('button', { name: 'Other visitors' }).click()
  await expect(verdict(page)).not.toHaveText(before ?? '')

  await page.getByLabel('Smallest lift worth finding').selectOption('5%')
  await expect(page.getByText('To find a lift of 5%')).toBeVisible()
})

test('an A/A test finds nothing, or owns up to a false alarm', async ({ page }) => {
  await open(page)
  await page.getByRole('radio', { name: /^A\/A test/ }).check()
  await expect(verdict(page)).toHaveText(/^(No difference to be seen|False alarm)/)
  await page.getByRole('button', { name: 'Repeat 20 times' }).click()
  const picture = page.getByRole('img', { name: /^Simulated 95% intervals/ })
  await expect(picture).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('one in twenty is to be expected')).toBeVisible()
  const apart = Number(/(\d+) intervals? do/.exec((await picture.getAttribute('aria-label')) ?? '')?.[1])
  await expect(picture.locator('.plot-apart')).toHaveCount(apart)
  expect(apart).toBeLessThan(6)
})

test('what others measured is told apart from what this project measured', async ({ page }) => {
  await open(page)
  const quote = page.getByRole('blockquote')
  await expect(quote).toContainText('9.1%')
  await expect(quote).toContainText('not a result of this project')
  await expect(quote.getByRole('link')).toHaveAttribute('href', 'https://arxiv.org/abs/2510.13359')
})

test('a comparison that cannot be loaded is explained', async ({ page, shop }) => {
  shop.allowErrors(/404/)
  const fault = server.fault(/comparison\.json$/, { kind: 'status', status: 404 })
  await page.goto(demo.address('#/better'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The comparison could not be loaded')
  await expect(page.getByText('comparison.json answered 404')).toBeVisible()
  fault.remove()
})

test('nothing is wider than a narrow screen, and nothing is lost in forced colours', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 })
  await page.emulateMedia({ forcedColors: 'active' })
  await open(page, '#/better/objects')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await page.getByLabel('Similar to').selectOption({ label: 'Red apple' })
  const tick = page.locator('.tick').first()
  await expect(tick).toBeVisible()
  await expect(tick).toHaveCSS('border-top-style', 'solid')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in ${colorScheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await open(page, '#/better/objects')
      await page.getByRole('button', { name: 'Repeat 20 times' }).click()
      await expect(page.locator('.repeated')).toBeVisible({ timeout: 60_000 })
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
      expect(violations, `${width} px`).toEqual([])
    }
  })
}
