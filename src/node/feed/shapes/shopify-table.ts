import type { FeedItem, ShapeContext } from '../feed-source.js'
import { colorAndSize } from '../item-parts/options.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { cellOf, type Row } from '../table/columns.js'
import type { TableShape } from './table-shape.js'

/**
 * Shopify's table of products, with the headings of its export (`Handle`, `Image Src`) or of its newer template (`URL
 * handle`, `Product image URL`). The rows of a handle are one product: the first has its title, every one may have a
 * variant, a picture or both.
 */
export const shopifyTable: TableShape = {
  name: 'shopify',
  isOf: (columns) =>
    (columns.includes('handle') || columns.includes('url_handle')) &&
    ['image_src', 'product_image_url', 'variant_price', 'option1_name'].some((name) =>
      columns.includes(name),
    ),
  async *items(rows, context) {
    const products = new Map<string, Row[]>()
    for await (const row of rows) {
      const handle = handleOf(row)
      if (handle === undefined) {
        context.report.skip(cellOf(row, 'Title') ?? '?', 'It has no handle.')
        continue
      }
      const others = products.get(handle)
      if (others) others.push(row)
      else products.set(handle, [row])
    }
    const skus = countSkus(products)
    for (const [handle, ofProduct] of products) yield* variantsOf(handle, ofProduct, skus, context)
  },
}

function handleOf(row: Row): string | undefined {
  return cellOf(row, 'Handle', 'URL handle')
}

/** Spreadsheets write a number that is to stay a text behind an apostrophe. */
function skuOf(row: Row): string | undefined {
  return cellOf(row, 'Variant SKU', 'SKU')?.replace(/^'/, '')
}

function countSkus(products: ReadonlyMap<string, readonly Row[]>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const rows of products.values()) {
    for (const row of rows) {
      const sku = skuOf(row)
      if (sku !== undefined) counts.set(sku, (counts.get(sku) ?? 0) + 1)
    }
  }
  return counts
}

function* variantsOf(
  handle: string,
  rows: readonly Row[],
  skus: ReadonlyMap<string, number>,
  { report, currency }: ShapeContext,
): Generator<FeedItem> {
  const head = rows.find((row) => cellOf(row, 'Title') !== undefined) ?? (rows[0] as Row)
  const status = cellOf(head, 'Status')?.toLowerCase()
  const published = cellOf(head, 'Published', 'Published on online store')?.toLowerCase()
  if ((status !== undefined && status !== 'active') || published === 'false') {
    report.skip(
      handle,
      `It is not published (${status !== undefined && status !== 'active' ? status : 'hidden'}).`,
    )
    return
  }
  const names = [1, 2, 3].map((number) => cellOf(head, `Option${number} Name`) ?? '')
  const gallery = galleryOf(rows)
  const variants = rows.filter(
    (row) => valuesOf(row).some((value) => value !== '') || priceOf(row) !== undefined,
  )
  for (const row of variants.length > 0 ? variants : [head]) {
    const values = valuesOf(row)
    const options = names.map((name, index) => [name, values[index] as string] as const)
    const own = values.filter((value) => value !== '' && value !== 'Default Title')
    const sku = skuOf(row)
    const isOwnSku = sku !== undefined && skus.get(sku) === 1
    const before = cellOf(row, 'Variant Compare At Price', 'Compare-at price')
    yield toItem({
      id: isOwnSku
        ? sku
        : [handle, ...own.map((value) => value.toLowerCase().replace(/\s+/g, '-'))].join('-'),
      title: cellOf(head, 'Title'),
      description: cellOf(head, 'Body (HTML)', 'Description'),
      link: `/products/${encodeURIComponent(handle)}`,
      pictures: [cellOf(row, 'Variant Image', 'Variant image URL') ?? '', ...gallery],
      ...reducedPrice(priceOf(row), before, currency),
      availability: availabilityOf(row),
      brand: cellOf(head, 'Vendor'),
      product_type: cellOf(head, 'Type', 'Product Category'),
      item_group_id: handle,
      ...colorAndSize(options),
      gtin: cellOf(row, 'Variant Barcode', 'Barcode')?.replace(/^'/, ''),
    })
  }
}

function valuesOf(row: Row): string[] {
  return [1, 2, 3].map((number) => cellOf(row, `Option${number} Value`) ?? '')
}

function priceOf(row: Row): string | undefined {
  return cellOf(row, 'Variant Price', 'Price')
}

/** The pictures of a product, in their order. */
function galleryOf(rows: readonly Row[]): string[] {
  return rows
    .flatMap((row, index) => {
      const link = cellOf(row, 'Image Src', 'Product image URL')
      const position = Number(cellOf(row, 'Image Position') ?? index + 1)
      return link === undefined ? [] : [{ link, position }]
    })
    .sort((a, b) => a.position - b.position)
    .map(({ link }) => link)
}

/** Only what is counted, and not sold beyond that, is out of stock. */
function availabilityOf(row: Row): string | undefined {
  const quantity = cellOf(row, 'Variant Inventory Qty', 'Inventory quantity')
  if (quantity === undefined) return undefined
  const isCounted = cellOf(row, 'Variant Inventory Tracker', 'Inventory tracker') !== undefined
  const policy = cellOf(row, 'Variant Inventory Policy', 'Continue selling when out of stock')
  const goesOn = policy?.toLowerCase() === 'continue' || policy?.toLowerCase() === 'true'
  return isCounted && !goesOn && Number(quantity) <= 0 ? 'out_of_stock' : 'in_stock'
}
