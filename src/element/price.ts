import type { Product } from '../types.js'
import { parseSalePeriod, type SalePeriod } from './sale-period.js'

export interface Price {
  readonly amount: number
  /** ISO 4217 code, upper case. */
  readonly currency: string
}

/** What a product costs, in the feed's words or a reader's: and, for a reduced product, what it did before. */
export interface PriceTexts {
  readonly current: string
  readonly original?: string
}

/**
 * Reads a price as the Google Merchant feed writes it, `"24.90 EUR"`: a decimal point, no thousands separator,
 * the ISO 4217 code last. Returns null for any other text.
 */
export function parsePrice(text: string): Price | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]{3})\s*$/i.exec(text)
  if (!match?.[1] || !match[2]) return null
  return { amount: Number(match[1]), currency: match[2].toUpperCase() }
}

/**
 * Returns a function that writes a feed's price for readers of a language, e.g. `"24.90 EUR"` as `"24,90 €"`.
 * Text that is not in the feed's format comes back as it is: a shop's own wording beats no price.
 */
export function priceFormatter(language: string): (text: string) => string {
  const formats = new Map<string, Intl.NumberFormat>()
  return (text) => {
    const price = parsePrice(text)
    if (!price) return text.trim()
    let format = formats.get(price.currency)
    if (!format) {
      format = new Intl.NumberFormat(supportedLocale(language), {
        style: 'currency',
        currency: price.currency,
      })
      formats.set(price.currency, format)
    }
    return format.format(price.amount)
  }
}

/**
 * The prices of a product at a time, as the feed writes them; null where it has none. A `sale_price` counts while its
 * `sale_price_effective_date` says so, and where it saves something: else the product costs its `price`, for no page may
 * promise less than the shop asks.
 * @param now milliseconds since 1970.
 */
export function priceAt(product: Product, now: number): PriceTexts | null {
  const { price, sale_price: salePrice } = product
  if (salePrice && isOnSale(price, salePrice) && holds(salePeriod(product), now)) {
    return price ? { current: salePrice, original: price } : { current: salePrice }
  }
  return price ? { current: price } : null
}

/** When the price of a product next changes, in milliseconds since 1970; infinite where that is not known. */
export function nextPriceChange(product: Product, now: number): number {
  const period = product.sale_price ? salePeriod(product) : null
  if (!period || now > period.to) return Number.POSITIVE_INFINITY
  return now < period.from ? period.from : period.to + 1
}

function isOnSale(price: string | undefined, salePrice: string): boolean {
  const reduced = parsePrice(salePrice)
  // Shop plugins write a price of nothing for a product that is in no sale.
  if (reduced?.amount === 0) return false
  const regular = parsePrice(price ?? '')
  // Nothing to compare with: there is no price, or it is in the shop's own words.
  if (!regular) return true
  return reduced?.currency === regular.currency && reduced.amount < regular.amount
}

/** Null for a period that means nothing, in which there is no sale. */
function salePeriod({ sale_price_effective_date: text = '' }: Product): SalePeriod | null {
  if (text.trim() === '') return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  return parseSalePeriod(text)
}

function holds(period: SalePeriod | null, now: number): boolean {
  return period !== null && period.from <= now && now <= period.to
}

/** A page's `lang` may be anything; `undefined` is the browser's own language. */
export function supportedLocale(language: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language)[0]
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
