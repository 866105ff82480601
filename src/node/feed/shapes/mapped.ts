import type { FeedItem } from '../feed-source.js'
import { type AttributeMap, recordsName, valueAt } from '../item-parts/map-item.js'
import { price } from '../item-parts/price.js'
import { cellOf, type Row } from '../table/columns.js'
import type { XmlElement } from '../xml/xml-element.js'
import { isObject, type JsonShape } from './json-shape.js'
import type { TableShape } from './table-shape.js'
import type { XmlShape } from './xml-shape.js'

/** Shapes that the shop describes itself: what its map names is taken from there, all else stays as it is called. */
export function mappedShapes(map: AttributeMap): { xml: XmlShape; table: TableShape; json: JsonShape } {
  const at = map.get(recordsName)
  const paths = [...map].filter(([name]) => name !== recordsName)
  const toItem = (record: Readonly<Record<string, unknown>>, currency: string | undefined): FeedItem => {
    const sources = new Set(paths.map(([, [, source]]) => source))
    const others = Object.entries(record).filter(([name]) => !sources.has(name))
    const mapped = paths.flatMap(([name, path]) => {
      const value = plain(valueAt(record, path))
      if (value === undefined) return []
      const isPrice = name === 'price' || name === 'sale_price'
      return [[name, isPrice && typeof value === 'string' ? price(value, currency) : value] as const]
    })
    return Object.fromEntries([...others, ...mapped])
  }
  return {
    xml: {
      name: 'mapped',
      isOf: () => true,
      elements: new Set(at ? [String(at[0])] : ['item', 'entry', 'product', 'offer', 'SHOPITEM']),
      async *items(elements, _, { currency }) {
        for await (const element of elements) yield toItem(recordOf(element), currency)
      },
    },
    table: {
      name: 'mapped',
      isOf: () => true,
      async *items(rows, { currency }) {
        for await (const row of rows) {
          // Columns are called as the table spells them, or as `columnName` does.
          yield toItem({ ...row, ...spelled(row, paths) }, currency)
        }
      },
    },
    json: {
      name: 'mapped',
      isOf: () => true,
      async *items(values, { currency }) {
        for await (const value of values) {
          const found = at
            ? valueAt(value, at)
            : isObject(value)
              ? (value.items ?? value.products ?? value)
              : value
          for (const record of Array.isArray(found) ? found : [found]) {
            yield isObject(record) ? toItem(record, currency) : record
          }
        }
      },
    },
  }
}

function spelled(
  row: Row,
  paths: readonly (readonly [string, readonly unknown[]])[],
): Record<string, string> {
  const found = paths.flatMap(([, [whole, source]]) =>
    [whole, source].flatMap((heading) => {
      const cell = typeof heading === 'string' ? cellOf(row, heading) : undefined
      return cell === undefined ? [] : [[heading as string, cell] as const]
    }),
  )
  return Object.fromEntries(found)
}

/** An element by the names in it: its attributes as `@name`, and its children, several of a name as a list. */
function recordOf({ attributes, children }: XmlElement): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) record[`@${name}`] = value
  for (const child of children) {
    const isPlain = child.children.length === 0 && Object.keys(child.attributes).length === 0
    const value = isPlain ? child.text : { ...recordOf(child), '#text': child.text }
    const known = record[child.name]
    if (known === undefined) record[child.name] = value
    else if (Array.isArray(known)) known.push(value)
    else record[child.name] = [known, value]
  }
  return record
}

/** Texts and lists of them; of an element what stands in it. */
function plain(value: unknown): string | readonly string[] | undefined {
  if (Array.isArray(value)) {
    const texts = value.map(plain).filter((text) => typeof text === 'string' && text !== '') as string[]
    return texts.length > 0 ? texts : undefined
  }
  if (isObject(value)) return plain(value['#text'])
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
