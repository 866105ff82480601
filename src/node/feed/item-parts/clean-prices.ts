import { type PointMeaning, price } from './price.js'
import { salePeriod } from './sale-period.js'

/** Attributes with an amount in them. */
const priceNames: ReadonlySet<string> = new Set(['price', 'sale_price'])

/**
 * A price, or the dates of a sale, as Google Merchant writes it; all else, and what cannot be read, as it is.
 * @param currency ISO 4217 code of prices that name none.
 * @param onPoint is called with a price whose point stands before three digits.
 */
export function cleanPrice(
  name: string,
  value: unknown,
  currency: string | undefined,
  onPoint: (meaning: PointMeaning, written: string) => void,
): unknown {
  const written = Array.isArray(value) ? value[0] : value
  if (priceNames.has(name) && (typeof written === 'string' || typeof written === 'number')) {
    const read = price(written, currency, (meaning) => onPoint(meaning, String(written)))
    return read === String(written) ? value : read
  }
  if (name === 'sale_price_effective_date' && typeof written === 'string') return salePeriod(written)
  return value
}
