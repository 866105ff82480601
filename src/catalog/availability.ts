/** What shoppers need to know of it; `in_stock` is all that can be bought now. */
export type Availability = 'in_stock' | 'out_of_stock' | 'preorder' | 'backorder'

/**
 * Reads an `availability` as Google Merchant, Meta, schema.org or a shop writes it: `out of stock`, `SoldOut`,
 * `https://schema.org/Discontinued`.
 * @returns null for a word that is not known, which says nothing.
 */
export function readAvailability(text: string): Availability | null {
  const word = text
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z\d]/g, '')
  if (outOfStock.test(word)) return 'out_of_stock'
  if (/pre(order|sale)$/.test(word)) return 'preorder'
  if (/(backorder(ed)?|madetoorder)$/.test(word)) return 'backorder'
  return inStock.test(word) ? 'in_stock' : null
}

/**
 * Wherever it stands: `Out of stock until Monday`, but not where it can be ordered all the same. None are `0 in stock`,
 * `no stock` and `In stock: 0`, too.
 */
const outOfStock =
  /(outofstock|soldout)(?!.*(pre|back)order)|discontinued|unavail|(^no|none|longer|not\w{0,9})(avail|(in)?stock)|reserved$|^0+([ailps]|un)|stock0+$/

const inStock = /(instock|(store|online)only|limitedavailability|availablefororder|^\d*available)\d*$/
