import { createRequire } from 'node:module'
import { expect, test } from '../harness.js'
import { openShop, results } from './element-page.js'

const axe = createRequire(import.meta.url).resolve('axe-core')
const element = '<similar-items catalog="/catalog.json" item="sku-01" loading="eager"></similar-items>'

test.describe('the list', () => {
  test('is a labelled section with an ordered list of links', async ({ page, shop }) => {
    shop.photoCatalog(8)
    await openShop(page, shop, element)
    await results(page)
    const section = page.getByRole('region', { name: 'Similar items' })
    await expect(section.getByRole('heading', { level: 2, name: 'Similar items' })).toBeVisible()
    await expect(section.getByRole('list').getByRole('listitem')).toHaveCount(7)
    const links = section.getByRole('link')
    await expect(links).toHaveCount(7)
    for (const link of await links.all()) await expect(link).toHaveAttribute('href', /\/p\/sku-0[2-8]$/)
    await expect(section.getByRole('link', { name: /€16\.90/ })).toContainText('Out of stock')
    await expect(page.getByRole('status')).toHaveText('Similar items: 7 products')
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has nothing that axe finds, ${colorScheme}`, async ({ page, shop }) => {
      shop.photoCatalog(8)
      await page.emulateMedia({ colorScheme })
      await openShop(page, shop, element, { head: '<meta name="color-scheme" content="light dark">' })
      await results(page)
      await page.addScriptTag({ path: axe })
      const report = await page.evaluate(() => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: unknown[]; passes: unknown[] }> }
        }
        return axe.run()
      })
      expect(report.passes.length).toBeGreaterThan(10)
      expect(report.violations).toEqual([])
    })
  }

  test('works under a strict Content-Security-Policy, with its styles', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, element, { csp: true })
    await results(page)
    await expect(page.getByRole('list')).toHaveCSS('display', 'grid')
    await expect(page.getByRole('listitem')).toHaveCount(3)
  })

  test('moves nothing, from the first paint to the last card', async ({ page, shop }) => {
    shop.photoCatalog(24)
    const watch = `shifts = []; furthest = 0
      const note = (list) => shifts.push(...list.getEntries().map(({ value }) => value))
      new PerformanceObserver(note).observe({ type: 'layout-shift', buffered: true })
      document.addEventListener('si-results', ({ target }) => requestAnimationFrame(() => {
        furthest = Math.max(furthest, target.shadowRoot.querySelector('ol').scrollLeft)
      }))`
    shop.write('/watch.js', watch, { 'content-type': 'text/javascript' })
    await openShop(page, shop, element, { head: '<script src="/watch.js"></script>' })
    await results(page)
    await page.waitForTimeout(500)
    const { shifts, furthest } = await page.evaluate(() => {
      const { shifts, furthest } = window as unknown as { shifts: number[]; furthest: number }
      return { shifts, furthest }
    })
    const total = shifts.reduce((sum, value) => sum + value, 0)
    console.log(`cumulative layout shift while 24 products are indexed: ${total}`)
    expect(total).toBeLessThan(0.01)
    expect(furthest).toBe(0)
  })

  test('puts a placeholder in place of a picture that does not load', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, element)
    await results(page)
    shop.allowErrors('/gone.jpg')
    await page.evaluate(() => {
      const root = document.querySelector('similar-items')?.shadowRoot
      root?.querySelector('img')?.setAttribute('src', '/gone.jpg')
    })
    await expect(page.locator('similar-items [part=image] svg')).toHaveCount(1)
    await expect(page.locator('similar-items img')).toHaveCount(2)
  })

  test('keeps hostile titles, brands and links inert', async ({ page, shop }) => {
    const hostile =
      '<img src=/hacked.png onerror="window.hacked = true"><script>window.hacked = true</script>'
    const item = (id: string, more: object) => ({
      id,
      title: hostile,
      brand: hostile,
      price: hostile,
      image_link: `/photos/${shop.photos[id.length]}`,
      ...more,
    })
    const feed = [
      item('a', {}),
      item('<b>', { link: 'javascript:window.hacked=true' }),
      item('"><i>', { link: '/p/"onclick="window.hacked=true' }),
    ]
    shop.write('/catalog.json', JSON.stringify(feed), { 'content-type': 'application/json' })
    await openShop(
      page,
      shop,
      '<similar-items catalog="/catalog.json" item="a" loading="eager"></similar-items>',
    )
    await results(page)
    const cards = page.locator('similar-items [part=card]')
    await expect(cards.first()).toContainText('<script>window.hacked = true</script>')
    expect(
      await cards.evaluateAll((all) => all.map((card) => card.getAttribute('href') ?? '')),
    ).not.toContainEqual(expect.stringContaining('javascript:'))
    for (const card of await cards.all()) {
      await card.evaluate((node) => node.addEventListener('click', (event) => event.preventDefault()))
      await card.click()
    }
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(shop.requests('/hacked.png')).toEqual([])
  })
})

test.describe('the carousel', () => {
  test('is used by keyboard alone', async ({ page, shop }) => {
    shop.photoCatalog(12)
    await page.setViewportSize({ width: 390, height: 844 })
    await openShop(page, shop, element)
    await results(page)
    const links = page.getByRole('link')
    await links.first().focus()
    await page.keyboard.press('ArrowRight')
    await expect(links.nth(1)).toBeFocused()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect(links.first()).toBeFocused()
    await page.keyboard.press('End')
    await expect(links.last()).toBeFocused()
    await expect(links.last()).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('Home')
    await page.keyboard.press('Tab')
    await expect(links.nth(1)).toBeFocused()
    shop.allowErrors('/p/')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/p\/sku-/)
  })

  test('scrolls by its buttons, which rest at the ends', async ({ page, shop }) => {
    shop.photoCatalog(12)
    await page.setViewportSize({ width: 390, height: 844 })
    await openShop(page, shop, element)
    await results(page)
    const previous = page.getByRole('button', { name: 'Previous' })
    const next = page.getByRole('button', { name: 'Next' })
    await expect(previous).toBeDisabled()
    await expect(next).toBeEnabled()
    await next.click()
    await expect(previous).toBeEnabled()
    const list = page.getByRole('list')
    await expect.poll(() => list.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(200)
    await page.getByRole('link').last().focus()
    await expect(next).toBeDisabled()
  })

  test('begins a new list at its first card, also after it was empty or out of sight', async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(12)
    await page.setViewportSize({ width: 390, height: 844 })
    await openShop(page, shop, element)
    await results(page)
    const places = await page.evaluate(async () => {
      const shown = document.querySelector('similar-items') as HTMLElementTagNameMap['similar-items']
      const list = shown.shadowRoot?.querySelector('#list') as HTMLElement
      const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
      const scrolled = async () => {
        list.scrollTo({ left: 400, behavior: 'instant' })
        await wait(200)
        return list.scrollLeft > 200
      }
      const ask = async (item: string) => {
        const answered = new Promise((resolve) =>
          shown.addEventListener('si-results', resolve, { once: true }),
        )
        shown.item = item
        await answered
        await wait(200)
      }
      const places: Record<string, unknown> = { first: await scrolled() }
      shown.item = ''
      await wait(0)
      await ask('sku-02')
      places.afterNone = list.scrollLeft
      places.second = await scrolled()
      shown.style.display = 'none'
      await wait(200)
      await ask('sku-03')
      shown.style.display = ''
      await wait(200)
      places.afterHidden = list.scrollLeft
      places.third = await scrolled()
      await ask('sku-04')
      places.afterAnother = list.scrollLeft
      return places
    })
    expect(places).toEqual({
      first: true,
      afterNone: 0,
      second: true,
      afterHidden: 0,
      third: true,
      afterAnother: 0,
    })
  })

  test('has no buttons when everything fits', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, element)
    await results(page)
    await expect(page.getByRole('listitem')).toHaveCount(3)
    await expect(page.getByRole('button')).toHaveCount(0)
  })

  test('runs from right to left', async ({ page, shop }) => {
    shop.photoCatalog(12)
    await page.setViewportSize({ width: 390, height: 844 })
    await openShop(page, shop, element, { lang: 'ar', dir: 'rtl' })
    await results(page)
    const links = page.getByRole('link')
    const first = await links.first().boundingBox()
    const second = await links.nth(1).boundingBox()
    expect(first?.x).toBeGreaterThan(second?.x ?? Number.POSITIVE_INFINITY)
    await links.first().focus()
    await page.keyboard.press('ArrowLeft')
    await expect(links.nth(1)).toBeFocused()
    await page.getByRole('button', { name: 'التالي' }).click()
    await expect(page.getByRole('button', { name: 'السابق' })).toBeEnabled()
    expect(await page.getByRole('list').evaluate((list) => list.scrollLeft)).toBeLessThan(0)
  })

  for (const [name, width, fontSize] of [
    ['320 px', 320, '100%'],
    ['twice the font size at 390 px', 390, '200%'],
  ] as const) {
    test(`fits at ${name}`, async ({ page, shop }) => {
      shop.photoCatalog(6)
      await page.setViewportSize({ width, height: 800 })
      shop.write('/size.css', `html { font-size: ${fontSize} }`, { 'content-type': 'text/css' })
      await openShop(page, shop, element, { head: '<link rel="stylesheet" href="/size.css">' })
      await results(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await expect(page.getByRole('button', { name: 'Next' })).toBeInViewport({ ratio: 1 })
    })
  }
})

test.describe('without results', () => {
  const content = '<a href="/p/1">from the shop</a><p slot="empty">nothing</p><p slot="error">broken</p>'
  const withContent = (attributes: string) =>
    `<similar-items ${attributes} loading="eager">${content}</similar-items>`

  test('it shows what the shop put in, until there are results', async ({ page, shop }) => {
    shop.photoCatalog(4)
    shop.fault('/catalog.json', { kind: 'delay', milliseconds: 1000 })
    await openShop(page, shop, withContent('catalog="/catalog.json" item="sku-01"'))
    await expect(page.getByText('from the shop')).toBeVisible()
    await expect(page.getByText('nothing')).toBeHidden()
    await results(page)
    await expect(page.getByText('from the shop')).toBeHidden()
    await expect(page.getByRole('listitem')).toHaveCount(3)
  })

  test('it is empty when nothing is similar', async ({ page, shop }) => {
    shop.photoCatalog(1)
    await openShop(page, shop, withContent('catalog="/catalog.json" item="sku-01"'))
    await expect(page.getByText('nothing')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('from the shop')).toBeVisible()
    await expect(page.getByText('broken')).toBeHidden()
    await expect(page.getByRole('region')).toHaveCount(0)
    expect(await page.locator('similar-items:state(empty)').count()).toBe(1)
  })

  test('it says what failed, and works after the feed is repaired', async ({ page, shop }) => {
    shop.photoCatalog(4)
    shop.allowErrors('<similar-items>')
    const rule = shop.fault('/catalog.json', { kind: 'html' })
    await openShop(page, shop, withContent('catalog="/catalog.json" item="sku-01"'))
    await expect(page.getByText('broken')).toBeVisible()
    await expect(page.getByText('from the shop')).toBeVisible()
    expect(await page.locator('similar-items:state(error)').count()).toBe(1)
    rule.remove()
    await page.evaluate(() => document.querySelector('similar-items')?.refresh())
    await expect(page.getByRole('listitem')).toHaveCount(3, { timeout: 30_000 })
  })

  test('an inline feed that is no JSON is explained once', async ({ page, shop }) => {
    shop.allowErrors('is not valid JSON')
    const messages: string[] = []
    page.on('console', (message) => messages.push(message.text()))
    const feed = '<script type="application/json">[{"id": </script>'
    await openShop(page, shop, `<similar-items item="1" loading="eager">${feed}</similar-items>`)
    await expect.poll(() => messages.filter((text) => text.includes('is not valid JSON')).length).toBe(1)
    await expect.poll(() => page.evaluate(() => document.querySelector('similar-items')?.state)).toBe('error')
  })
})
