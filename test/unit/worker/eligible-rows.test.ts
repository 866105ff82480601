import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import type { Product } from '../../../src/types.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { EligibleRows } from '../../../src/worker/indexing/eligible-rows.js'

const dimensions = 2
const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions })
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j')

const catalog = fc
  .uniqueArray(fc.tuple(id, fc.constantFrom(undefined, '', 'one', 'two')), { selector: ([id]) => id })
  .map((items) => CatalogProducts.of(items.map(([id, group]) => product(id, group))))

const step = fc.oneof(
  fc.record({ kind: fc.constant('products' as const), products: catalog }),
  fc.record({ kind: fc.constant('set' as const), id }),
  fc.record({ kind: fc.constant('delete' as const), id }),
)

function product(id: string, group: string | undefined): Product {
  const picture = { id, title: id, image_link: `https://shop.example/${id}.jpg` }
  return group === undefined ? picture : { ...picture, item_group_id: group }
}

test('rows may be in a list as a look at every product says, whatever has changed since the last query', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 20 }),
      fc.option(id, { nil: undefined }),
      fc.option(fc.uint8Array({ minLength: 2, maxLength: 2 }), { nil: undefined }),
      (steps, subjectId, allowed) => {
        const table = new VectorTable(space)
        const eligibleRows = new EligibleRows(table)
        let products = CatalogProducts.of([])
        for (const step of steps) {
          if (step.kind === 'products') products = step.products
          else if (step.kind === 'delete') table.delete(step.id)
          else table.set({ id: step.id, contentKey: '' }, { space, vector: Float32Array.of(1, 0) })

          const subject = subjectId === undefined ? undefined : products.get(subjectId)
          const rows = eligibleRows.of(products, { subjects: subject ? [subject] : [], allowed })
          const positions = products.outline.ids
          const expected = table.entries.map(({ id }) => {
            const product = products.get(id)
            if (!product || id === subject?.id) return false
            if (subject?.item_group_id && product.item_group_id === subject.item_group_id) return false
            const position = positions.indexOf(id)
            return !allowed || (((allowed[position >> 3] as number) >> (position & 7)) & 1) === 1
          })
          expect(table.entries.map((_, row) => rows.has(row))).toEqual(expected)
          const { numbers } = eligibleRows.groups(products)
          for (const [row, { id }] of table.entries.entries()) {
            const group = products.get(id)?.item_group_id
            const same = table.entries.map(
              (entry) => group && products.get(entry.id)?.item_group_id === group,
            )
            const mates = table.entries.map((_, other) => numbers[row] === numbers[other])
            if (group) expect(mates).toEqual(same)
            else expect(numbers[row]).toBe(-1)
          }
        }
      },
    ),
  )
})
