import type { Product } from '../types.js'

export interface Price {
  readonly amount: number
  /** ISO 4217 code, upper case. */
  readonly currency: string
}

/** What a card shows: the price to pay and, for a reduced product, the one it had before. */
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

/** The prices to show for a product, or null where it has none. A `sale_price` that saves nothing is not a sale. */
export function productPrice(product: Product, format: (text: string) => string): PriceTexts | null {
  const { price, sale_price: salePrice } = product
  if (!salePrice) return price ? { current: format(price) } : null
  if (!price) return { current: format(salePrice) }
  const regular = parsePrice(price)
  const reduced = parsePrice(salePrice)
  const comparable = regular && reduced && regular.currency === reduced.currency
  if (comparable && reduced.amount >= regular.amount) return { current: format(price) }
  return { current: format(salePrice), original: format(price) }
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
