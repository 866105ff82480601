import { afterEach, describe, expect, test } from 'vitest'
import { pushToDataLayer } from '../../../src/element/experiment/data-layer.js'
import type { Product } from '../../../src/types.js'

const page = globalThis as { dataLayer?: unknown[] }
afterEach(() => {
  delete page.dataLayer
})

function hit(rank: number, product: Partial<Product> = {}) {
  const id = `sku-${rank}`
  return {
    product: { id, title: 'Chair', image_link: 'https://shop.example/chair.jpg', ...product },
    score: 1,
    rank,
  }
}

/** The parameters of the event that a list of these hits makes. */
function parameters(
  hits: ReturnType<typeof hit>[],
): Record<string, unknown> & { items: Record<string, unknown>[] } {
  pushToDataLayer('view_item_list', { id: 'list', name: 'List', hits, assignment: null })
  const [cleared, pushed] = page.dataLayer?.slice(-2) ?? []
  expect(cleared).toEqual({ ecommerce: null })
  const { event, ecommerce } = pushed as { event: string; ecommerce: never }
  expect(event).toBe('view_item_list')
  return ecommerce
}

describe('an item of the data layer', () => {
  test.each([
    [{}, {}],
    [{ price: '10.00 EUR' }, { price: 10 }],
    [
      { price: '10.10 EUR', sale_price: '9.80 EUR' },
      { price: 9.8, discount: 0.3 },
    ],
    [{ sale_price: '9.80 EUR' }, { price: 9.8 }],
    [{ price: '10.00 EUR', sale_price: '12.00 EUR' }, { price: 10 }],
    [{ price: '10.00 EUR', sale_price: '9.00 USD' }, { price: 10 }],
    [
      { price: '50.00 EUR', sale_price: '20.00 EUR', sale_price_effective_date: '2020-01-01/2099-01-01' },
      { price: 20, discount: 30 },
    ],
    [
      { price: '50.00 EUR', sale_price: '20.00 EUR', sale_price_effective_date: '2020-01-01/2020-01-08' },
      { price: 50 },
    ],
    [{ sale_price: '20.00 EUR', sale_price_effective_date: '2098-01-01/2099-01-01' }, {}],
    [{ price: 'on request' }, {}],
    [
      { price: '1.000 KWD', sale_price: '0.750 KWD' },
      { price: 0.75, discount: 0.25 },
    ],
  ])('of %j costs %j', (product, expected) => {
    const [item] = parameters([hit(0, product)]).items
    expect(item).toEqual({ item_id: 'sku-0', item_name: 'Chair', index: 0, ...expected })
  })

  test('has five categories at most', () => {
    const [one, many] = parameters([
      hit(0, { product_type: 'Home' }),
      hit(1, { product_type: 'a > b>c > > d > e > f' }),
    ]).items
    expect(one).toMatchObject({ item_category: 'Home' })
    expect(one).not.toHaveProperty('item_category2')
    const categories = {
      item_category: 'a',
      item_category2: 'b',
      item_category3: 'c',
      item_category4: 'd',
      item_category5: 'e',
    }
    expect(many).toMatchObject(categories)
    expect(many).not.toHaveProperty('item_category6')
  })
})

describe('an event of the data layer', () => {
  test('has the currency of its prices, and no price in another', () => {
    const { currency, items } = parameters([hit(0), hit(1, { price: '5 EUR' }), hit(2, { price: '5 USD' })])
    expect(currency).toBe('EUR')
    expect(items.map(({ price }) => price)).toEqual([undefined, 5, undefined])
    expect(parameters([hit(0)])).not.toHaveProperty('currency')
  })

  test('has 200 items at most, and joins what the page has pushed', () => {
    page.dataLayer = [{ event: 'gtm.js' }]
    expect(parameters(Array.from({ length: 300 }, (_, rank) => hit(rank))).items).toHaveLength(200)
    expect(page.dataLayer).toHaveLength(3)
  })
})
