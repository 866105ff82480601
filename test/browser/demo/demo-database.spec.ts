import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { build } from 'vite'
import { similarEndpoint } from '../../../demo/database/endpoint.js'
import { DATABASE_MODE } from '../../../demo/database/plugin.js'
import { ShopDatabase } from '../../../demo/database/shop-database.js'
import { expect, test } from '../harness.js'
import { serveDemo } from './demo-site.js'

test.describe.configure({ timeout: 240_000 })

const { server, ...demo } = serveDemo()
const base = '/shops/asking/'
let database: ShopDatabase
let pages: string

/** The pages that may ask, beside the data and the package of the static site. */
test.beforeAll(async () => {
  database = new ShopDatabase()
  pages = await mkdtemp(join(tmpdir(), 'demo-'))
  const root = fileURLToPath(new URL('../../../demo', import.meta.url))
  const options = { outDir: pages, emptyOutDir: true, target: 'es2022', modulePreload: false } as const
  await build({
    root,
    base: './',
    mode: DATABASE_MODE,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: options,
  })
  for (const folder of ['data', 'similar-items']) server.mount(base + folder, join(demo.site, folder))
  server.mount(base.slice(0, -1), pages)
  server.write(base, await readFile(join(pages, 'index.html')), {
    'content-type': 'text/html; charset=utf-8',
  })
  await database.load('photos')
  const mounted = `${base}api/similar`
  const endpoint = similarEndpoint(database)
  server.handle(`${mounted}/photos`, async (request, response) => {
    request.url = request.url?.slice(mounted.length) ?? '/'
    await endpoint(request, response, (error) => response.destroy(error as Error))
  })
})
test.afterAll(async () => {
  await database.close()
  await rm(pages, { recursive: true, force: true })
})

const open = (page: Page, hash: string) => page.goto(new URL(base + hash, demo.address('')).href)
const panel = (page: Page) => page.getByRole('complementary', { name: 'What just happened' })
const asking = (page: Page) => page.getByRole('switch', { name: 'Ask a database' })
const questions = () => server.log.filter(({ path }) => path.startsWith(`${base}api/`))
/** Scores of the list by id, in order. */
const shown = (page: Page) =>
  page.evaluate(() => {
    const hits = document.querySelector('similar-items')?.results?.hits ?? []
    return Object.fromEntries(hits.map(({ product, score }) => [product.id, score]))
  })
/** Milliseconds for loading the model and encoding a catalogue on a busy machine. */
const encoding = 150_000

/**
 * The page encodes pictures by itself, the pack was encoded in Node, and 8-bit weights are rounded otherwise by each:
 * scores differ a little, so that products of about the lowest score are in one list only.
 */
function expectSameList(asked: Record<string, number>, own: Record<string, number>): void {
  const rounding = 0.03
  const lowest = 0.35 + rounding
  const sure = (list: Record<string, number>) => Object.keys(list).filter((id) => Number(list[id]) > lowest)
  expect(Object.keys(asked)).toEqual(expect.arrayContaining(sure(own)))
  expect(Object.keys(own)).toEqual(expect.arrayContaining(sure(asked)))
  for (const id of sure(own)) expect(Math.abs(Number(asked[id]) - Number(own[id])), id).toBeLessThan(rounding)
}

test('the same pages ask a database: the same list for one request, and photos as vectors', async ({
  page,
}) => {
  await open(page, '#/photos/grey-fabric-sofa')
  await expect(panel(page)).toContainText('50 pictures encoded in this browser', { timeout: encoding })
  const own = await shown(page)
  expect(Object.keys(own).length).toBeGreaterThan(3)
  expect(questions(), 'nobody is asked at first').toEqual([])

  server.log.length = 0
  await panel(page).locator('summary').click()
  await asking(page).click()
  await expect(panel(page)).toContainText('from a database: 1 request', { timeout: 60_000 })
  await expect(asking(page)).toBeChecked()
  await expect(asking(page)).toBeFocused()
  const asked = await shown(page)
  expectSameList(asked, own)
  expect(questions().map(({ method, status }) => [method, status])).toEqual([['GET', 200]])
  await expect(page.getByText('Nothing about you or your pictures is sent')).toHaveCount(0)
  const first = page.getByRole('region', { name: 'Looks similar' }).getByRole('listitem').first()
  await expect(first.locator('img')).toHaveJSProperty('complete', true)

  await expectNothingOfAxe(page)
  server.log.length = 0
  await asking(page).click()
  await expect(panel(page)).toContainText(/stored vectors|encoded in this browser/, { timeout: encoding })
  expect(await shown(page), 'off again it is the list of before').toEqual(own)
  expect(questions()).toEqual([])
  await expect(page.getByText('Nothing about you or your pictures is sent')).toHaveCount(1)
  await asking(page).click()
  await expect(panel(page)).toContainText('from a database: 1 request')
  expect(await shown(page)).toEqual(asked)

  await first.getByRole('link').click()
  await expect(page).toHaveURL(new RegExp(`${base}#/photos/${Object.keys(asked)[0]}$`))
  await expect(panel(page)).toContainText('from a database: 1 request')
  await page.reload()
  await expect(panel(page), 'as long as the tab is open').toContainText('from a database')

  await open(page, '')
  await page.getByRole('button', { name: 'A shoe' }).click()
  const results = page.locator('[part="photo-results"]')
  await expect(results).toHaveAttribute('aria-busy', 'false', { timeout: encoding })
  await expect(results.getByRole('listitem').first()).toContainText('Running Shoe')
  expect(questions().filter(({ method }) => method === 'POST')).not.toEqual([])
})

async function expectNothingOfAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
      expect(
        violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
        `${colorScheme}, ${width}`,
      ).toEqual([])
    }
  }
}

test('the static site knows of no database', async () => {
  const scripts = (await readdir(join(demo.site, 'assets'))).filter((name) => name.endsWith('.js'))
  expect(scripts).not.toEqual([])
  for (const name of scripts) {
    expect(await readFile(join(demo.site, 'assets', name), 'utf8')).not.toMatch(/api\/similar|database/i)
  }
})
