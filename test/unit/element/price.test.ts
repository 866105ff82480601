import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrice, priceFormatter, productPrice } from '../../../src/element/price.js'
import type { Product } from '../../../src/types.js'

const noBreakSpace = '\u00a0'
const product = (prices: Pick<Partial<Product>, 'price' | 'sale_price'>): Product => ({
  id: '1',
  title: 'Chair',
  image_link: 'https://shop.example/1.jpg',
  ...prices,
})

describe('parsePrice', () => {
  it.each([
    ['24.90 EUR', { amount: 24.9, currency: 'EUR' }],
    ['15 usd', { amount: 15, currency: 'USD' }],
    [' 0.99GBP ', { amount: 0.99, currency: 'GBP' }],
  ])('reads %j', (text, price) => expect(parsePrice(text)).toEqual(price))

  it.each(['', 'EUR', '24,90 EUR', '1,299.00 USD', '-5 EUR', '$5', '5 EURO', '1e3 EUR', 'from 5 EUR'])(
    'does not guess at %j',
    (text) => expect(parsePrice(text)).toBeNull(),
  )

  it('reads what it would have to write, for every amount in cents', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.constantFrom('EUR', 'USD', 'CHF'), (cents, currency) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')} ${currency}`
        expect(parsePrice(text)).toEqual({ amount: Number((cents / 100).toFixed(2)), currency })
      }),
    )
  })
})

describe('priceFormatter', () => {
  it.each([
    ['en', '1299.5 EUR', '€1,299.50'],
    ['de', '1299.5 EUR', `1.299,50${noBreakSpace}€`],
    ['en', '1200 JPY', '¥1,200'],
    ['en', 'on request ', 'on request'],
  ])('writes for %s %j as %j', (language, text, expected) => {
    expect(priceFormatter(language)(text)).toBe(expected)
  })

  it.each(['', 'not a language tag', 'x', 'tlh'])('writes something for the language %j', (language) => {
    expect(priceFormatter(language)('5 EUR')).toMatch(/5/)
  })

  it('never throws, whatever the text and the language', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (language, text) => {
        expect(typeof priceFormatter(language)(text)).toBe('string')
      }),
    )
  })
})

describe('productPrice', () => {
  const asIs = (text: string) => text
  it.each([
    [{}, null],
    [{ price: '20 EUR' }, { current: '20 EUR' }],
    [{ sale_price: '15 EUR' }, { current: '15 EUR' }],
    [
      { price: '20 EUR', sale_price: '15 EUR' },
      { current: '15 EUR', original: '20 EUR' },
    ],
    [{ price: '20 EUR', sale_price: '20 EUR' }, { current: '20 EUR' }],
    [{ price: '20 EUR', sale_price: '25 EUR' }, { current: '20 EUR' }],
    [
      { price: '20 EUR', sale_price: '25 USD' },
      { current: '25 USD', original: '20 EUR' },
    ],
  ])('shows for %j %j', (prices, expected) => expect(productPrice(product(prices), asIs)).toEqual(expected))
})
