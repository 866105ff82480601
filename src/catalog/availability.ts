/** What shoppers need to know of it; `in_stock` is all that can be bought now. */
export type Availability = 'in_stock' | 'out_of_stock' | 'preorder' | 'backorder'

/**
 * Reads an `availability` as Google Merchant, Meta, schema.org or a shop writes it: `out of stock`, `SoldOut`,
 * `https://schema.org/Discontinued`.
 * @returns null for a word that is not known, which says nothing.
 */
export function readAvailability(text: string): Availability | null {
  const words = wordsOf(text).replace(notSoldOut, 'in stock').replace(noneOfThose, '').trim()
  if (outOfStock.some((pattern) => pattern.test(words))) return 'out_of_stock'
  if (inStock.test(words)) return 'in_stock'
  if (/pre ?(order|sale)/.test(words)) return 'preorder'
  return /back ?order|made ?to ?order/.test(words) ? 'backorder' : null
}

/** Small words with single spaces, and numbers in one piece: `InStock: 1,000` is `in stock 1000`. Less than none is 0. */
function wordsOf(text: string): string {
  return text
    .slice(0, 200)
    .replace(/['’]/g, '')
    .replace(/(^|[:=] ?)-\d+/g, '$1 0')
    .replace(/(\d)[.,\s](?=\d)/g, '$1')
    .replace(/[a-z](?=[A-Z\d])|\d(?=[A-Za-z])/g, '$& ')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

/** Words may be run together (`instock`), so that spaces within a term may lack; those around it may not. */
const notSoldOut =
  /\b(not|never|isnt|arent|almost|nearly|soon|until|if|once|when)( [a-z]{1,12}ly| yet| quite)? ?(sold ?out|out ?of ?stock|discontinued|unavailable)\b/g

/** `0 reserved` and `no backorders` say nothing of the stock, and `No. in stock: 5` is a number. */
const noneOfThose =
  /\bno (?=(in stock|available) \d)|\b(\d+|no|none|not|be)( on| for| items?| units?)? (reserved|(pre|back) ?order(s|ed)?)\b(?! \d)|(pre|back) ?order(s|ed)? (0+\b|(are )?not (allowed|accepted|possible))/g

const outOfStock = [
  // Wherever it stands, as in `Out of stock until Monday`, but not where it can be ordered all the same.
  /(sold ?out|out ?of ?stocks?)\b(?!.*(pre|back) ?order)|discontinued|unavail|\breserved$/,
  /\b(not?|none|nothing|zero|isnt|arent|wont|no ?longer|no ?more)( (?!only)[a-z]{1,12}ly| yet| now| be| left| items?| units?)? ?(avail|(in ?)?stock(s|ed)?\b|left$)/,
  /(^|\b(only|just|are|have|currently|now|still) )0+( of \d+)? (avail|(in ?)?stock|items?|left|pcs|pieces?|remaining|units?)/,
  /(stock|available|availability|left|remaining|^quantity|^qty)( (level|count|quantity|qty|is|now|units|items))? (0+|no|none|zero|false)( of \d+)?( (items?|left|pcs|pieces?|units?))?( reserved \d+)?$/,
]

const inStock =
  /(\bin ?stock|(store|online) ?only|limited ?availability|available ?for ?order|^((please|note|only|just|still|\d+) )*available)( (\d+|yes|true))?( (items?|left|pcs|pieces?|units?|yet))?$/
