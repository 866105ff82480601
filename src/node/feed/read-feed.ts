import { SimilarItemsError } from '../../errors.js'
import type { SkippedItem } from '../../types.js'
import { withoutCredentials } from '../download/credentials.js'
import { HostPauses } from '../download/host-pauses.js'
import { decodeFeed } from './decode-feed.js'
import { type FeedNote, FeedReport } from './feed-report.js'
import type { FeedSource, ReadItems } from './feed-source.js'
import { gunzipFeed } from './gunzip-feed.js'
import { cleanItems } from './item-parts/clean-items.js'
import { cleanPrices, currencyNames } from './item-parts/clean-prices.js'
import type { AttributeMap } from './item-parts/map-item.js'
import { isNeeded, withUsualNames } from './item-parts/usual-names.js'
import { readJsonItems } from './json/json-items.js'
import { type FollowingPages, followingPages } from './next-page.js'
import { type FeedAnswer, openFeed } from './open-feed.js'
import { type FeedPage, readPages } from './read-pages.js'
import { mappedShapes } from './shapes/mapped.js'
import { merchantJson } from './shapes/merchant-json.js'
import { readTableItems } from './table/table-items.js'
import { readXmlItems } from './xml/xml-items.js'

/** The items of a feed in Google Merchant attribute names, not validated. */
export interface Feed {
  readonly items: readonly unknown[]
  readonly format: 'xml' | 'table' | 'json'
  /** Whose way of writing products it is: `merchant`, `shopify`, `woocommerce`, ... */
  readonly shape: string
  /** Records of it that are no items, with reasons. */
  readonly skipped: readonly SkippedItem[]
  /** What was read differently from how it is written. */
  readonly notes: readonly FeedNote[]
  /** What the feed itself, or the map, calls the attributes of the first item. */
  readonly names: readonly string[]
}

export interface ReadFeedOptions {
  /** Default: what a byte order mark or the XML declaration says, else UTF-8. */
  readonly encoding?: string | undefined
  /** Attributes that are left out at once: most of a large feed are descriptions. */
  readonly omit?: ReadonlySet<string> | undefined
  /** Where the attributes are in a feed of no known shape. */
  readonly map?: AttributeMap | undefined
  /** ISO 4217 code of prices that name no currency. */
  readonly currency?: string | undefined
  /** Seconds without a byte after which the server of a feed is given up. Default 60. */
  readonly timeout?: number | undefined
  /** Further attempts after a failure that may pass. Default 3. */
  readonly retries?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a product feed: XML, a table or JSON, packed with gzip or not, in the shape of Google Merchant or of one of the
 * platforms in `shapes/`, all told apart by how they begin. Of a JSON feed on the web the pages that its `Link` header
 * names are read, too.
 * @param given path or URL, which may have credentials.
 * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid` with the line where that is known; the
 * signal's reason on abort.
 */
export async function readFeed(given: string, options: ReadFeedOptions = {}): Promise<Feed> {
  const pauses = new HostPauses()
  const { retries = 3, signal } = options
  const readOne = (location: string) => readPage(location, { ...options, pauses })
  return inMerchantNames(await readPages(given, readOne, { retries, signal }), options)
}

/** The feed with its items as Google Merchant writes them, which is decided for all of its pages together. */
function inMerchantNames(feed: Feed, { map, currency, omit = new Set() }: ReadFeedOptions): Feed {
  const report = new FeedReport()
  const isPlain = feed.shape === merchantJson.name || map !== undefined
  const named = isPlain ? withUsualNames(feed.items, (name) => map?.has(name) ?? false) : feed
  if ('note' in named && named.note !== undefined) report.note(null, named.note)
  const items = cleanPrices(named.items, { report, currency }).map((item) => without(omit, item))
  return { ...feed, items, notes: [...feed.notes, ...report.notes] }
}

async function readPage(
  given: string,
  {
    signal,
    encoding,
    omit = new Set(),
    map,
    currency,
    timeout = 60,
    pauses,
  }: ReadFeedOptions & { readonly pauses: HostPauses },
): Promise<FeedPage> {
  let following: FollowingPages | undefined
  const onAnswer = (answer: FeedAnswer) => {
    following = followingPages(answer, given)
  }
  const location = withoutCredentials(given)
  const report = new FeedReport()
  const bytes = gunzipFeed(openFeed(given, { signal, timeout, pauses, onAnswer }), location)
  const text = decodeFeed(bytes, { location, encoding, report })
  try {
    const start = withoutComments(await firstText(text))
    if (start === '') {
      throw new SimilarItemsError('catalog-invalid', `The feed ${location} is empty.`, { subject: location })
    }
    const source = { text: prepend(start, text), location, context: { report, currency } }
    const { format, shape, items } = await readFormat(source, start, map)
    const atOnce = new Set([...omit].filter((name) => !isNeeded(name) && !currencyNames.has(name)))
    const collected: unknown[] = []
    for await (const item of cleanItems(items, atOnce, report)) collected.push(item)
    const names = Object.keys(collected[0] ?? {})
    const feed = { items: collected, format, shape, skipped: report.skipped, notes: report.notes, names }
    return { feed, following }
  } finally {
    await text.return(undefined)
  }
}

function without(names: ReadonlySet<string>, item: unknown): unknown {
  if (names.size === 0 || typeof item !== 'object' || item === null || Array.isArray(item)) return item
  const entries = Object.entries(item)
  const kept = entries.filter(([name]) => !names.has(name))
  return kept.length === entries.length ? item : Object.fromEntries(kept)
}

async function readFormat(
  source: FeedSource,
  start: string,
  map: AttributeMap | undefined,
): Promise<ReadItems & Pick<Feed, 'format'>> {
  const own = map && mappedShapes(map)
  assertFeed(start, source.location)
  if (start.startsWith('<')) return { ...(await readXmlItems(source, own?.xml)), format: 'xml' }
  // Lines may end as on old Macs.
  const isOld = !start.includes('\n') && start.includes('\r')
  const lines = isOld ? { ...source, text: withLineFeeds(source.text) } : source
  if (/^[[{]/.test(start)) return { ...(await readJsonItems(lines, own?.json)), format: 'json' }
  const read = isOld ? start.replaceAll('\r', '\n') : start
  return { ...(await readTableItems(lines, read, own?.table)), format: 'table' }
}

/**
 * What a script prints before its feed, such as a warning, would make a table of it, and HTML is no XML.
 * @throws SimilarItemsError `catalog-invalid`.
 */
function assertFeed(start: string, location: string): void {
  if (/^<!doctype html\b/i.test(start)) {
    const message = `The feed ${location} is a web page. Check its address, and whether it needs a password.`
    throw new SimilarItemsError('catalog-invalid', message, { subject: location })
  }
  const [, before, begin] = printed.map((pattern) => pattern.exec(start)).find((found) => found) ?? []
  if (before === undefined) return
  const message = `The feed ${location} has text before its ${begin}: "${before.slice(0, 80)}". Remove what prints it.`
  throw new SimilarItemsError('catalog-invalid', message, { subject: location })
}

/** What scripts print before a feed, and how it begins then. */
const printed: readonly RegExp[] = [
  /^([^<[{\n][^\n]{0,400})\r?\n(?:[^<][^\n]*\n){0,20}\s*(<\?xml|<rss|<feed)\b/,
  // Scripts: `show([`, `window["feed"] = [`, `export const products: Product[] = [`, also behind a comment.
  /^((?:\/\*[^*]{0,200}\*\/\s*)?[\w.$"' [\]]{1,100}(?::[\w.$ <>[\]]{1,100})?[=(])\s*(\[|\{)/,
  /^(export default)\s*(\[|\{)/,
  // What keeps a script from being run by other sites.
  /^(\)\]\}'?,?)\s*(\[|\{)/,
  // A line without columns, or one of PHP.
  /^((?![[{<])(?:[^\n\t;,|]{1,400}|(?:PHP )?(?:Notice|Warning|Deprecated|Fatal error)\b[^\n]{0,400}))\r?\n\s*(\[(?=\s*\{)|\{(?=\s*"))/,
  /^(<br ?\/?>\s*<b>[^\n]{0,400})\r?\n\s*(\[|\{|<\?xml|<rss)/,
]

/** JSON Lines may begin with comments. */
function withoutComments(start: string): string {
  return start.replace(/^(?:[ \t]*(?:(?:#|\/\/)[^\r\n]*)?(?:\r\n|\n|\r(?!\n)))+[ \t]*(?=[{[])/, '')
}

async function* withLineFeeds(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of text) yield piece.replaceAll('\r', '\n')
}

/** The first piece that is not only space, without the space before it. */
async function firstText(text: AsyncGenerator<string>): Promise<string> {
  for (;;) {
    const next = await text.next()
    if (next.done) return ''
    // Spaces and tabs may be the empty first headings of a table.
    const start = next.value.replace(/^\ufeff+/, '').replace(/^\s*(?=[<[{])|^(?:[ \t]*\r?\n)+/, '')
    if (start.trim() !== '') return start
  }
}

async function* prepend(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}
