import { type Availability, readAvailability } from '../../../catalog/availability.js'

/** What shops write for "no" in a column that should have words. */
const no = /^(0|false|no|n|nein|non|nee|nie|não|oos|no ?stock|sold ?out)$/
const yes = /^(1|true|yes|y|ja|oui|sí|si|sim|tak)$/

/** "Not to be had", in the languages of the elements and some of their neighbours. */
const outOfStock = [
  /nicht (vorrätig|auf lager|verfügbar|lieferbar)|ausverkauft|vergriffen/, // German
  /rupture|épuisé|indisponible|non disponible|pas en stock/, // French
  /agotad[oa]|sin (stock|existencias)|no disponible|fuera de stock/, // Spanish
  /esaurito|non disponibile|fuori stock|terminato/, // Italian
  /uitverkocht|niet (op voorraad|beschikbaar|leverbaar)/, // Dutch
  /brak|niedostępn|wyprzedan/, // Polish
  /esgotad[oa]|sem (estoque|stock)|indispon[ií]vel|fora de estoque/, // Portuguese
  /在庫(なし|切れ|無し)|品切れ|売り?切れ|完売/, // Japanese
  /품절|재고 ?없음|매진|일시품절/, // Korean
  /غير متوفر|نفد|نفذت/, // Arabic
  /vyprodán|není skladem|nedostupn/, // Czech
  /нет в наличии|распродано|отсутствует|немає/, // Russian, Ukrainian
  /slutsåld|ej i lager|udsolgt|ikke på lager|utsolgt|loppuunmyyty/, // Swedish, Danish, Norwegian, Finnish
]

/** Reads an `availability` of a feed in any of these languages. Null for what is in none of them. */
export function availabilityIn(text: string): Availability | null {
  const known = readAvailability(text)
  if (known !== null) return known
  const plain = text
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
  if (no.test(plain) || outOfStock.some((words) => words.test(plain))) return 'out_of_stock'
  return yes.test(plain) ? 'in_stock' : null
}
