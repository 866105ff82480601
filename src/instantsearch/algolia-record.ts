import type { Product } from '../types.js'

/** A record as InstantSearch's templates expect it. */
export interface AlgoliaRecord {
  readonly objectID: string
  readonly [attribute: string]: unknown
}

/**
 * A product as a record. Templates may show attributes by `Highlight` and `Snippet`, which read them from
 * `_highlightResult` and `_snippetResult`: there is nothing to highlight, so both have the plain texts.
 */
export function recordOf(
  product: Product,
  toRecord: (product: Product) => Readonly<Record<string, unknown>>,
): AlgoliaRecord {
  const record = toRecord(product)
  const texts = withoutMatches(record)
  return { objectID: product.id, _highlightResult: texts, _snippetResult: texts, ...record }
}

function withoutMatches(value: unknown): unknown {
  if (typeof value === 'string') return { value, matchLevel: 'none', matchedWords: [] }
  if (Array.isArray(value)) return value.filter(isShown).map(withoutMatches)
  const entries = Object.entries(value as object).filter(([, part]) => isShown(part))
  return Object.fromEntries(entries.map(([name, part]) => [name, withoutMatches(part)]))
}

/** InstantSearch escapes what it finds there, and fails on anything but texts. */
function isShown(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}
