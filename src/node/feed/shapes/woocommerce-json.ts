import type { FeedItem, ShapeContext } from '../feed-source.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { isObject, type JsonObject, type JsonShape, objectsIn, textIn } from './json-shape.js'

/** Products of WooCommerce's REST API (`wc/v3/products`) and of its Store API (`wc/store/v1/products`). */
export const woocommerceJson: JsonShape = {
  name: 'woocommerce',
  isOf: (first) => 'permalink' in first && Array.isArray(first.images),
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
  const [price, regular, currency] = pricesOf(product)
  const variationOf = textIn(product.parent_id)
  return toItem({
    id: textIn(product.id),
    title: textIn(product.name),
    description: textIn(product.description),
    link: textIn(product.permalink),
    pictures: objectsIn(product.images).map(({ src }) => textIn(src) ?? ''),
    ...reducedPrice(price, regular, currency ?? context.currency),
    availability: availabilityOf(product),
    product_type: objectsIn(product.categories).map(({ name }) => textIn(name) ?? '')[0],
    item_group_id: variationOf === '0' ? undefined : variationOf,
    mpn: textIn(product.sku),
  })
}

/** What it costs, what it costs otherwise, and the currency, which the Store API alone names, with prices in cents. */
function pricesOf({ price, regular_price, prices }: JsonObject): (string | undefined)[] {
  if (!isObject(prices)) return [textIn(price), textIn(regular_price)]
  const digits = Number(prices.currency_minor_unit ?? 2)
  const inUnits = (cents: unknown) => {
    const text = textIn(cents)
    return text && /^\d+$/.test(text) ? (Number(text) / 10 ** digits).toFixed(digits) : undefined
  }
  return [inUnits(prices.price), inUnits(prices.regular_price), textIn(prices.currency_code)]
}

function availabilityOf({ stock_status, is_in_stock, is_on_backorder }: JsonObject): string | undefined {
  if (is_on_backorder === true) return 'backorder'
  if (typeof is_in_stock === 'boolean') return is_in_stock ? 'in_stock' : 'out_of_stock'
  return textIn(stock_status)
}
