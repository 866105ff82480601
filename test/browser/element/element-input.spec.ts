import type { Page } from '@playwright/test'
import type { SimilarItemsElement } from '../../../src/index.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { loadPackage, modelPath } from '../engine/engine-page.js'
import { expect, type Shop, test } from '../harness.js'
import { openShop, results } from './element-page.js'

/**
 * What frameworks and shops set on the element. Most lists come from a neighbour file: they need neither worker nor model.
 */
function publishNeighbors(shop: Shop, ids: readonly string[]): void {
  const list = ids.map((id, rank) => [id, 0.9 - rank / 100])
  shop.write(`/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`, JSON.stringify({ 'sku-01': list }))
}

const element = (attributes = '') =>
  `<similar-items neighbors="/neighbors/{hash:2}.json" item="sku-01" loading="eager" ${attributes}></similar-items>`

function ids(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const list = document.querySelector('similar-items')?.results
    return (list?.hits ?? []).map(({ product }) => product.id)
  })
}

test.describe('a feed of values that cannot be sent to a worker', () => {
  /** Sets the feed of a page as code makes it from plain items. */
  async function setFeed(page: Page, make: string): Promise<void> {
    await page.evaluate(
      `import('/feed.js').then(({ items, watched }) => {
        document.querySelector('similar-items').catalog = (${make})(items, watched)
      })`,
    )
  }

  async function openPage(page: Page, shop: Shop, body: string): Promise<void> {
    const items = shop.photos.slice(0, 4).map((photo, index) => {
      return { id: `sku-0${index + 1}`, title: photo, image_link: `/photos/${photo}` }
    })
    shop.write(
      '/feed.js',
      `export const items = ${JSON.stringify(items)}
       /** As Vue, Svelte and MobX do it: a proxy of every object and list that is read through a proxy. */
       export const watched = (value) => /Object|Array/.test(Object.prototype.toString.call(value))
         ? new Proxy(value, { get: (target, name, self) => watched(Reflect.get(target, name, self)) })
         : value`,
      { 'content-type': 'text/javascript' },
    )
    await openShop(page, shop, body)
  }

  const engine = `<similar-items item="sku-01" loading="eager" model="${modelPath}"></similar-items>`

  test('is ranked: proxies, functions, dates, class instances, items that refer to each other', async ({
    page,
    shop,
  }) => {
    await openPage(page, shop, engine)
    await setFeed(
      page,
      `(items, watched) => {
        class Item { #shop = 'mine'; constructor(fields) { Object.assign(this, fields) } }
        const all = [
          new Item({ ...items[0], onClick: () => {}, mark: Symbol('x'), made: new Date(), weight: 12n }),
          { ...items[1], image_link: new URL(items[1].image_link, location.href) },
          items[2],
          () => items[3],
        ]
        all[2].related = all
        return watched(all)
      }`,
    )
    await results(page)
    expect((await ids(page)).sort()).toEqual(['sku-02', 'sku-03'])
    const skipped = await page.evaluate(() => document.querySelector('similar-items')?.status?.skipped)
    expect(skipped).toEqual([{ id: '#4', reason: 'It has no id.' }])
  })

  test('is read with neighbour files too, and so is what the shop gives for ids', async ({ page, shop }) => {
    publishNeighbors(shop, ['sku-02', 'sku-03'])
    await openPage(page, shop, element())
    await setFeed(
      page,
      '(items, watched) => watched(items.map((item) => ({ ...item, weight: 5n, go() {} })))',
    )
    await results(page)
    expect(await ids(page)).toEqual(['sku-02', 'sku-03'])
    await page.evaluate(`import('/feed.js').then(({ items, watched }) => {
      const element = document.querySelector('similar-items')
      element.products = async () => watched([{ ...items[2], image_link: new URL(items[2].image_link, location.href) }])
    })`)
    await expect.poll(() => ids(page)).toEqual(['sku-03'])
  })

  test('opens an engine, whose other arguments are refused with a sentence', async ({ page, shop }) => {
    await openPage(page, shop, '')
    await loadPackage(page)
    const outcome = await page.evaluate(async (model) => {
      const { SimilarityEngine } = window.similarItems
      const messageOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'it was accepted',
          (error) => `${error.code}: ${error.message}`,
        )
      const { items, watched } = await import(/* @vite-ignore */ `${location.origin}/feed.js`)
      const open = (options: object) => SimilarityEngine.open({ catalog: watched(items), model, ...options })
      const engine = await open({})
      const cyclic: Record<string, unknown> = {}
      cyclic.self = cyclic
      const refused = {
        model: await messageOf(open({ model: cyclic })),
        projection: await messageOf(open({ projection: 5n })),
        storeName: await messageOf(open({ storeName: Object.create(null) })),
        threads: await messageOf(open({ threads: Symbol('two') })),
        image: await messageOf(engine.searchByImage(new Proxy(new Blob(['x']), {}))),
        crop: await messageOf(engine.embed('/x.jpg', { crop: { x: () => 0 } as never })),
        limit: await messageOf(engine.similarTo('sku-01', { limit: 5n as never })),
      }
      const products = await engine.products()
      await engine.close()
      return { refused, ids: products.map(({ id }) => id) }
    }, modelPath)
    expect(outcome).toEqual({
      ids: ['sku-01', 'sku-02', 'sku-03', 'sku-04'],
      refused: {
        model: 'invalid-argument: model must be a URL; it is an object.',
        projection: 'invalid-argument: projection must be a URL; it is 5.',
        storeName: 'invalid-argument: storeName must be text; it is an object.',
        threads: 'invalid-argument: threads must be a positive whole number; it is Symbol(two).',
        image: expect.stringMatching(/^invalid-argument: The worker cannot be sent what was passed\./),
        crop: 'invalid-argument: crop has to have the numbers x, y, width and height.',
        limit: 'invalid-argument: limit has to be a number; it is 5.',
      },
    })
  })

  test('words and variants may be proxies; words of the wrong kind leave the standard ones', async ({
    page,
    shop,
  }) => {
    publishNeighbors(shop, ['sku-02', 'sku-03'])
    shop.photoCatalog(4)
    await openShop(page, shop, element('catalog="/catalog.json" experiment="fewer"'))
    await page.evaluate(() => {
      const list = document.querySelector('similar-items') as SimilarItemsElement
      const strings = { heading: 'Alike', next: undefined, previous: Symbol('back'), found: 'no function' }
      list.strings = new Proxy(strings as object, {})
      list.visitor = 'anybody'
      list.variants = new Proxy([{ name: 'one', settings: new Proxy({ limit: 1 }, {}) }], {})
    })
    await results(page)
    expect(await ids(page)).toEqual(['sku-02'])
    await expect(page.getByRole('heading', { name: 'Alike' })).toBeVisible()
    await expect(page.locator('similar-items').locator('[part="next"]')).toHaveAttribute('aria-label', 'Next')
    await expect(page.getByRole('status')).toHaveText('Alike: 1 product')
  })
})

test('what is switched off is off: photo-search="false", as Vue writes it, and the property', async ({
  page,
  shop,
}) => {
  publishNeighbors(shop, ['sku-02'])
  shop.photoCatalog(3)
  await openShop(page, shop, element('catalog="/catalog.json" photo-search="false"'))
  await results(page)
  const button = page.getByRole('button', { name: 'Search with a photo' })
  await expect(button).toBeHidden()
  const set = (value: unknown) =>
    page.evaluate((value) => {
      const list = document.querySelector('similar-items') as SimilarItemsElement
      list.photoSearch = value as boolean
      return { property: list.photoSearch, attribute: list.getAttribute('photo-search') }
    }, value)
  const on = { property: true, attribute: '' }
  const off = { property: false, attribute: null }
  for (const [value, expected] of [
    [true, on],
    [false, off],
    ['', on],
    ['false', off],
    ['true', on],
    [null, off],
  ] as const) {
    expect(await set(value)).toEqual(expected)
    await expect(button).toBeVisible({ visible: expected.property })
  }
})

test.describe('a sale price with dates', () => {
  const now = Date.parse('2026-03-14T12:00:00Z')

  function publishSales(shop: Shop, periods: readonly (string | undefined)[]): void {
    const ids = periods.map((_, index) => `sale-${index}`)
    publishNeighbors(shop, ids)
    const items = periods.map((period, index) => {
      const prices = { price: '50.00 EUR', sale_price: '20.00 EUR', sale_price_effective_date: period }
      return {
        id: ids[index],
        title: `Chair ${index}`,
        image_link: `/photos/${shop.photos[index]}`,
        ...prices,
      }
    })
    shop.write('/catalog.json', JSON.stringify(items))
  }

  const prices = (page: Page) =>
    page
      .locator('similar-items')
      .locator('[part="price"]')
      .allTextContents()
      .then((texts) => texts.map((text) => text.replace('Sale price: ', '').split(' ')[0]))

  test('holds between them, in the cards and for analytics', async ({ page, shop }) => {
    publishSales(shop, [
      '2020-01-01T00:00+0000/2020-01-08T00:00+0000',
      '2099-01-01T00:00+0000/2099-01-08T00:00+0000',
      '2026-03-14/2026-03-14',
      '2026-03-14T12:00:00Z/',
      'soon',
      undefined,
    ])
    await page.clock.setFixedTime(now)
    await openShop(page, shop, element('catalog="/catalog.json" analytics="ga4"'))
    await results(page)
    expect(await prices(page)).toEqual(['€50.00', '€50.00', '€20.00', '€20.00', '€50.00', '€20.00'])
    const told = await page.waitForFunction(() => {
      const events = (window as unknown as { dataLayer?: { ecommerce?: { items: { price: number }[] } }[] })
        .dataLayer
      return events?.find(({ ecommerce }) => ecommerce)?.ecommerce?.items.map(({ price }) => price)
    })
    expect(await told.jsonValue()).toEqual([50, 50, 20, 20, 50, 20])
  })

  test('begins and ends on a page that stays open, and when somebody comes back to it', async ({
    page,
    shop,
  }) => {
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
    publishSales(shop, [`${at(-60)}/${at(1)}`, `${at(1)}/${at(9000)}`, `${at(4000)}/${at(9000)}`])
    await page.clock.setFixedTime(now)
    await openShop(page, shop, element('catalog="/catalog.json"'))
    await results(page)
    expect(await prices(page)).toEqual(['€20.00', '€50.00', '€50.00'])
    await page.clock.setFixedTime(now + 2000)
    await expect.poll(() => prices(page)).toEqual(['€50.00', '€20.00', '€50.00'])
    // A computer that slept: its timers have not run.
    await page.clock.setFixedTime(now + 4_000_000)
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    expect(await prices(page)).toEqual(['€50.00', '€20.00', '€20.00'])
  })
})
