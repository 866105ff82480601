import { SimilarItemsError } from '../../errors.js'
import type { SkippedItem } from '../../types.js'
import { withoutCredentials } from '../download/credentials.js'
import { type FeedNote, FeedReport } from '../feed/feed-report.js'
import { unescapeItems } from '../feed/item-parts/twice-escaped.js'
import { readFeed } from '../feed/read-feed.js'
import { isWebUrl } from '../files/file-fetch.js'
import { type FeedProduct, toFeedProducts } from './feed-products.js'
import type { IndexOptions } from './index-catalog.js'
import { IndexFailure } from './index-failure.js'
import { pictureFolders } from './picture-folders.js'

/** The products of a feed with all that is to be told about it. */
export interface ReadProducts {
  readonly products: readonly FeedProduct[]
  readonly skipped: readonly SkippedItem[]
  readonly notes: readonly FeedNote[]
  readonly shape: string
  /** What the feed calls the attributes of the first item. */
  readonly names: readonly string[]
  /** What no product can do without and the first item does not have. */
  readonly missing: readonly string[]
}

/**
 * Reads and validates the feed, of which only what pages need is kept.
 * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid`, `invalid-argument`.
 */
export async function readProducts(options: IndexOptions): Promise<ReadProducts> {
  const { timeout, retries } = options
  const { feed, signal, encoding, baseUrl, map, currency, pictureKey, omit = ['description'] } = options
  assertKept(omit)
  const atOnce = new Set(omit.filter((name) => !neededNames.has(name) && name !== pictureKey))
  const read = await readFeed(feed, { signal, encoding, omit: atOnce, map, currency, timeout, retries })
  const report = new FeedReport()
  const unescaped = unescapeItems(read.items, report)
  const items = pictureKey === undefined ? unescaped : unescaped.map((item) => withKey(item, pictureKey))
  const isOnWeb = isWebUrl(feed) || baseUrl !== undefined
  const usual = isOnWeb ? [] : pictureFolders(feed, options.out)
  const images = options.images === undefined ? usual : [options.images]
  const found = toFeedProducts(items, { location: feed, baseUrl, images, omit })
  notePricesWithoutCurrency(found.products, report)
  return {
    products: found.products,
    skipped: [...read.skipped, ...found.skipped],
    notes: [...read.notes, ...report.notes],
    shape: read.shape,
    names: read.names,
    missing: ownNames.filter((name) => !(name in Object(read.items[0] ?? {}))),
  }
}

/** The item with what one of its attributes says as the key of its picture. */
function withKey(item: unknown, attribute: string): unknown {
  if (typeof item !== 'object' || item === null) return item
  return { ...item, picture_key: (item as Readonly<Record<string, unknown>>)[attribute] }
}

/** What every product of a page has. */
const ownNames = ['id', 'title', 'image_link'] as const
/** Whoever leaves them out of the catalogue has them in the feed all the same. */
const neededNames: ReadonlySet<string> = new Set([...ownNames, 'link'])

/** @throws SimilarItemsError `invalid-argument`. */
function assertKept(omit: readonly string[]): void {
  const name = ownNames.find((own) => omit.includes(own))
  if (name === undefined) return
  const message = `${name} cannot be left out of catalog.json: a page takes no product without ${ownNames.join(', ')}. Take it out of --omit.`
  throw new SimilarItemsError('invalid-argument', message, { subject: name })
}

function notePricesWithoutCurrency(products: readonly FeedProduct[], report: FeedReport): void {
  const count = products.filter(({ item }) => /^\d+(\.\d+)?$/.test(item.price ?? '')).length
  if (count === 0) return
  report.note(null, `The prices of ${count} items name no currency; give it with --currency.`)
}

/** @throws IndexFailure `catalog-invalid` where there is nothing to index. */
export function assertProducts(feed: string, { products, skipped, notes, ...first }: ReadProducts): void {
  if (products.length > 0) return
  const name = withoutCredentials(feed)
  const message = `The feed ${name} ${skipped[0] ? whyNone(skipped, first) : 'has no items.'}`
  throw new IndexFailure('catalog-invalid', message, { skipped, notes, subject: name })
}

function whyNone(
  [first, ...others]: readonly SkippedItem[],
  { names, missing }: Pick<ReadProducts, 'names' | 'missing'>,
): string {
  const why = `has no usable item. The first of ${others.length + 1} items: ${first?.reason}`
  if (missing.length === 0 || names.length === 0) return why
  const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '')
  return `${why} It has ${shown}: say with --map which of them is ${missing.join(', ')}.`
}
