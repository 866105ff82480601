import { expect, test } from 'vitest'
import { filterValues, timelyConditions } from '../../../src/engines/filter-values.js'

const ended = { sale_price_effective_date: '2020-01-01/2020-01-31' }
const sale = { price: '100.00 EUR', sale_price: '40.00 EUR' }

test.each([
  ['a sale without an end', sale, 40],
  ['a sale that has ended', { ...sale, sale_price_effective_date: '2020-01-01/2020-01-31' }, 100],
  ['a sale that will end', { ...sale, sale_price_effective_date: '2020-01-01/2999-01-31' }, 100],
  ['a period that is empty', { ...sale, sale_price_effective_date: ' ' }, 40],
  ['a sale price of nothing', { ...sale, sale_price: '0 EUR' }, 100],
  ['a sale price that saves nothing', { ...sale, sale_price: '120 EUR' }, 100],
  ['a sale price in another currency', { ...sale, sale_price: '40 USD' }, 100],
  ['a sale price alone', { sale_price: '40 EUR' }, 40],
  ['a price in words', { price: 'from 100' }, undefined],
  ['a sale in numbers', { price: 100, sale_price: 40 }, 40],
  ['a sale in numbers that has ended', { price: 100, sale_price: 40, ...ended }, 100],
  ['a sale in decimals, as pg gives numeric', { price: '100.00', sale_price: '40.00' }, 40],
  ['a price of a database without a sale', { price: '100.00', sale_price: null }, 100],
])('the price that filters ask about: %s', (_, product, price) => {
  expect(filterValues(product).price).toBe(price)
})

const range = (product: Record<string, unknown>) => {
  const { lowest_price: lowest, highest_price: highest, currency } = filterValues(product)
  return [lowest, highest, currency]
}

test.each([
  ['a sale without an end', sale, [40, 40, 'EUR']],
  ['a sale that will end', { ...sale, sale_price_effective_date: '2020-01-01/2999-01-31' }, [40, 100, 'EUR']],
  ['a sale whose dates mean nothing', { ...sale, sale_price_effective_date: 'soon' }, [100, 100, 'EUR']],
  [
    'a sale with dates, and no price else',
    { sale_price: '40 EUR', sale_price_effective_date: '2020-01-01/2020-01-31' },
    [40, 40, 'EUR'],
  ],
  ['a price in words', { price: 'from 100' }, [undefined, undefined, undefined]],
  ['a number', { price: 12.5 }, [12.5, 12.5, undefined]],
  ['a sale in numbers', { price: 20, sale_price: 15 }, [15, 15, undefined]],
  ['a decimal', { price: '20.00' }, [20, 20, undefined]],
])('the least and the most that a product costs: %s', (_, product, expected) => {
  expect(range(product)).toEqual(expected)
})

test('a filter on the price is met by what a product costs at the moment', () => {
  const product = { ...sale, sale_price_effective_date: '2026-03-01/2026-03-31' }
  const conditions = [{ attribute: 'price', from: 30, to: 50 }]
  const isMetAt = (date: string) => timelyConditions(conditions, Date.parse(date)).isMet(product)
  expect(['2026-02-28', '2026-03-15', '2026-04-01'].map(isMetAt)).toEqual([false, true, false])
  expect(timelyConditions([], 0).isMet({})).toBe(true)
  expect(timelyConditions(conditions, 0).isMet({ price: 'on request' })).toBe(false)
  const other = { attribute: 'brand', oneOf: ['Oak'] }
  expect(timelyConditions([other], 0).asked).toEqual([other])
})

test.each([
  ['in words', { price: '€ 20' }, true],
  ['with a comma', { price: '90,00 EUR' }, true],
  ['that is not there', { title: 'Chair' }, true],
  ['of null', { price: null }, true],
  ['in numbers', { price: 90 }, false],
  ['in decimals', { price: '90.00' }, false],
  ['in numbers, with a sale', { price: 90, sale_price: 40 }, true],
])('a price %s is what counts where it can be read, else the one that is stored', (_, current, isMet) => {
  const conditions = [{ attribute: 'price', from: 30, to: 50 }]
  expect(timelyConditions(conditions, 0).isMet(current, sale)).toBe(isMet)
  expect(timelyConditions(conditions, 0).isMet(current, { price: '90 EUR' })).toBe('sale_price' in current)
})

test('what no database can store is no value, whatever its name', () => {
  const product = { 'a\0b': 5, 'half \ud83d': 'x', '\ud83d': '\ude00', good: 'yes', big: Number.NaN }
  expect(filterValues(product)).toEqual({ good: 'yes' })
})
