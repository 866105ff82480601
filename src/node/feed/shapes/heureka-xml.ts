import { price } from '../item-parts/price.js'
import { toItem } from '../item-parts/to-item.js'
import { textOf, textsOf, type XmlElement } from '../xml/xml-element.js'
import type { XmlShape } from './xml-shape.js'

const zboziNamespace = 'http://www.zbozi.cz/ns/offer/1.0'

/**
 * The feeds of the Czech and Slovak comparison shops Heureka and Zboží: a `SHOP` of `SHOPITEM`s. Zboží names its
 * namespace and is in crowns; Heureka has no currency, so its prices have the one that is given.
 */
export const heurekaXml: XmlShape = {
  name: 'heureka',
  isOf: ({ name }) => name === 'SHOP',
  elements: new Set(['SHOPITEM']),
  async *items(elements, { attributes }, { currency }) {
    const code = attributes.xmlns === zboziNamespace ? 'CZK' : currency
    for await (const element of elements) yield toOffer(element, code)
  },
}

function toOffer(item: XmlElement, currency: string | undefined) {
  const now = textOf(item, 'PRICE_VAT', 'PRICE')
  const before = textOf(item, 'PRICE_BEFORE_DISCOUNT')
  return toItem({
    id: textOf(item, 'ITEM_ID'),
    title: textOf(item, 'PRODUCTNAME', 'PRODUCT'),
    description: textOf(item, 'DESCRIPTION'),
    link: textOf(item, 'URL'),
    pictures: [...textsOf(item, 'IMGURL'), ...textsOf(item, 'IMGURL_ALTERNATIVE')],
    price: price(before ?? now, currency),
    sale_price: before === undefined ? undefined : price(now, currency),
    availability: availabilityOf(textOf(item, 'DELIVERY_DATE')),
    brand: textOf(item, 'MANUFACTURER', 'BRAND'),
    product_type: textOf(item, 'CATEGORYTEXT')
      ?.split('|')
      .map((part) => part.trim())
      .join(' > '),
    item_group_id: textOf(item, 'ITEMGROUP_ID'),
    color: param(item, /^(barva|farba|color|colour)$/i),
    size: param(item, /^(velikost|veľkosť|size)$/i),
    gtin: textOf(item, 'EAN'),
    mpn: textOf(item, 'PRODUCTNO'),
  })
}

/** Days until it is sent: -1 is not known, and a date is one to come. */
function availabilityOf(delivery: string | undefined): string | undefined {
  if (delivery === undefined) return undefined
  if (/^\d{4}-/.test(delivery)) return 'preorder'
  return Number(delivery) < 0 ? 'out_of_stock' : 'in_stock'
}

function param({ children }: XmlElement, wanted: RegExp): string | undefined {
  for (const child of children) {
    if (child.name === 'PARAM' && wanted.test(textOf(child, 'PARAM_NAME') ?? '')) return textOf(child, 'VAL')
  }
  return undefined
}
