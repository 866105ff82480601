import { hasPrice, looksLikeItem } from '../item-parts/usual-names.js'
import { googleRetailJson } from '../shapes/google-retail-json.js'
import { jsonLd } from '../shapes/json-ld.js'
import { isObject, type JsonObject } from '../shapes/json-shape.js'
import { shopifyJson } from '../shapes/shopify-json.js'

/** Deeper is no list of a feed. */
const deepest = 6

/**
 * The list of items of a feed: the value itself, its `items` or `products`, or the likeliest list further in whose
 * objects are known for items (`data.products`, `rss.channel.item`, `products.edges` with a `node` each). Undefined
 * where there is none, and for an object that is an item itself.
 */
export function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return undefined
  const named = [value.items, value.products, isObject(value.product) ? [value.product] : undefined]
  const list = named.find((one) => Array.isArray(one)) as readonly unknown[] | undefined
  if (list) return list
  const found = likeliestIn(value, { depth: 0, likelihood: 0 })
  return found?.isSelf ? undefined : found?.list
}

/** A list that may be the feed's. */
interface Candidate {
  readonly list: readonly unknown[]
  /** It has what only an item has, by its names in Google Merchant or a known shape: more than a title and a picture. */
  readonly isKnown: boolean
  /** By what it is called. */
  readonly likelihood: number
  /** It is the object that was looked into. */
  readonly isSelf: boolean
}

/** Where an object is that is looked into. */
interface Place {
  readonly depth: number
  readonly likelihood: number
}

/** What lists of items are called, and what lists of other things with a name and a picture are. */
const itemsNames = /^(products?|items?|offers?|entry|entries|articles?)$/i
const answerNames = /^(data|results?|hits|records|docs|response)$/i
const otherNames =
  /^(included|banners?|brands?|categor(y|ies)|collections?|manufacturers?|vendors?|sellers?|stores?|authors?|slides?|posts?|tags?)$/i
/** Lists of what belongs to one item. */
const partNames =
  /^(variants?|variations?|children|child_?products|options?|swatches|colou?rs|sizes|related|similar|upsells?|cross_?sells?|recommend|accessor|bundle|reviews?|images|pictures|photos|media|gallery)/i

function likeliestIn(value: JsonObject, { depth, likelihood }: Place): Candidate | undefined {
  const self = (isKnown: boolean) => ({ list: [value], isKnown, likelihood, isSelf: true })
  if (isItem(value)) return self(true)
  const isLikeItem = isLikelyItem(value)
  const hasNone = depth > deepest || (isLikeItem && hasPrice(value))
  const found = hasNone ? undefined : likeliestInside(value, { depth, likelihood }, isLikeItem)
  return found ?? (isLikeItem ? self(false) : undefined)
}

/** @param isLikeItem the object has a title and a picture, as an item does, and a page, a channel or a category. */
function likeliestInside(value: JsonObject, place: Place, isLikeItem: boolean): Candidate | undefined {
  const candidates: Candidate[] = []
  const inner: (Candidate | undefined)[] = []
  for (const [name, one] of Object.entries(value)) {
    if (isLikeItem && (partNames.test(name) || otherNames.test(name))) continue
    const likelihood = likelihoodOf(name) ?? place.likelihood
    if (Array.isArray(one)) {
      const list = one.map((element) =>
        isObject(element) && isObject(element.node) ? element.node : element,
      )
      const isKnown = list.some((element) => isObject(element) && isItem(element))
      if (isKnown || list.some((element) => isObject(element) && isLikelyItem(element))) {
        candidates.push({ list, isKnown, likelihood, isSelf: false })
      }
    } else if (isObject(one)) {
      const found = likeliestIn(one, { depth: place.depth + 1, likelihood })
      inner.push(found)
      // Formats that were made of XML have a single element without its list; an item has its brand so.
      if (found && !(found.isSelf && isLikeItem && !itemsNames.test(name))) {
        candidates.push({ ...found, isSelf: false })
      }
    }
  }
  // Objects by their ids.
  if (!isLikeItem && inner.length > 0 && inner.length === Object.keys(value).length) {
    if (inner.every((one) => one?.isSelf)) {
      const isKnown = inner.some((one) => one?.isKnown)
      // Names of things, such as brand and category, are no ids.
      const isOfIds = isKnown || !Object.keys(value).some((name) => likelihoodOf(name) !== undefined)
      if (isOfIds) return { list: Object.values(value), isKnown, likelihood: place.likelihood, isSelf: false }
    }
  }
  return candidates.reduce<Candidate | undefined>(
    (best, one) => (best && !isBetter(one, best) ? best : one),
    undefined,
  )
}

function isBetter(one: Candidate, best: Candidate): boolean {
  if (one.isKnown !== best.isKnown) return one.isKnown
  if (one.likelihood !== best.likelihood) return one.likelihood > best.likelihood
  return one.list.length > best.list.length
}

function likelihoodOf(name: string): number | undefined {
  if (itemsNames.test(name)) return 2
  if (answerNames.test(name)) return 1
  return otherNames.test(name) ? -1 : undefined
}

/** By what only an item has; a title has the feed, too. In JSON:API and Google's newer API it is one further in. */
function isItem(value: JsonObject): boolean {
  const { attributes } = value
  return isItemItself(value) || (isObject(attributes) && isItemItself(attributes))
}

function isItemItself(value: JsonObject): boolean {
  return (
    ['image_link', 'imageLink', 'g:image_link', 'images', 'offerId'].some((name) => name in value) ||
    [shopifyJson, jsonLd, googleRetailJson].some((shape) => shape.isOf(value))
  )
}

/** By a title and a picture, as an item has them, and its category. */
function isLikelyItem(value: JsonObject): boolean {
  const { attributes } = value
  return looksLikeItem(value) || (isObject(attributes) && looksLikeItem(attributes))
}
