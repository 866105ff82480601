import { linkResolver } from '../../../catalog/link-resolver.js'
import type { FeedItem } from '../feed-source.js'
import { isRecord } from './map-item.js'
import { bareName } from './merchant-names.js'
import { linkIn, picturesIn } from './picture-links.js'

type Named = 'id' | 'title' | 'link' | 'image_link' | 'price'

/** What other programs call the attributes of Google Merchant, the likeliest first, and how else they spell these. */
const usualNames: Readonly<Record<Named, readonly string[]>> = {
  id: 'id sku productid itemid objectid merchantproductid productcode articlenumber handleid guid uuid awproductid code handle'.split(
    ' ',
  ),
  title: 'title name productname itemname producttitle productlabel displayname'.split(' '),
  link: 'link url producturl productlink permalink onlinestoreurl href deeplink producturlwithtracking awdeeplink pageurl loc'.split(
    ' ',
  ),
  image_link:
    'image imageurl imageurls images mainimage mainimageurl primaryimage featuredimage img imgurl picture pictureurl pictures photo photourl photos thumbnail thumbnailurl imagesrc merchantimageurl productimageurl enclosure'.split(
      ' ',
    ),
  price: 'price searchprice pricewithvat priceinclvat currentprice regularprice'.split(' '),
}

const names = Object.keys(usualNames) as Named[]

/** The attributes that are read for others, by these, the likeliest first. */
type Sources = ReadonlyMap<Named, readonly string[]>

/**
 * The items with what they lack of Google Merchant's names from an attribute that usually means it, such as `name` for
 * `title`, and a note of the names that were read so. Which ones is decided for the whole feed; those of `id` are of one
 * attribute. That stays what it is, unless it is a list or an object.
 * @param isOwn the names that are Merchant's in any case, since the shop has said where they are.
 */
export function withUsualNames(
  items: readonly unknown[],
  isOwn: (name: string) => boolean = () => false,
): { readonly items: readonly unknown[]; readonly note: string | undefined } {
  const wanted = names.filter((name) => !isOwn(name))
  const lacking = items.filter((item) => isRecord(item) && wanted.some((name) => !isGiven(item[name])))
  const written = attributesOf(lacking as readonly FeedItem[])
  const sources = new Map<Named, readonly string[]>()
  for (const name of wanted) {
    const found = sourcesOf(name, written)
    const chosen = name === 'id' ? bestIds(found, items) : found
    if (chosen.length > 0) sources.set(name, chosen)
  }
  if (sources.size === 0) return { items, note: undefined }
  const read = new Map<string, number>()
  const named = items.map((item) => (isRecord(item) ? withSources(item, sources, read) : item))
  if (read.size === 0) return { items, note: undefined }
  const pairs = [...read].map(([pair, count]) => `${pair} (${count} items)`)
  const note = `Names of Google Merchant are missing; read in their place: ${pairs.join(', ')}. --map says otherwise.`
  return { items: named, note }
}

/** Whether an object has a price, as items have and their categories have not. */
export function hasPrice(record: FeedItem): boolean {
  return (
    isGiven(record.price) || sourcesOf('price', Object.keys(record)).some((name) => isGiven(record[name]))
  )
}

/** Whether an object is likely an item: it has a title and a picture, by Merchant's names or usual ones. */
export function looksLikeItem(record: FeedItem): boolean {
  return (['title', 'image_link'] as const).every(
    (name) =>
      isGiven(record[name]) ||
      sourcesOf(name, Object.keys(record)).some((source) => valuesOf(name, record[source]) !== undefined),
  )
}

/** Whether an item may have its id, title or picture there only. */
export function isNeeded(name: string): boolean {
  return neededNames.has(bareName(name))
}

const neededNames: ReadonlySet<string> = new Set([
  ...usualNames.id,
  ...usualNames.title,
  ...usualNames.image_link,
])

function attributesOf(items: readonly FeedItem[]): Iterable<string> {
  const found = new Set<string>()
  for (const item of items) for (const name of Object.keys(item)) found.add(name)
  return found
}

/** Those of some attributes that usually mean another one, the likeliest first. */
function sourcesOf(name: Named, attributes: Iterable<string>): string[] {
  const ranked: [string, number][] = []
  for (const written of attributes) {
    const rank = written === name ? -1 : usualNames[name].indexOf(bareName(written))
    if (rank >= 0) ranked.push([written, rank])
  }
  return ranked.sort(([, one], [, other]) => one - other).map(([written]) => written)
}

/** Of the attributes the first of those that tell most of the items apart. */
function bestIds(sources: readonly string[], items: readonly unknown[]): readonly string[] {
  if (sources.length === 0) return []
  const given = new Set<string>()
  for (const item of items) {
    if (isRecord(item) && isGiven(item.id)) given.add(String(item.id))
  }
  let best: string | undefined
  let most = 0
  for (const source of sources) {
    const own = new Set<string>()
    for (const item of items) {
      const values = isRecord(item) && !isGiven(item.id) ? valuesOf('id', item[source]) : undefined
      const id = String(values?.id ?? '')
      if (id !== '' && !given.has(id)) own.add(id)
    }
    if (own.size > most) [best, most] = [source, own.size]
  }
  return best === undefined ? [] : [best]
}

function withSources(item: FeedItem, sources: Sources, read: Map<string, number>): FeedItem {
  const found: Record<string, unknown> = {}
  const replaced = new Set<string>()
  for (const [name, likely] of sources) {
    if (isGiven(item[name])) continue
    for (const source of likely) {
      const values = valuesOf(name, item[source])
      if (values === undefined) continue
      Object.assign(found, values)
      if (typeof item[source] === 'object') replaced.add(source)
      const pair = `${source} as ${name}`
      read.set(pair, (read.get(pair) ?? 0) + 1)
      break
    }
  }
  if (found.additional_image_link !== undefined) {
    const own = picturesIn(item.additional_image_link)
    found.additional_image_link = [...new Set([found.additional_image_link, own].flat())]
  }
  if (replaced.size === 0) return { ...item, ...found }
  const kept = Object.entries(item).filter(([name]) => !replaced.has(name))
  return { ...Object.fromEntries(kept), ...found }
}

/** What an attribute says for another one; undefined where it cannot be that. */
function valuesOf(name: Named, value: unknown): FeedItem | undefined {
  if (name === 'image_link') {
    const [first, ...further] = picturesIn(value)
    if (first === undefined) return undefined
    return { image_link: first, ...(further.length > 0 && { additional_image_link: further }) }
  }
  const plain = name === 'link' ? linkIn(value) : value
  if (!isGiven(plain) || (typeof plain !== 'string' && typeof plain !== 'number')) return undefined
  return name === 'link' && !isPage(String(plain)) ? undefined : { [name]: plain }
}

/** A guess has to be an address: an item with a link that is none is skipped. */
function isPage(link: string): boolean {
  return /^(https?:\/\/|\/)/i.test(link.trim()) && resolve(link) !== null
}

const resolve = linkResolver('https://shop.example/')

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')
}
