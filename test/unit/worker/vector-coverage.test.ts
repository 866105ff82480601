import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import { SimilarItemsError } from '../../../src/errors.js'
import type { Product } from '../../../src/types.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { VectorCoverage } from '../../../src/worker/indexing/vector-coverage.js'

const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions: 2 })
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const picture = fc.constantFrom('1', '2', '3', '4').map((name) => `https://shop.example/${name}.jpg`)

const catalog = fc
  .uniqueArray(fc.tuple(id, picture), { selector: ([id]) => id })
  .map((items) => CatalogProducts.of(items.map(([id, image_link]) => ({ id, title: id, image_link }))))

const step = fc.oneof(
  fc.record({ kind: fc.constant('products' as const), products: catalog }),
  fc.record({ kind: fc.constant('vector' as const), id, picture }),
  fc.record({ kind: fc.constant('gone' as const), id }),
  fc.record({ kind: fc.constant('failed' as const), picture }),
  fc.record({ kind: fc.constant('forgotten' as const) }),
)

test('says what has a vector and what lacks one as a look at every product does, after whatever has changed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const table = new VectorTable(space)
      const coverage = new VectorCoverage(table)
      const pictureOf = new Map<string, string>()
      const failed = new Set<string>()
      for (const step of steps) {
        if (step.kind === 'products') coverage.products = step.products
        else if (step.kind === 'vector') {
          table.set({ id: step.id, contentKey: step.picture }, { space, vector: Float32Array.of(1, 0) })
          pictureOf.set(step.id, step.picture)
        } else if (step.kind === 'gone') {
          table.delete(step.id)
          pictureOf.delete(step.id)
        } else if (step.kind === 'failed') {
          coverage.noteFailure(step.picture, new SimilarItemsError('image-undecodable', 'It is no picture.'))
          failed.add(step.picture)
        } else {
          coverage.forgetFailures()
          failed.clear()
        }

        const products = [...coverage.products.values()]
        const isCovered = ({ id, image_link }: Product) => pictureOf.get(id) === image_link
        const lacking = products
          .filter((product) => !isCovered(product))
          .map(({ image_link }) => image_link)
          .filter((picture) => !failed.has(picture))
        expect(coverage.missingPictures).toEqual([...new Set(lacking)])
        expect(coverage.uncovered).toBe(products.filter((product) => !isCovered(product)).length)
        expect(coverage.encodable).toBe(products.filter(({ image_link }) => !failed.has(image_link)).length)
        expect(coverage.isExact).toBe(pictureOf.size === products.length && products.every(isCovered))
        for (const product of products) {
          expect(coverage.embeddingOf(product) !== undefined).toBe(isCovered(product))
          const { image_link } = product
          const showing = products.filter((other) => other.image_link === image_link)
          expect(coverage.productsShowing(image_link)).toEqual(showing)
          expect(coverage.productsLacking(image_link)).toEqual(showing.filter((other) => !isCovered(other)))
          expect(coverage.embeddingOfPicture(image_link) !== undefined).toBe(showing.some(isCovered))
        }
      }
    }),
  )
})
