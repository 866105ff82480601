import type { Product } from '../types.js'
import { parseSalePeriod, type SalePeriod } from './sale-period.js'

export interface Price {
  readonly amount: number
  /** ISO 4217 code, upper case. */
  readonly currency: string
}

/** What says what a product costs, and when. */
export type PricedProduct = Pick<Product, 'price' | 'sale_price' | 'sale_price_effective_date'>

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
 * The prices of a product at a time, as the feed writes them; null where it has none. A `sale_price` counts while its
 * `sale_price_effective_date` says so, and where it saves something: else the product costs its `price`, for no page may
 * promise less than the shop asks.
 * @param now milliseconds since 1970.
 */
export function priceAt(product: PricedProduct, now: number): PriceTexts | null {
  const { price, sale_price: salePrice } = product
  if (salePrice && isOnSale(price, salePrice) && holds(salePeriod(product), now)) {
    return price ? { current: salePrice, original: price } : { current: salePrice }
  }
  return price ? { current: price } : null
}

/** What a product costs before, in and after the time that its sale is limited to; no entry for a price in words. */
export function pricesOf(product: PricedProduct): Price[] {
  const times = [Number.NEGATIVE_INFINITY, salePeriod(product)?.from ?? 0, Number.POSITIVE_INFINITY]
  return times.flatMap((time) => parsePrice(priceAt(product, time)?.current ?? '') ?? [])
}

/** When the price of a product next changes, in milliseconds since 1970; infinite where that is not known. */
export function nextPriceChange(product: PricedProduct, now: number): number {
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
function salePeriod({ sale_price_effective_date: text = '' }: PricedProduct): SalePeriod | null {
  if (text.trim() === '') return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  return parseSalePeriod(text)
}

function holds(period: SalePeriod | null, now: number): boolean {
  return period !== null && period.from <= now && now <= period.to
}
