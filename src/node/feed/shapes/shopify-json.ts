import type { FeedItem, ShapeContext } from '../feed-source.js'
import { colorAndSize } from '../item-parts/options.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { isObject, type JsonObject, type JsonShape, objectsIn, textIn } from './json-shape.js'

/** Shopify's `products.json`, of a shop front or of its Admin API: products that have variants and pictures. */
export const shopifyJson: JsonShape = {
  name: 'shopify',
  isOf: (first) => Array.isArray(first.variants) && ('handle' in first || 'body_html' in first),
  async *items(values, context) {
    for await (const value of values) {
      if (isObject(value)) yield* variantsOf(value, context)
      else yield value
    }
  },
}

function* variantsOf(product: JsonObject, { currency, report }: ShapeContext): Generator<FeedItem> {
  const id = textIn(product.id)
  const handle = textIn(product.handle)
  const status = textIn(product.status)
  if ((status !== undefined && status !== 'active') || product.published_at === null) {
    report.skip(id ?? '?', `It is not published (${status ?? 'hidden'}).`)
    return
  }
  // A shop front writes links alone.
  const images = (Array.isArray(product.images) ? product.images : []).flatMap((image: unknown) => {
    return isObject(image) ? [image] : typeof image === 'string' ? [{ src: image }] : []
  })
  const names = (Array.isArray(product.options) ? product.options : []).map((option: unknown) => {
    return textIn(isObject(option) ? option.name : option) ?? ''
  })
  for (const variant of objectsIn(product.variants)) {
    const options = names.map((name, index) => [name, textIn(variant[`option${index + 1}`]) ?? ''] as const)
    yield toItem({
      id: textIn(variant.id),
      title: textIn(product.title),
      description: textIn(product.body_html),
      link: handle && `/products/${encodeURIComponent(handle)}?variant=${textIn(variant.id)}`,
      pictures: picturesOf(variant, images),
      ...reducedPrice(textIn(variant.price), textIn(variant.compare_at_price), currency),
      availability: availabilityOf(variant),
      brand: textIn(product.vendor),
      product_type: textIn(product.product_type),
      item_group_id: id,
      ...colorAndSize(options),
      mpn: textIn(variant.sku),
      gtin: textIn(variant.barcode),
    })
  }
}

/** Its own picture first, then those of the product that are of no other variant. */
function picturesOf(variant: JsonObject, images: readonly JsonObject[]): string[] {
  const idsOf = (image: JsonObject) => (Array.isArray(image.variant_ids) ? image.variant_ids : [])
  const featured = isObject(variant.featured_image) ? textIn(variant.featured_image.src) : undefined
  const own = images.filter((image) => image.id === variant.image_id || idsOf(image).includes(variant.id))
  const common = images.filter((image) => idsOf(image).length === 0)
  const links = [...own, ...common].map(({ src }) => textIn(src) ?? '')
  // A variant without a picture of its own is shown with the product's first.
  if (featured === undefined && own.length === 0) links.unshift(textIn(images[0]?.src) ?? '')
  return [featured ?? '', ...links]
}

function availabilityOf({
  available,
  inventory_quantity,
  inventory_management,
  inventory_policy,
}: JsonObject) {
  if (typeof available === 'boolean') return available ? 'in_stock' : 'out_of_stock'
  if (typeof inventory_quantity !== 'number') return undefined
  const isCounted = inventory_management !== null && inventory_policy !== 'continue'
  return isCounted && inventory_quantity <= 0 ? 'out_of_stock' : 'in_stock'
}
