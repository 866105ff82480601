import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareCatalog } from '../../../src/catalog/compare-catalog.js'
import { contentKey } from '../../../src/catalog/content-key.js'
import type { Product } from '../../../src/types.js'

const product = (id: string, picture: string): Product => ({
  id,
  title: id,
  image_link: `https://cdn.example/${picture}`,
})
const entry = (id: string, picture: string) => ({ id, contentKey: contentKey(product(id, picture)) })

test('sorts products by what has to happen to their vectors', () => {
  const same = product('same', '1')
  const changed = product('changed', '2b')
  const added = product('added', '3')
  const variant = product('variant', '3')
  const renamed = product('renamed', '4')
  const stored = [entry('same', '1'), entry('changed', '2a'), entry('old-name', '4')]
  expect(compareCatalog([added, same, changed, variant, renamed], stored)).toEqual({
    unchanged: [same],
    toCopy: [{ product: renamed, fromId: 'old-name' }],
    toEncode: [
      { contentKey: added.image_link, products: [added, variant] },
      { contentKey: changed.image_link, products: [changed] },
    ],
    gone: ['old-name'],
  })
})

test('following a comparison leaves nothing to do', () => {
  const letter: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '__proto__')
  const pairs = fc.uniqueArray(fc.tuple(letter, letter), { selector: ([id]) => id })
  fc.assert(
    fc.property(pairs, pairs, (wanted, had) => {
      const products = wanted.map(([id, picture]) => product(id, picture))
      const stored = new Map<string, string>(had.map(([id, picture]) => [id, entry(id, picture).contentKey]))
      const entries = () => Array.from(stored, ([id, contentKey]) => ({ id, contentKey }))
      const difference = compareCatalog(products, entries())
      const { unchanged, toCopy, toEncode, gone } = difference

      const listed = [
        ...unchanged,
        ...toCopy.map((copy) => copy.product),
        ...toEncode.flatMap((p) => p.products),
      ]
      expect(listed.map(({ id }) => id).sort()).toEqual(products.map(({ id }) => id).sort())
      const pictures = toEncode.map((picture) => picture.contentKey)
      expect(new Set(pictures).size).toBe(pictures.length)
      for (const picture of pictures) expect([...stored.values()]).not.toContain(picture)
      for (const { product, fromId } of toCopy) expect(stored.get(fromId)).toBe(contentKey(product))

      for (const id of gone) stored.delete(id)
      for (const product of listed) stored.set(product.id, contentKey(product))
      const done = compareCatalog(products, entries())
      expect(done).toEqual({ unchanged: products, toCopy: [], toEncode: [], gone: [] })
    }),
  )
})
