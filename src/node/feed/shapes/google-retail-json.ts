import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { isObject, type JsonObject, type JsonShape, objectsIn, textIn } from './json-shape.js'

/** Products as the Retail API of Google Cloud imports them (Vertex AI Search for commerce), one a line. */
export const googleRetailJson: JsonShape = {
  name: 'google-retail',
  isOf: (first) =>
    'priceInfo' in first ||
    'primaryProductId' in first ||
    objectsIn(first.images).some((image) => 'uri' in image),
  async *items(values, { currency }) {
    for await (const value of values) yield isObject(value) ? toProduct(value, currency) : value
  },
}

function toProduct(product: JsonObject, currency: string | undefined) {
  const prices = isObject(product.priceInfo) ? product.priceInfo : {}
  const colors = isObject(product.colorInfo) ? product.colorInfo : {}
  const id = textIn(product.id) ?? textIn(product.name)?.split('/').at(-1)
  return toItem({
    id,
    title: textIn(product.title),
    description: textIn(product.description),
    link: textIn(product.uri),
    pictures: objectsIn(product.images).map(({ uri }) => textIn(uri) ?? ''),
    ...reducedPrice(
      textIn(prices.price),
      textIn(prices.originalPrice),
      textIn(prices.currencyCode) ?? currency,
    ),
    availability: textIn(product.availability)?.toLowerCase(),
    brand: firstText(product.brands),
    product_type: firstText(product.categories),
    item_group_id: textIn(product.primaryProductId) ?? (product.type === 'PRIMARY' ? id : undefined),
    color: firstText(colors.colors) ?? firstText(colors.colorFamilies),
    size: firstText(product.sizes),
    gtin: textIn(product.gtin),
  })
}

function firstText(list: unknown): string | undefined {
  return Array.isArray(list) ? textIn(list[0]) : textIn(list)
}
