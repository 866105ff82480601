import type { FeedItem, ShapeContext } from '../feed-source.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { isObject, type JsonObject, type JsonShape, objectsIn, textIn } from './json-shape.js'

/**
 * Products of WooCommerce's REST API (`wc/v3/products`) and of its Store API (`wc/store/v1/products`), and variations of
 * the first, which have one picture, or false, and may be listed alone or before their products.
 */
export const woocommerceJson: JsonShape = {
  name: 'woocommerce',
  isOf: (first) => 'permalink' in first && (Array.isArray(first.images) || 'image' in first),
  async *items(values, context) {
    for await (const value of values) {
      if (!isObject(value)) yield value
      else if (isShown(value, context)) yield itemOf(value, context)
    }
  },
}

function isShown(
  { id, status, catalog_visibility: visibility }: JsonObject,
  { report }: ShapeContext,
): boolean {
  const why = [
    status === 'publish' ? undefined : textIn(status),
    visibility === 'hidden' ? 'hidden' : undefined,
  ]
  const reason = why.find((word) => word !== undefined)
  if (reason !== undefined) report.skip(textIn(id) ?? '?', `It is not published (${reason}).`)
  return reason === undefined
}

function itemOf(product: JsonObject, context: ShapeContext): FeedItem {
  const id = textIn(product.id)
  const period = salePeriodOf(product)
  const [price, regular, currency] = pricesOf(product)
  // The price of now is not the reduced one before a sale and behind it.
  const salePrice = period === undefined ? undefined : textIn(product.sale_price)
  const reduced = reducedPrice(salePrice ?? price, regular, currency ?? context.currency)
  return toItem({
    id,
    title: textIn(product.name),
    description: textIn(product.description),
    link: textIn(product.permalink),
    pictures: objectsIn(product.images ?? [product.image]).map(({ src }) => textIn(src) ?? ''),
    ...reduced,
    sale_price_effective_date: reduced.sale_price === undefined ? undefined : period,
    availability: availabilityOf(product),
    product_type: objectsIn(product.categories).map(({ name }) => textIn(name) ?? '')[0],
    item_group_id: parentOf(product) ?? (hasVariations(product) ? id : undefined),
    mpn: textIn(product.sku),
  })
}

/** What it costs, what it costs otherwise, and the currency, which the Store API alone names, with prices in cents. */
function pricesOf({ price, regular_price, prices }: JsonObject): (string | undefined)[] {
  if (!isObject(prices)) return [textIn(price), textIn(regular_price)]
  const digits = Number(prices.currency_minor_unit ?? 2)
  const inUnits = (cents: unknown) => {
    const text = textIn(cents)
    return text && /^\d+$/.test(text) && isDecimals(digits) ? withDecimals(text, digits) : undefined
  }
  return [inUnits(prices.price), inUnits(prices.regular_price), textIn(prices.currency_code)]
}

/** No currency has as many; with a wrong number of them a price is another one. */
function isDecimals(digits: number): boolean {
  return Number.isInteger(digits) && digits >= 0 && digits <= 20
}

function withDecimals(cents: string, digits: number): string {
  const padded = cents.padStart(digits + 1, '0')
  const point = padded.length - digits
  return digits === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`
}

/** An end may be open. */
function salePeriodOf({
  date_on_sale_from_gmt: from,
  date_on_sale_to_gmt: to,
}: JsonObject): string | undefined {
  const [begins, ends] = [momentOf(from), momentOf(to)]
  return begins || ends ? `${begins}/${ends}` : undefined
}

/** The API writes `2026-11-20T23:00:00` without the Z. */
function momentOf(written: unknown): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?/.exec(textIn(written) ?? '') ?? []
  if (day === undefined) return ''
  return time === undefined ? day : `${day}T${time}Z`
}

/** The product that a variation is of: `parent_id` in the REST API, `parent` in the Store API, 0 for none. */
function parentOf({ parent_id, parent }: JsonObject): string | undefined {
  return [parent_id, parent].map(textIn).find((id) => id !== undefined && id !== '0')
}

function hasVariations({ variations }: JsonObject): boolean {
  return Array.isArray(variations) && variations.length > 0
}

function availabilityOf({ stock_status, is_in_stock, is_on_backorder }: JsonObject): string | undefined {
  if (is_on_backorder === true) return 'backorder'
  if (typeof is_in_stock === 'boolean') return is_in_stock ? 'in_stock' : 'out_of_stock'
  return textIn(stock_status)
}
