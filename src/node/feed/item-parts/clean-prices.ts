import type { FeedItem, ShapeContext } from '../feed-source.js'
import { PointNotes } from './point-notes.js'
import { knownCurrency, type PointMeaning, price } from './price.js'
import { salePeriod } from './sale-period.js'

/** Attributes with an amount in them, and the dates of a sale. */
const cleanedNames = ['price', 'sale_price', 'sale_price_effective_date'] as const

/** What names the currency of a price beside it. */
export const currencyNames: ReadonlySet<string> = new Set([
  'currency',
  'currency_code',
  'currencyCode',
  'price_currency',
  'priceCurrency',
])

/**
 * The items with their prices and the dates of sales as Google Merchant writes them, where it is plain what they mean;
 * with notes of what is not.
 */
export function cleanPrices(items: readonly unknown[], { report, currency }: ShapeContext): unknown[] {
  const points = new PointNotes()
  const cleaned = items.map((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    const fields = item as FeedItem
    const changes: Record<string, unknown> = {}
    let own: string | undefined
    for (const name of cleanedNames) {
      if (!(name in fields)) continue
      own ??= currencyOf(fields, currency)
      const clean = cleanPrice(name, fields[name], own, points.add)
      if (clean !== fields[name]) changes[name] = clean
    }
    return Object.keys(changes).length > 0 ? { ...fields, ...changes } : item
  })
  points.report(report)
  return cleaned
}

/** A price as Google Merchant writes it; what cannot be read, as it is. */
function cleanPrice(
  name: (typeof cleanedNames)[number],
  value: unknown,
  currency: string | undefined,
  onPoint: (meaning: PointMeaning, written: string) => void,
): unknown {
  const written = Array.isArray(value) ? value[0] : value
  if (name === 'sale_price_effective_date') return typeof written === 'string' ? salePeriod(written) : value
  if (typeof written !== 'string' && typeof written !== 'number') return value
  const read = price(written, currency, (meaning) => onPoint(meaning, String(written)))
  return read === String(written) ? value : read
}

/** What a column or field beside the price says, as a code or a sign; else the currency of all. */
function currencyOf(item: FeedItem, given: string | undefined): string | undefined {
  for (const name of currencyNames) {
    const written = item[name]
    const code = typeof written === 'string' ? knownCurrency(written, given) : undefined
    if (code !== undefined) return code
  }
  return given
}
