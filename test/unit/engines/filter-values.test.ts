import { expect, test } from 'vitest'
import { filterValues } from '../../../src/engines/storable.js'

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
])('the price that filters ask about: %s', (_, product, price) => {
  expect(filterValues(product).price).toBe(price)
})
