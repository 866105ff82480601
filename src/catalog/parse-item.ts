import type { Product } from '../types.js'
import { resolveContentKey } from './content-key.js'
import type { LinkResolver } from './link-resolver.js'

/** A product, or the sentence that says why the item is none. */
export type ParsedItem = { readonly product: Product } | { readonly id?: string; readonly reason: string }

export interface ItemOptions {
  /** Pictures may be `blob:` URLs, which only the page that made them can read: good for items from that page. */
  readonly acceptsBlobPictures?: boolean
}

/**
 * Validates one item of a feed. `resolve` resolves links against the URL of the feed.
 * Numbers and booleans become text; what is neither text nor a list of texts (nested objects, null) is dropped.
 */
export function parseItem(item: unknown, resolve: LinkResolver, options: ItemOptions = {}): ParsedItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return { reason: 'It is not an object with attributes.' }
  }
  const fields = item as Readonly<Record<string, unknown>>
  const attributes = readAttributes(fields)
  const id = single(attributes.id)
  if (!id) return { reason: 'It has no id.' }
  const title = single(attributes.title) ?? ''
  if (!shown.test(title)) return { id, reason: 'It has no title.' }
  const image = readLink('image_link', fields, resolve, options.acceptsBlobPictures)
  if ('reason' in image) return { id, reason: image.reason }
  if (image.url === undefined) return { id, reason: 'It has no image_link: there is no picture to compare.' }
  const link = readLink('link', fields, resolve)
  if ('reason' in link) return { id, reason: link.reason }

  const key = single(attributes.picture_key)
  if (key) attributes.picture_key = resolveContentKey(key, resolve)
  else delete attributes.picture_key
  if (link.url === undefined) delete attributes.link
  else attributes.link = link.url
  return { product: Object.assign(attributes, { id, title, image_link: image.url }) }
}

/** A character that shows something, as U+200B, U+3164 and U+2800 do not. */
const shown = /[^\s\p{DI}\u2800]/u

/** Attributes that `Product` declares as one text; a feed may repeat them, the first counts. */
const singleAttributes: ReadonlySet<string> = new Set([
  'price',
  'sale_price',
  'sale_price_effective_date',
  'availability',
  'brand',
  'product_type',
  'color',
  'item_group_id',
])

function readAttributes(
  fields: Readonly<Record<string, unknown>>,
): Record<string, string | readonly string[]> {
  const attributes: Record<string, string | readonly string[]> = {}
  for (const name of Object.keys(fields)) {
    // An own `__proto__` is data here, but becomes the prototype wherever a product is copied by assignment.
    if (name === '__proto__') continue
    const raw = fields[name]
    const value = Array.isArray(raw) ? textList(raw) : text(raw)
    const kept = singleAttributes.has(name) ? single(value) : value
    if (kept !== undefined) attributes[name] = kept
  }
  return attributes
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  return undefined
}

/** Nothing where one element is not text: half a list would be read as the whole. */
function textList(values: readonly unknown[]): readonly string[] | undefined {
  const texts = values.map(text)
  return texts.every((value) => value !== undefined) ? texts : undefined
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === 'string' ? value : value?.[0])?.trim()
}

/** The absolute URL of an optional link; null and empty text count as absent. */
function readLink(
  name: string,
  fields: Readonly<Record<string, unknown>>,
  resolve: LinkResolver,
  acceptsBlob = false,
): { url: string | undefined } | { reason: string } {
  const raw = fields[name]
  if (raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '')) {
    return { url: undefined }
  }
  if (typeof raw !== 'string') return { reason: `Its ${name} is not text.` }
  const url = resolve(raw)
  if (url === null) return { reason: `Its ${name} "${shorten(raw)}" is not a URL.` }
  if (/^https?:/.test(url) || (acceptsBlob && url.startsWith('blob:'))) return { url }
  return { reason: `Its ${name} "${shorten(raw)}" is not an http or https URL.` }
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
