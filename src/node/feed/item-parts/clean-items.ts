import type { FeedItem, ShapeContext } from '../feed-source.js'
import { cleanPrice } from './clean-prices.js'
import { PointNotes } from './point-notes.js'

/**
 * The items of a feed without what no text has in it: control characters go, with a note. Prices and the dates of sales
 * are written as Google Merchant does, where it is plain what they mean.
 * @param omit attributes that are left out.
 */
export async function* cleanItems(
  items: AsyncIterable<FeedItem>,
  omit: ReadonlySet<string>,
  { report, currency }: ShapeContext,
): AsyncGenerator<unknown> {
  const points = new PointNotes()
  let position = 0
  for await (const item of items) {
    position++
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      yield item
      continue
    }
    const kept: Record<string, unknown> = {}
    const cleaned: string[] = []
    const ownCurrency = currencyOf(item) ?? currency
    for (const [name, value] of Object.entries(item)) {
      const clean = withoutControls(value)
      if (clean !== value) cleaned.push(name)
      // An own `__proto__` would become the prototype by assignment.
      if (omit.has(name) || name === '__proto__') continue
      kept[name] = cleanPrice(name, clean, ownCurrency, points.add)
    }
    if (cleaned.length > 0) {
      const id = typeof item.id === 'string' || typeof item.id === 'number' ? String(item.id) : `#${position}`
      report.note(id, `Control characters were taken out of its ${cleaned.join(', ')}.`)
    }
    yield kept
  }
  points.report(report)
}

/** What a column or field beside the price says, where it is a code of ISO 4217. */
function currencyOf(item: FeedItem): string | undefined {
  for (const name of currencyNames) {
    const code = item[name]
    if (typeof code === 'string' && /^\s*[a-z]{3}\s*$/i.test(code)) return code.trim()
  }
  return undefined
}

const currencyNames = [
  'currency',
  'currency_code',
  'currencyCode',
  'price_currency',
  'priceCurrency',
] as const

/** The same value where it has none. */
function withoutControls(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.search(controlCharacter) < 0 ? value : value.replace(everyControlCharacter, '')
  }
  if (!Array.isArray(value)) return value
  const clean = value.map(withoutControls)
  return clean.some((part, index) => part !== value[index]) ? clean : value
}

/** As itself, or as the reference to one that XML forbids; a tab or the end of a line is none. */
const controlCharacter =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));/i
const everyControlCharacter = new RegExp(controlCharacter, 'gi')
