import { looksLikeItem } from '../item-parts/usual-names.js'
import { googleRetailJson } from '../shapes/google-retail-json.js'
import { jsonLd } from '../shapes/json-ld.js'
import { isObject, type JsonObject } from '../shapes/json-shape.js'
import { shopifyJson } from '../shapes/shopify-json.js'

/** Deeper is no list of a feed. */
const deepest = 6

/**
 * The list of items of a feed: the value itself, its `items` or `products`, or the longest list further in whose
 * objects are known for items (`data.products`, `rss.channel.item`, `products.edges` with a `node` each). Undefined
 * where there is none, and for an object that is an item itself.
 */
export function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return undefined
  const named = [value.items, value.products, isObject(value.product) ? [value.product] : undefined]
  const list = named.find((one) => Array.isArray(one)) as readonly unknown[] | undefined
  return list ?? (isItem(value) ? undefined : longestIn(value, 0))
}

/** By what only an item has; a title has the feed, too. In JSON:API and Google's newer API it is one further in. */
function isItem(value: JsonObject): boolean {
  const isPictured = ['image_link', 'imageLink', 'g:image_link', 'images', 'offerId'].some(
    (name) => name in value,
  )
  const { attributes } = value
  if (isObject(attributes) && (isItem(attributes) || looksLikeItem(attributes))) return true
  return (
    isPictured ||
    looksLikeItem(value) ||
    [shopifyJson, jsonLd, googleRetailJson].some((shape) => shape.isOf(value))
  )
}

function longestIn(value: JsonObject, depth: number): readonly unknown[] | undefined {
  if (depth > deepest) return undefined
  let longest: readonly unknown[] | undefined
  const consider = (list: readonly unknown[] | undefined) => {
    if (list && list.length > (longest?.length ?? 0)) longest = list
  }
  const inner = Object.values(value)
  // Objects by their ids.
  if (inner.length > 0 && inner.every((one) => isObject(one) && isItem(one))) return inner
  for (const one of inner) {
    if (Array.isArray(one)) {
      const list = one.map((element) =>
        isObject(element) && isObject(element.node) ? element.node : element,
      )
      if (list.some((element) => isObject(element) && isItem(element))) consider(list)
    } else if (isObject(one)) {
      // Formats that were made of XML have a single element without its list.
      consider(isItem(one) ? [one] : longestIn(one, depth + 1))
    }
  }
  return longest
}
