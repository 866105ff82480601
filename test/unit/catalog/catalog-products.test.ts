import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import { contentKey } from '../../../src/catalog/content-key.js'
import type { Product } from '../../../src/types.js'

const text = fc.string({ unit: 'binary', minLength: 1 })
const product: fc.Arbitrary<Product> = fc.record(
  {
    id: text,
    title: text,
    image_link: fc.webUrl({ withQueryParameters: true }),
    picture_key: text,
    item_group_id: fc.constantFrom('', 'one', 'two\n'),
    custom: fc.array(text),
  },
  { requiredKeys: ['id', 'title', 'image_link'] },
)
const catalog = fc.uniqueArray(product, { selector: ({ id }) => id, maxLength: 8 })

test('what was packed comes back, each product by its id and place, whichever is read first', () => {
  fc.assert(
    fc.property(catalog, fc.nat(7), (products, first) => {
      const packed = CatalogProducts.of(products).pack()
      const read = CatalogProducts.unpack(structuredClone(packed))
      expect(read.size).toBe(products.length)
      if (first < products.length) expect(read.at(first)).toEqual(products[first])
      for (const product of products) {
        expect(read.get(product.id)).toEqual(product)
        expect(read.get(product.id)).toBe(read.get(product.id))
      }
      expect([...read.values()]).toEqual(products)
      expect(read.outline.contentKeys).toEqual(products.map(contentKey))
      const groups = products.map(({ item_group_id }) => item_group_id ?? null)
      if (groups.some((group) => group)) expect(read.outline.groups).toEqual(groups)
      else expect(read.outline.groups).toEqual([])
      expect(read.pack()).toEqual(packed)
    }),
  )
})

test('an id that no product has', () => {
  const products = CatalogProducts.of([{ id: 'a', title: 'A', image_link: 'https://shop.example/a.jpg' }])
  expect(products.has('a')).toBe(true)
  for (const id of ['', 'b', '0', '__proto__', 'length']) {
    expect(products.has(id)).toBe(false)
    expect(products.get(id)).toBeUndefined()
  }
})

test.each([
  ['a list that is no JSON', { ids: '["a"' }],
  ['fewer products than ids', { texts: '' }],
  ['more products than ids', { ends: Uint32Array.of(1, 2) }],
  ['fewer keys than ids', { contentKeys: '[]' }],
  ['fewer groups than ids', { groups: '[]' }],
  ['a list that is none', { ids: 'null' }],
])('%s is refused', (_, damage) => {
  const products = CatalogProducts.of([
    { id: 'a', title: 'A', image_link: 'https://shop.example/a.jpg', item_group_id: 'g' },
  ])
  expect(() => CatalogProducts.unpack({ ...products.pack(), ...damage })).toThrow()
})
