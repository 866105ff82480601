import { price } from '../item-parts/price.js'
import { toItem } from '../item-parts/to-item.js'
import { textOf, textsOf, type XmlElement } from '../xml/xml-element.js'
import type { XmlShape } from './xml-shape.js'

/**
 * Yandex Market Language: `yml_catalog` with categories by number, and offers of which the variants have a common
 * `group_id`. Offers of the type `vendor.model` have their title in parts.
 */
export const yandexYml: XmlShape = {
  name: 'yandex-yml',
  isOf: ({ name }) => name === 'yml_catalog',
  elements: new Set(['category', 'offer']),
  async *items(elements, _, { currency }) {
    const categories = new Map<string, Category>()
    for await (const element of elements) {
      const { id = '', parentId } = element.attributes
      if (element.name === 'category') categories.set(id, { name: element.text, parentId })
      else yield toOffer(element, categories, currency)
    }
  },
}

interface Category {
  readonly name: string
  readonly parentId: string | undefined
}

function toOffer(offer: XmlElement, categories: ReadonlyMap<string, Category>, currency: string | undefined) {
  const { id, group_id, available } = offer.attributes
  // The rouble had the code RUR before 1998, and has kept it in feeds.
  const code = (textOf(offer, 'currencyId') ?? currency)?.replace(/^RUR$/, 'RUB')
  const now = textOf(offer, 'price')
  const before = textOf(offer, 'oldprice')
  const parts = [textOf(offer, 'typePrefix'), textOf(offer, 'vendor'), textOf(offer, 'model')]
  const param = (...names: readonly string[]) =>
    offer.children.find(
      ({ name, attributes }) => name === 'param' && names.includes(attributes.name?.toLowerCase() ?? ''),
    )?.text
  return toItem({
    id,
    title: textOf(offer, 'name') ?? parts.filter((part) => part !== undefined).join(' '),
    description: textOf(offer, 'description'),
    link: textOf(offer, 'url'),
    pictures: textsOf(offer, 'picture'),
    price: price(before ?? now, code),
    sale_price: before === undefined ? undefined : price(now, code),
    availability: available === undefined ? undefined : available === 'false' ? 'out_of_stock' : 'in_stock',
    brand: textOf(offer, 'vendor'),
    product_type: pathOf(textOf(offer, 'categoryId'), categories),
    item_group_id: group_id,
    color: param('цвет', 'color', 'колір', 'түс'),
    size: param('размер', 'size', 'розмір', 'өлшем'),
    gtin: textOf(offer, 'barcode'),
    mpn: textOf(offer, 'vendorCode'),
  })
}

/** The names of a category and those it is in, from the outermost. */
function pathOf(id: string | undefined, categories: ReadonlyMap<string, Category>): string | undefined {
  const names: string[] = []
  for (let at = id; at !== undefined && names.length < deepestPath; ) {
    const category = categories.get(at)
    if (category && category.name !== '') names.unshift(category.name)
    at = category?.parentId
  }
  return names.length > 0 ? names.join(' > ') : undefined
}

/** Ends a circle. */
const deepestPath = 20
