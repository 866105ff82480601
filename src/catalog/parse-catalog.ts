import { SimilarItemsError } from '../errors.js'
import { parseUrl } from '../parse-url.js'
import type { Product, SkippedItem } from '../types.js'
import { linkResolver } from './link-resolver.js'
import { type ItemOptions, parseItem } from './parse-item.js'

/** A feed after validation: every item of it is in one of the two lists, in the order of the feed. */
export interface Catalog {
  /** Ids are unique. */
  readonly products: readonly Product[]
  readonly skipped: readonly SkippedItem[]
  /** What the feed says beside its items, as it came and not validated. */
  readonly extras: ReadonlyMap<string, unknown>
}

/**
 * Reads a product feed in Google Merchant attribute names: an array of items, or an object whose `items` or
 * `products` is one. Items that cannot be used are skipped, each with a reason; a position in it counts from 1.
 * @param input a parsed JSON value.
 * @param baseUrl the absolute URL against which relative links are resolved, usually the feed's own.
 * @throws SimilarItemsError `catalog-invalid` where there is no list of items, `invalid-argument` where
 * `baseUrl` is not absolute.
 */
export function parseCatalog(input: unknown, baseUrl: string, options: ItemOptions = {}): Catalog {
  const base = parseUrl(baseUrl)
  if (base === null) {
    throw new SimilarItemsError(
      'invalid-argument',
      `The base URL "${baseUrl}" of the catalogue is not absolute.`,
      {
        subject: baseUrl,
      },
    )
  }
  const resolve = linkResolver(base)
  const { items, extras } = findItems(input, baseUrl)
  const products = new Map<string, Product>()
  const skipped: SkippedItem[] = []
  for (const [index, item] of items.entries()) {
    const position = `#${index + 1}`
    const parsed = parseItem(item, resolve, options)
    if (!('product' in parsed)) {
      skipped.push({ id: parsed.id ?? position, reason: parsed.reason })
    } else if (products.has(parsed.product.id)) {
      skipped.push({
        id: parsed.product.id,
        reason: `Item ${position} repeats this id; the first item keeps it.`,
      })
    } else {
      products.set(parsed.product.id, parsed.product)
    }
  }
  return { products: [...products.values()], skipped, extras }
}

/** The list in a feed, and what is beside it. @throws SimilarItemsError `catalog-invalid` where there is none. */
export function findItems(
  input: unknown,
  url: string,
): { items: readonly unknown[]; extras: Map<string, unknown> } {
  if (Array.isArray(input)) return { items: input, extras: new Map() }
  if (typeof input === 'object' && input !== null) {
    const extras = new Map<string, unknown>(Object.entries(input))
    for (const name of ['items', 'products']) {
      const items = extras.get(name)
      if (!Array.isArray(items)) continue
      extras.delete(name)
      return { items, extras }
    }
  }
  throw new SimilarItemsError(
    'catalog-invalid',
    `The catalogue ${url} is ${describe(input)}. ` +
      'It has to be a JSON array of products, or an object with such an array as "items".',
    { subject: url },
  )
}

function describe(input: unknown): string {
  if (input === null) return 'null'
  return typeof input === 'object' ? 'an object without a list of items' : `a ${typeof input}`
}
