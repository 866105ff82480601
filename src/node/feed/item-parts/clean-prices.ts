import { price } from './price.js'
import { salePeriod } from './sale-period.js'

/** Attributes with an amount in them. */
const priceNames: ReadonlySet<string> = new Set(['price', 'sale_price'])

/**
 * A price, or the dates of a sale, as Google Merchant writes it; all else, and what cannot be read, as it is.
 * @param currency ISO 4217 code of prices that name none.
 */
export function cleanPrice(name: string, value: unknown, currency: string | undefined): unknown {
  const written = Array.isArray(value) ? value[0] : value
  if (priceNames.has(name) && (typeof written === 'string' || typeof written === 'number')) {
    const read = price(written, currency)
    return read === String(written) ? value : read
  }
  if (name === 'sale_price_effective_date' && typeof written === 'string') return salePeriod(written)
  return value
}
