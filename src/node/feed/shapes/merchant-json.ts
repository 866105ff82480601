import type { FeedItem } from '../feed-source.js'
import { merchantName } from '../item-parts/merchant-names.js'
import { isObject, type JsonObject, type JsonShape, textIn } from './json-shape.js'

/**
 * Objects in the attribute names of Google Merchant, also as its APIs write them: `imageLink`, `offerId`, prices with
 * `value` and `currency` or in `amountMicros`, and in the newer one all of that inside of `attributes`.
 */
export const merchantJson: JsonShape = {
  name: 'merchant',
  isOf: () => true,
  async *items(values) {
    for await (const value of values) yield isObject(value) ? toItem(value) : value
  },
}

function toItem({ attributes, productAttributes, ...own }: JsonObject): FeedItem {
  const inner = [attributes, productAttributes].filter(isObject)
  const kept = isObject(attributes) || attributes === undefined ? own : { ...own, attributes }
  const item: Record<string, unknown> = {}
  for (const [name, value] of [kept, ...inner].flatMap((fields) => Object.entries(fields))) {
    const known = merchantName(name)
    // An own `__proto__` would become the prototype by assignment.
    if (name !== '__proto__' && !(known !== name && known in item)) item[known] = plain(known, value)
  }
  // The API's own id has channel, language and country before that of the shop.
  const offer = textIn(own.offerId)
  return withOnePicture(offer === undefined ? item : { ...item, id: offer })
}

/** A list in the place of one link names the further pictures too. */
function withOnePicture(item: JsonObject): FeedItem {
  const { image_link: links, additional_image_link: further = [] } = item
  if (!Array.isArray(links) || links.length < 2) return item
  const [first, ...others] = links
  return { ...item, image_link: first, additional_image_link: [...others, further].flat() }
}

/** Prices and periods of the APIs as texts. */
function plain(name: string, value: unknown): unknown {
  if (!isObject(value)) return value
  if (name === 'price' || name === 'sale_price') {
    const { value: amount, currency, amountMicros, currencyCode } = value
    const text = textIn(amount) ?? (textIn(amountMicros) && String(Number(amountMicros) / 1e6))
    return text === undefined ? value : `${text} ${textIn(currency) ?? textIn(currencyCode) ?? ''}`.trim()
  }
  if (name === 'sale_price_effective_date') {
    return `${textIn(value.startTime) ?? ''}/${textIn(value.endTime) ?? ''}`
  }
  return value
}
