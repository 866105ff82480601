import { expect, test } from 'vitest'
import { readAvailability } from '../../../src/catalog/availability.js'

test.each([
  ['in_stock', 'in_stock'],
  ['in stock', 'in_stock'],
  ['https://schema.org/InStock', 'in_stock'],
  ['InStoreOnly', 'in_stock'],
  ['LimitedAvailability', 'in_stock'],
  ['available for order', 'in_stock'],
  ['out_of_stock', 'out_of_stock'],
  ['Out-of-Stock', 'out_of_stock'],
  ['http://schema.org/OutOfStock', 'out_of_stock'],
  ['SoldOut', 'out_of_stock'],
  ['sold out', 'out_of_stock'],
  ['discontinued', 'out_of_stock'],
  ['https://schema.org/Discontinued', 'out_of_stock'],
  ['not available', 'out_of_stock'],
  ['Unavailable', 'out_of_stock'],
  ['Reserved', 'out_of_stock'],
  ['not in stock', 'out_of_stock'],
  ['PreOrder', 'preorder'],
  ['preorder', 'preorder'],
  ['PreSale', 'preorder'],
  ['BackOrder', 'backorder'],
  ['MadeToOrder', 'backorder'],
  ['', null],
  ['soon', null],
])('"%s" is %s', (written, read) => {
  expect(readAvailability(written)).toBe(read)
})
