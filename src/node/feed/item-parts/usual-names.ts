import type { FeedReport } from '../feed-report.js'
import type { FeedItem } from '../feed-source.js'
import { bareName } from './merchant-names.js'
import { linkIn, picturesIn } from './picture-links.js'

type Named = 'id' | 'title' | 'link' | 'image_link' | 'price'

/** What other programs call the attributes of Google Merchant, the likeliest first. */
const usualNames: Readonly<Record<Named, readonly string[]>> = {
  id: 'sku productid itemid objectid merchantproductid productcode articlenumber handleid guid uuid awproductid code handle'.split(
    ' ',
  ),
  title: 'name productname itemname producttitle productlabel displayname'.split(' '),
  link: 'url producturl productlink permalink onlinestoreurl href deeplink producturlwithtracking awdeeplink pageurl loc'.split(
    ' ',
  ),
  image_link:
    'image imageurl imageurls images mainimage mainimageurl primaryimage featuredimage img imgurl picture pictureurl pictures photo photourl photos thumbnail thumbnailurl imagesrc merchantimageurl productimageurl enclosure'.split(
      ' ',
    ),
  price: 'searchprice pricewithvat priceinclvat currentprice regularprice'.split(' '),
}

const names = Object.keys(usualNames) as Named[]

/**
 * The items with what they lack of Google Merchant's names from an attribute that usually means it, such as `name` for
 * `title`; with a note of the names that were read so.
 */
export async function* withUsualNames(
  items: AsyncIterable<FeedItem>,
  report: FeedReport,
): AsyncGenerator<FeedItem> {
  const read = new Map<string, number>()
  for await (const item of items) yield isRecord(item) ? renamed(item, read) : item
  if (read.size === 0) return
  const pairs = [...read].map(([pair, count]) => `${pair} (${count} items)`)
  report.note(
    null,
    `Names of Google Merchant are missing; read in their place: ${pairs.join(', ')}. --map says otherwise.`,
  )
}

/** Whether an object is likely an item: it has a title and a picture, by Merchant's names or usual ones. */
export function looksLikeItem(record: FeedItem): boolean {
  const written = spellings(record)
  return (['title', 'image_link'] as const).every(
    (name) => isGiven(record[name]) || sourceOf(name, record, written) !== undefined,
  )
}

function renamed(item: FeedItem, read: Map<string, number>): FeedItem {
  const missing = names.filter((name) => !isGiven(item[name]))
  if (missing.length === 0) return item
  const written = spellings(item)
  const found: Record<string, unknown> = {}
  const sources = new Set<string>()
  for (const name of missing) {
    const source = sourceOf(name, item, written)
    if (source === undefined) continue
    sources.add(source)
    Object.assign(found, valuesOf(name, item[source]))
    const pair = `${source} as ${name}`
    read.set(pair, (read.get(pair) ?? 0) + 1)
  }
  if (sources.size === 0) return item
  return { ...Object.fromEntries(Object.entries(item).filter(([name]) => !sources.has(name))), ...found }
}

/** The attribute that is read for another, as the item spells it. */
function sourceOf(name: Named, item: FeedItem, written: ReadonlyMap<string, string>): string | undefined {
  for (const usual of usualNames[name]) {
    const source = written.get(usual)
    if (source !== undefined && Object.keys(valuesOf(name, item[source])).length > 0) return source
  }
  return undefined
}

function valuesOf(name: Named, value: unknown): Record<string, unknown> {
  if (name === 'image_link') {
    const [first, ...further] = picturesIn(value)
    if (first === undefined) return {}
    return { image_link: first, ...(further.length > 0 && { additional_image_link: further }) }
  }
  const plain = name === 'link' ? linkIn(value) : value
  return isGiven(plain) && typeof plain !== 'object' ? { [name]: plain } : {}
}

/** How the item spells its names, by how they are compared. */
function spellings(item: FeedItem): Map<string, string> {
  return new Map(Object.keys(item).map((name) => [bareName(name), name]))
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')
}

function isRecord(value: unknown): value is FeedItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
