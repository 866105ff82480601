import { linksOf } from './links-of.js'

/** What an object calls the address in it. */
const addressNames = ['url', 'src', 'href', 'link', 'originalSrc', 'file'] as const

/** Deeper is no picture of an item. */
const deepest = 6

/**
 * The addresses of the pictures that a value of a feed names: a text with one or several, an object with an address in
 * it, nodes of a graph, or a list of these. Empty where it is none.
 */
export function picturesIn(value: unknown, depth = 0): readonly string[] {
  if (depth > deepest) return []
  if (typeof value === 'string') return linksOf(value).filter(isAddress)
  if (Array.isArray(value)) return value.flatMap((one) => picturesIn(one, depth + 1))
  if (typeof value !== 'object' || value === null) return []
  const { nodes, edges, node } = value as Readonly<Record<string, unknown>>
  const inner = nodes ?? edges ?? node
  if (typeof inner === 'object') return picturesIn(inner, depth + 1)
  const link = linkIn(value)
  return link === undefined || !isAddress(link) ? [] : [link]
}

/** The address that a text is, or an object has. */
export function linkIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined
  if (typeof value !== 'object' || value === null) return undefined
  const record = value as Readonly<Record<string, unknown>>
  const links = addressNames.map((name) => record[name])
  return links.find((link): link is string => typeof link === 'string' && link.trim() !== '')
}

/** A word such as `yes` or `12` is no picture, and what is written out is none to ask for. */
function isAddress(text: string): boolean {
  if (/^data:/i.test(text)) return false
  return /^(?:https?:\/)?\/|\.(?:jpe?g|png|webp|gif|avif|heic|tiff?|bmp|svg)(?:[?#]|$)/i.test(text)
}
