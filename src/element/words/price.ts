import { parsePrice } from '../../catalog/price.js'

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

/** A page's `lang` may be anything; `undefined` is the browser's own language. */
export function supportedLocale(language: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language)[0]
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
