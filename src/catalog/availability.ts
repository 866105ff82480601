/** What shoppers need to know of it; `in_stock` is all that can be bought now. */
export type Availability = 'in_stock' | 'out_of_stock' | 'preorder' | 'backorder'

/**
 * Reads an `availability` as Google Merchant, Meta, schema.org or a shop writes it: `out of stock`, `SoldOut`,
 * `https://schema.org/Discontinued`.
 * @returns null for a word that is not known, which says nothing.
 */
export function readAvailability(text: string): Availability | null {
  const word = text.toLowerCase().replace(/[^a-z\d]/g, '')
  if (outOfStock.test(word)) return 'out_of_stock'
  if (/(preorder|presale)$/.test(word)) return 'preorder'
  if (/(backorder|madetoorder|backordered)$/.test(word)) return 'backorder'
  const isKnown =
    /(instock|instoreonly|onlineonly|limitedavailability|availablefororder|^\d*available)\d*$/.test(word)
  return isKnown ? 'in_stock' : null
}

/**
 * Wherever it stands: `Out of stock until Monday`. What ends with an order of before or behind can be bought. None are
 * `0 in stock`, `no stock` and `In stock: 0`.
 */
const outOfStock =
  /^(?!.*(pre|back)order(ed)?$).*(outofstock|soldout)|discontinued|unavailable|(^no|none|nolonger|not)(currently|yet)?(available|instock|stock)|reserved$|^0+(in|on|available|left|stock|units|items|pieces|pcs)|stock0+$/
