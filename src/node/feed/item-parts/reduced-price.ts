import { price } from './price.js'

/**
 * `price` and `sale_price` of a product from what it costs now and before.
 * @param before empty, or not above `now`, where it is not reduced.
 */
export function reducedPrice(
  now: string | number | null | undefined,
  before: string | number | null | undefined,
  currency: string | undefined,
): { price: string | undefined; sale_price: string | undefined } {
  const [current, former] = [price(now, currency), price(before, currency)]
  if (current === undefined) return { price: former, sale_price: undefined }
  const isReduced = former !== undefined && Number.parseFloat(former) > Number.parseFloat(current)
  return isReduced ? { price: former, sale_price: current } : { price: current, sale_price: undefined }
}
