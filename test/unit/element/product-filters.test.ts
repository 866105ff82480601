import { describe, expect, it } from 'vitest'
import {
  type FilterName,
  noFilters,
  offerFilters,
  passes,
} from '../../../src/element/photo-search/search/product-filters.js'
import type { Product } from '../../../src/types.js'

const all: readonly FilterName[] = ['category', 'price', 'availability']
const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  title: id,
  image_link: 'https://shop.example/p.jpg',
  ...more,
})
const sofa = product('sofa', {
  product_type: 'Home > Sofas',
  price: '900.00 EUR',
  sale_price: '700.00 EUR',
  availability: 'in_stock',
})
const lamp = product('lamp', {
  product_type: 'Home > Lamps',
  price: '40.00 EUR',
  availability: 'https://schema.org/OutOfStock',
})
const foreign = product('foreign', { product_type: 'Home > Lamps', price: '60.00 USD' })
const bare = product('bare')

describe('filters', () => {
  it('are offered where the products differ', () => {
    expect(offerFilters([sofa, lamp, foreign, bare], all)).toEqual({
      categories: ['Lamps', 'Sofas'],
      currency: 'EUR',
      availability: true,
    })
  })

  it('are not offered where the shop does not declare them, or there is nothing to choose', () => {
    const nothing = { categories: [], currency: null, availability: false }
    expect(offerFilters([sofa, lamp], [])).toEqual(nothing)
    expect(offerFilters([sofa, sofa], all)).toEqual(nothing)
    expect(offerFilters([bare], all)).toEqual(nothing)
    expect(offerFilters([], all)).toEqual(nothing)
  })

  it('let pass what fits all of them', () => {
    const names = (choice: Partial<typeof noFilters>) =>
      [sofa, lamp, foreign, bare]
        .filter((item) => passes(item, { ...noFilters, ...choice }, 'EUR'))
        .map(({ id }) => id)
    expect(names({})).toEqual(['sofa', 'lamp', 'foreign', 'bare'])
    expect(names({ category: 'Lamps' })).toEqual(['lamp', 'foreign'])
    expect(names({ inStock: true })).toEqual(['sofa', 'foreign', 'bare'])
    // What is to be paid counts, and what is in another currency cannot be compared.
    expect(names({ priceTo: 800 })).toEqual(['sofa', 'lamp'])
    expect(names({ priceFrom: 40, priceTo: 40 })).toEqual(['lamp'])
    expect(names({ priceFrom: 50, inStock: true })).toEqual(['sofa'])
  })

  it('take the sale price only while it holds', () => {
    const offers = ['2020-01-01/2020-01-08', '2020-01-01/2099-01-08', 'some day'].map((period) =>
      product(period, { price: '50 EUR', sale_price: '20 EUR', sale_price_effective_date: period }),
    )
    const cheap = offers.filter((offer) => passes(offer, { ...noFilters, priceTo: 30 }, 'EUR'))
    expect(cheap.map(({ id }) => id)).toEqual(['2020-01-01/2099-01-08'])
    const [past, , unknown] = offers
    expect(offerFilters([past, unknown] as Product[], ['price']).currency).toBeNull()
  })
})
