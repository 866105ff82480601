import { type LinkResolver, linkResolver } from '../../catalog/link-resolver.js'
import { parseCatalog } from '../../catalog/parse-catalog.js'
import { withoutSignature } from '../../catalog/url-signature.js'
import { parseUrl } from '../../parse-url.js'
import type { Product, SkippedItem } from '../../types.js'
import { splitCredentials, withoutCredentials } from '../download/credentials.js'
import { availabilityIn } from '../feed/item-parts/availability-words.js'
import { isWebUrl } from '../files/file-fetch.js'
import { isRelativeLink, nowhere } from '../files/file-in-folder.js'
import { pictureInFolders } from './picture-folders.js'

/** A product of a feed as the page's `catalog.json` will have it, and where its picture is now. */
export interface FeedProduct {
  /** Links are as the feed has them, or absolute where a base URL was given. */
  readonly item: Product
  /** Absolute `http:`, `https:` or `file:` URL, without credentials. */
  readonly picture: string
  /** What identifies the picture from run to run: where it is, without a signature, or the item's `picture_key`. */
  readonly key: string
  /** Value of the `Authorization` header that its server wants. */
  readonly authorization: string | undefined
}

export interface FeedProducts {
  readonly products: readonly FeedProduct[]
  readonly skipped: readonly SkippedItem[]
}

export interface FeedContext {
  /** Path or URL of the feed. */
  readonly location: string
  /** Makes relative links of the feed absolute. */
  readonly baseUrl?: string | undefined
  /** Folders in which relative picture links are looked up, one after the other; without one they are fetched. */
  readonly images: readonly string[]
  /** Attributes that the page does not need. */
  readonly omit: readonly string[]
}

/** Validates the items of a feed by the rules of the page. @throws SimilarItemsError `invalid-argument`. */
export function toFeedProducts(items: readonly unknown[], context: FeedContext): FeedProducts {
  const { location, baseUrl, images, omit } = context
  const base = baseUrl ?? (isWebUrl(location) ? location : nowhere)
  const { products, skipped } = parseCatalog(items.map(withoutLostId), base)
  const written = writtenLinks(items, linkResolver(base))
  const omitted = new Set(omit)
  const authorizationOf = authorizations(location, baseUrl)
  return {
    // Reasons say how a link is written.
    skipped: skipped.map((item) => ({ id: item.id, reason: withoutCredentials(reasonOf(item, items)) })),
    products: products.map((product) => {
      const links = written(product)
      const attributes = Object.entries({
        ...product,
        ...(!baseUrl && links),
        ...availability(product),
        ...furtherPictures(product, baseUrl),
      })
      const published = attributes.filter(([name]) => !omitted.has(name))
      const item = Object.fromEntries(published.map(([name, value]) => [name, cleared(value)])) as Product
      const isRelative = links.image_link !== undefined && isRelativeLink(links.image_link)
      const found = isRelative ? pictureInFolders(images, links.image_link as string) : undefined
      if (found !== undefined) {
        return { item, picture: found, key: item.picture_key ?? found, authorization: undefined }
      }
      const { picture, authorization } = authorizationOf(product.image_link)
      return { item, picture, key: item.picture_key ?? withoutSignature(picture), authorization }
    }),
  }
}

/** Numbers of JSON that are longer than JavaScript keeps would be the ids of other items. */
function withoutLostId(item: unknown): unknown {
  return lostId(item) === null ? item : { ...(item as object), id: undefined }
}

function lostId(item: unknown): number | null {
  const { id } = (item ?? {}) as Readonly<Record<string, unknown>>
  return typeof id === 'number' && Math.abs(id) > Number.MAX_SAFE_INTEGER ? id : null
}

/** Why an item that is named by its position, as `#3`, was skipped. */
function reasonOf({ id, reason }: SkippedItem, items: readonly unknown[]): string {
  const lost = /^#\d+$/.test(id) ? lostId(items[Number(id.slice(1)) - 1]) : null
  return lost === null
    ? reason
    : `Its id is a number with more digits than JSON keeps (read as ${lost}); write it in quotes.`
}

/** What is published has no credentials in it. */
function cleared(value: Product[string]): Product[string] {
  if (value === undefined) return value
  return typeof value === 'string' ? withoutCredentials(value) : value.map(withoutCredentials)
}

/** A picture has its own credentials, or those of the feed or base URL where it is of the same origin. */
function authorizations(
  ...locations: readonly (string | undefined)[]
): (picture: string) => Pick<FeedProduct, 'picture' | 'authorization'> {
  const known = new Map<string, string>()
  for (const location of locations) {
    if (location === undefined || !isWebUrl(location) || parseUrl(location) === null) continue
    const { url, authorization } = splitCredentials(location)
    if (authorization !== undefined) known.set(new URL(url).origin, authorization)
  }
  return (written) => {
    const { url, authorization } = splitCredentials(written)
    return {
      picture: url,
      authorization: authorization ?? (known.size > 0 ? known.get(new URL(url).origin) : undefined),
    }
  }
}

/** In the words of Google Merchant, where it is known what is meant. */
function availability({ availability: text }: Product): Partial<Product> {
  const known = text === undefined ? null : availabilityIn(text)
  return known === null ? {} : { availability: known }
}

/** Absolute where the other links are. */
function furtherPictures(
  { additional_image_link: written }: Product,
  baseUrl: string | undefined,
): Partial<Product> {
  if (written === undefined || !baseUrl) return {}
  const absolute = (link: string) => parseUrl(link, baseUrl)?.href ?? link
  return { additional_image_link: typeof written === 'string' ? absolute(written) : written.map(absolute) }
}

type Links = Pick<Product, 'link' | 'image_link' | 'picture_key'>

/** Finds the links of a product as its item spells them. */
function writtenLinks(
  items: readonly unknown[],
  resolve: LinkResolver,
): (product: Product) => Partial<Links> {
  const byId = new Map<string, Record<string, unknown>[]>()
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue
    const fields = item as Record<string, unknown>
    const id = String(Array.isArray(fields.id) ? fields.id[0] : fields.id).trim()
    const others = byId.get(id)
    if (others) others.push(fields)
    else byId.set(id, [fields])
  }
  return (product) => {
    const resolves = (written: unknown, url: string | undefined): written is string =>
      typeof written === 'string' && resolve(written) === url
    const fields = byId.get(product.id)?.find(({ image_link }) => resolves(image_link, product.image_link))
    const { image_link, link, picture_key: key } = fields ?? {}
    return {
      ...(product.picture_key !== undefined && {
        picture_key: String(Array.isArray(key) ? key[0] : key).trim(),
      }),
      ...(resolves(image_link, product.image_link) && { image_link: image_link.trim() }),
      ...(resolves(link, product.link) && { link: link.trim() }),
    }
  }
}
