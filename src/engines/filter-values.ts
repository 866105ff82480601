import { type Price, type PricedProduct, parsePrice, priceAt, pricesOf } from '../catalog/price.js'
import { isStorable } from './storable.js'
import type { Condition, FilterValues } from './vector-engine.js'

/** A product as it comes from a database or a shop. */
type AnyProduct = Readonly<Record<string, unknown>>

/**
 * What filters can ask about a product: its attributes that are texts or numbers, and of its price three numbers, since
 * a sale begins and ends while the database has what was pushed: `price` is what it costs when no sale with dates is on,
 * `lowest_price` and `highest_price` what it may cost at any time. The currency is `currency`. Prices are read as feeds
 * write them, and as databases give them, without a currency: numbers, and decimals that are texts.
 */
export function filterValues(product: AnyProduct): FilterValues {
  const values: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(product)) {
    const isGood = typeof value === 'string' ? isText(name, value) : Number.isFinite(value)
    if (!isGood || !isStorable(name)) continue
    values[name] = value as string | number
    // Feeds have texts only: ratings and widths are asked about in ranges all the same.
    const number = typeof value === 'number' ? value : numberOf(String(value))
    if (number !== null) values[numberName(name)] = number
  }
  const prices = pricesOf(priced(product))
  const [some] = prices
  if (!some) return values
  const lasting = priceOf(product, Number.POSITIVE_INFINITY)
  const amounts = prices.map(({ amount }) => amount)
  return {
    ...values,
    ...(lasting && { price: lasting.amount }),
    lowest_price: Math.min(...amounts),
    highest_price: Math.max(...amounts),
    ...(some.currency !== noCurrency && { currency: some.currency }),
  }
}

/** A filter in two steps. */
export interface TimelyConditions {
  /** What a database can tell: lets products pass that meet the filter at some other time. */
  readonly asked: readonly Condition[]
  /** Whether a product meets the filter now. @param stored says what it costs where it does not do so itself. */
  readonly isMet: (product: AnyProduct, stored?: AnyProduct) => boolean
}

/**
 * Conditions on the price ask what a product costs now, in a sale or not.
 * @param now milliseconds since 1970.
 */
export function timelyConditions(conditions: readonly Condition[], now: number): TimelyConditions {
  const ranges = conditions.filter(isPriceRange)
  const asked = conditions.flatMap((condition): Condition[] => {
    if ('oneOf' in condition || priceNumbers.includes(condition.attribute)) return [condition]
    const { attribute, from, to } = condition
    if (attribute !== 'price') return [{ attribute: numberName(attribute), from, to }]
    return [
      { attribute: 'lowest_price', from: Number.NEGATIVE_INFINITY, to },
      { attribute: 'highest_price', from, to: Number.POSITIVE_INFINITY },
    ]
  })
  const isMet = (product: AnyProduct, stored: AnyProduct = {}) => {
    if (ranges.length === 0) return true
    const price = priceOf(product, now) ?? priceOf(stored, now)
    return price !== null && ranges.every(({ from, to }) => price.amount >= from && price.amount <= to)
  }
  return { asked, isMet }
}

/** What `filterValues` has of prices, which are numbers by themselves. */
const priceNumbers: readonly string[] = ['lowest_price', 'highest_price']

/** Under which name the number is that a text is: as a text, `42` is asked about too. */
function numberName(attribute: string): string {
  return `${attribute}:number`
}

/** Null for a text that is no number, and for more digits than one holds exactly. */
function numberOf(text: string): number | null {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text.trim()) ? Number(text) : null
}

function isPriceRange(condition: Condition): condition is Extract<Condition, { readonly from: number }> {
  return 'from' in condition && condition.attribute === 'price'
}

/** What a product costs at a time; null for a price in words, and for none. */
function priceOf(product: AnyProduct, time: number): Price | null {
  return parsePrice(priceAt(priced(product), time)?.current ?? '')
}

function isText(name: string, value: string): boolean {
  const isPrice = name === 'price' || name === 'sale_price'
  return !isPrice && value.length <= longestValue && isStorable(value)
}

/** Descriptions and addresses are nothing to filter by. */
const longestValue = 200

function priced({ price, sale_price, sale_price_effective_date: period }: AnyProduct): PricedProduct {
  const texts = {
    price: priceText(price),
    sale_price: priceText(sale_price),
    sale_price_effective_date: period,
  }
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string'))
}

/** As a feed writes it; what is none as it is. */
function priceText(value: unknown): unknown {
  return /^\d+(\.\d+)?$/.test(String(value).trim()) ? `${value} ${noCurrency}` : value
}

/** ISO 4217's code for no currency. */
const noCurrency = 'XXX'
