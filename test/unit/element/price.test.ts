import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextPriceChange, parsePrice, priceAt } from '../../../src/catalog/price.js'
import { priceFormatter } from '../../../src/element/words/price.js'
import type { Product } from '../../../src/types.js'

const noBreakSpace = '\u00a0'
const product = (
  prices: Pick<Partial<Product>, 'price' | 'sale_price' | 'sale_price_effective_date'>,
): Product => ({
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

describe('priceAt', () => {
  const now = Date.parse('2026-03-14T12:00:00Z')

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
    // What is not known to be less is not promised.
    [{ price: '20 EUR', sale_price: '15 USD' }, { current: '20 EUR' }],
    [{ price: '20 EUR', sale_price: 'half of it' }, { current: '20 EUR' }],
    [{ price: '20 EUR', sale_price: '0.00 EUR' }, { current: '20 EUR' }],
    [{ price: '20 EUR', sale_price: '' }, { current: '20 EUR' }],
    // A shop's own words stand beside each other.
    [
      { price: 'ab 20,-', sale_price: 'ab 15,-' },
      { current: 'ab 15,-', original: 'ab 20,-' },
    ],
  ])('is for %j %j', (prices, expected) => expect(priceAt(product(prices), now)).toEqual(expected))

  const sale = (period: string) =>
    product({ price: '50 EUR', sale_price: '20 EUR', sale_price_effective_date: period })
  const reduced = { current: '20 EUR', original: '50 EUR' }
  const regular = { current: '50 EUR' }

  it.each([
    ['', reduced],
    ['  ', reduced],
    ['2020-01-01T00:00+0000/2020-01-08T00:00+0000', regular],
    ['2099-01-01T00:00+0000/2099-01-08T00:00+0000', regular],
    ['2026-03-01T00:00+0000/2026-04-01T00:00+0000', reduced],
    ['next week', regular],
    ['2026-03-01T00:00+0000', regular],
    ['2026-04-01T00:00+0000/2026-03-01T00:00+0000', regular],
  ])('is the reduced one while %j says so', (period, expected) => {
    expect(priceAt(sale(period), now)).toEqual(expected)
  })

  it('is none outside the sale where there is no other', () => {
    const only = product({ sale_price: '20 EUR', sale_price_effective_date: '2020-01-01/2020-01-08' })
    expect(priceAt(only, now)).toBeNull()
  })

  it('changes when it says, whatever the period', () => {
    const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(date, date, date, (a, b, at) => {
        const offered = sale(`${a.toISOString()}/${b.toISOString()}`)
        const next = nextPriceChange(offered, at.getTime())
        const before = priceAt(offered, at.getTime())
        expect(next).toBeGreaterThan(at.getTime())
        if (next === Number.POSITIVE_INFINITY) {
          expect(priceAt(offered, Date.parse('2070-01-01'))).toEqual(before)
        } else {
          expect(priceAt(offered, next - 1)).toEqual(before)
          expect(priceAt(offered, next)).not.toEqual(before)
        }
      }),
    )
  })
})
