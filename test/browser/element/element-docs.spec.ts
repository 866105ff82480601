import { expect, test } from '../harness.js'
import { documented, openShop, results } from './element-page.js'

const element = '<similar-items catalog="/catalog.json" item="sku-01" loading="eager"></similar-items>'

test.describe('what docs/element.md shows', () => {
  test('a card renderer', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, element)
    await results(page)
    await page.evaluate(documented('Your own cards', 'js'))
    const links = page.getByRole('link')
    await expect(links).toHaveCount(3)
    await expect(links.first()).toHaveAttribute('title', /^\d+ % similar$/)
    await expect(links.first()).toContainText(/\S+.*€1\d\.90/)
    await expect(page.locator('similar-items [part=image] img')).toHaveCount(3)
  })

  test('measuring', async ({ page, shop }) => {
    shop.photoCatalog(3)
    shop.write('/analytics', '')
    await openShop(page, shop, element)
    await results(page)
    const seen = page.waitForRequest((request) => request.postData()?.includes('si-impression') ?? false)
    await page.evaluate(`${documented('Measuring', 'js')}
      document.addEventListener('click', (event) => event.preventDefault())
      document.querySelector('similar-items').refresh()`)
    const sent = page.waitForRequest((request) => request.postData()?.includes('si-select') ?? false)
    await page.getByRole('link').first().click()
    expect(Object.keys(JSON.parse((await sent).postData() ?? ''))).toEqual([
      'type',
      'id',
      'position',
      'score',
      'queryId',
    ])
    await seen
  })

  test('routing in the page', async ({ page, shop }) => {
    shop.photoCatalog(3)
    await openShop(page, shop, element)
    await results(page)
    const address = page.url()
    await page.evaluate(`window.router = { push: (link) => { window.pushed = link } }
      ${documented('Routing in the page', 'js')}`)
    await page.getByRole('link').first().click()
    expect(await page.evaluate('window.pushed')).toMatch(/\/p\/sku-0[23]$/)
    expect(page.url()).toBe(address)
  })

  test('colours, ratios and parts', async ({ page, shop }) => {
    shop.photoCatalog(6)
    shop.write('/looks.css', documented('Looks', 'css'), { 'content-type': 'text/css' })
    await openShop(page, shop, element, { head: '<link rel="stylesheet" href="/looks.css">' })
    await results(page)
    const image = await page.locator('similar-items [part=image]').first().boundingBox()
    expect((image?.width ?? 0) / (image?.height ?? 1)).toBeCloseTo(4 / 5, 2)
    await expect(page.locator('similar-items [part=title]').first()).toHaveCSS('font-weight', '600')
    const list = await page.getByRole('list').boundingBox()
    expect((list?.width ?? 0) / (image?.width ?? 1)).toBeGreaterThan(4)
    expect((list?.width ?? 0) / (image?.width ?? 1)).toBeLessThan(4.5)
  })
})
