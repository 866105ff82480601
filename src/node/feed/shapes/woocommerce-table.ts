import type { FeedItem, ShapeContext } from '../feed-source.js'
import { linksOf } from '../item-parts/links-of.js'
import { colorAndSize } from '../item-parts/options.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { cellOf, columnName, type Row } from '../table/columns.js'
import type { TableShape } from './table-shape.js'
import { attributeHeadings, headings } from './woocommerce-headings.js'

const visibilityColumns = headings.visibility.map(columnName)
const imageColumns = headings.images.map(columnName)

/**
 * WooCommerce's own export. A product with variations is a row of the type `variable`; each variation is one of its
 * own, which names it in `Parent` by SKU or as `id:44`. The parent is kept, because its page is the one that shoppers
 * see, and has the lowest price of its variations.
 */
export const woocommerceTable: TableShape = {
  name: 'woocommerce',
  isOf: (columns) =>
    visibilityColumns.some((name) => columns.includes(name)) ||
    (columns.includes('is_featured?') && imageColumns.some((name) => columns.includes(name))),
  async *items(rows, context) {
    const kept: Row[] = []
    for await (const row of rows) kept.push(row)
    const parents = new Map<string, Row>()
    for (const row of kept) {
      const [id, sku] = [cellOf(row, 'ID'), cellOf(row, ...headings.sku)]
      if (sku !== undefined) parents.set(sku, row)
      if (id !== undefined) parents.set(`id:${id}`, row)
    }
    const cheapest = cheapestVariations(kept, parents)
    for (const row of kept) {
      const parent = parents.get(cellOf(row, ...headings.parent) ?? '')
      const hidden = hiddenBecause(row) ?? (isVariation(row) && parent ? hiddenBecause(parent) : undefined)
      const id = idOf(row)
      if (hidden !== undefined) context.report.skip(id ?? '?', hidden)
      else yield itemOf(row, { id, parent, cheapest: cheapest.get(row), context })
    }
  },
}

function idOf(row: Row): string | undefined {
  return cellOf(row, 'ID', ...headings.sku)
}

function isVariation(row: Row): boolean {
  return /\bvariation\b/.test(cellOf(row, ...headings.type) ?? '')
}

/** 1 is published, 0 private and -1 a draft. */
function hiddenBecause(row: Row): string | undefined {
  const published = cellOf(row, ...headings.published)
  if (published !== undefined && published !== '1') return 'It is not published.'
  if (cellOf(row, ...headings.visibility) === 'hidden') return 'It is hidden in the catalogue.'
  return undefined
}

function cheapestVariations(rows: readonly Row[], parents: ReadonlyMap<string, Row>): ReadonlyMap<Row, Row> {
  const cheapest = new Map<Row, Row>()
  for (const row of rows) {
    const parent = isVariation(row) ? parents.get(cellOf(row, ...headings.parent) ?? '') : undefined
    if (!parent) continue
    const best = cheapest.get(parent)
    if (best === undefined || amountOf(row) < amountOf(best)) cheapest.set(parent, row)
  }
  return cheapest
}

function amountOf(row: Row): number {
  const { price, sale_price } = pricesOf(row, undefined)
  return Number.parseFloat(sale_price ?? price ?? 'Infinity')
}

function pricesOf(row: Row, currency: string | undefined) {
  const regular = cellOf(row, ...headings.price)
  return reducedPrice(cellOf(row, ...headings.salePrice) ?? regular, regular, currency)
}

interface Relatives {
  readonly id: string | undefined
  readonly parent: Row | undefined
  readonly cheapest: Row | undefined
  readonly context: ShapeContext
}

function itemOf(row: Row, { id, parent, cheapest, context }: Relatives): FeedItem {
  const isPart = isVariation(row)
  const from = (names: readonly string[]) =>
    cellOf(row, ...names) ?? (isPart && parent ? cellOf(parent, ...names) : undefined)
  const isParent = cheapest !== undefined
  const priced = cellOf(row, ...headings.price) === undefined && cheapest ? cheapest : row
  const own = linksOf(cellOf(row, ...headings.images))
  const group = isPart
    ? ((parent && idOf(parent)) ?? cellOf(row, ...headings.parent))
    : isParent
      ? id
      : undefined
  const page = isPart && parent ? cellOf(parent, 'ID') : cellOf(row, 'ID')
  return toItem({
    id,
    title: from(headings.name),
    description: from(headings.description),
    link: cellOf(row, ...headings.externalUrl) ?? (page === undefined ? undefined : `/?p=${page}`),
    pictures: own.length > 0 || !isPart || !parent ? own : linksOf(cellOf(parent, ...headings.images)),
    ...pricesOf(priced, context.currency),
    sale_price_effective_date: salePeriodOf(priced),
    availability: availabilityOf(cellOf(row, ...headings.inStock)),
    brand: from(headings.brands),
    product_type: from(headings.categories)
      ?.split(/(?<!\\),\s*/)[0]
      ?.replaceAll('\\,', ','),
    item_group_id: group,
    // What a parent lists here are the choices of its variations.
    ...(isParent ? {} : colorAndSize(attributesOf(row))),
  })
}

/**
 * Written like `2026-11-20 0:00:00`, in the time of the shop, which the export does not name: within a day, days are what
 * can be told.
 */
function salePeriodOf(row: Row): string | undefined {
  if (cellOf(row, ...headings.salePrice) === undefined) return undefined
  const [begins, ends] = [headings.saleBegins, headings.saleEnds].map((names) => {
    return /^\d{4}-\d\d-\d\d/.exec(cellOf(row, ...names) ?? '')?.[0] ?? ''
  })
  return begins || ends ? `${begins}/${ends}` : undefined
}

const mostAttributes = 10

function* attributesOf(row: Row): Generator<[string, string]> {
  for (let number = 1; number <= mostAttributes; number++) {
    const { name, values } = attributeHeadings(number)
    const [label, value] = [cellOf(row, ...name), cellOf(row, ...values)]
    if (label !== undefined && value !== undefined && !value.includes(',')) yield [label, value]
  }
}

function availabilityOf(inStock: string | undefined): string | undefined {
  if (inStock === undefined) return undefined
  if (inStock === 'backorder') return 'backorder'
  return inStock === '0' ? 'out_of_stock' : 'in_stock'
}
