import { type Availability, readAvailability } from '../../../catalog/availability.js'

/** What shops write for "no" in a column that should have words. */
const no = /^(0+([.,]0+)?|false|no|n|nein|non|nee|nie|não|oos|no ?stock|sold ?out)$/
const yes = /^(1|true|yes|y|ja|oui|sí|si|sim|tak)$/

/** None of something, as in `0 auf Lager` or `Bestand: 0`; none of a time, as in `0 Tage`, is another matter. */
const nothing = /^0+([.,]0+)?[^\d.,:/–-]|[:=(] ?0+([.,]0+)?( [^\d\s]{1,20})?\)?$/
const time =
  /day|week|hour|\bstd|stunde|tag|woche|jour|semaine|heure|d[ií]a|hora|giorn|or[ae]\b|dag|uur|uren|dni|dzień|godz|\bd(en|ny|ní)\b|дн|ден|час|日|時間|일|시간|يوم|أيام|ساع/

/** "Not to be had", in the languages of the elements and some of their neighbours, wherever in a text it stands. */
const outOfStock = [
  /(nicht|kein) (mehr )?(vorrätig|auf lager|am lager|verfügbar|lieferbar|erhältlich|bestand)|kein (lager)?bestand|ausverkauft|vergriffen/, // German
  /rupture|épuisé|indisponible|(non|pas|plus) (disponible|en stock)|hors stock|aucun stock/, // French
  /agotad[oa]|sin (stock|existencias)|no (está )?disponible|no (hay|queda|quedan) (stock|existencias)|fuera de stock/, // Spanish
  /esaurit[oaie]|non (è )?(più )?disponibil|non in (magazzino|stock)|fuori (stock|produzione)|terminat[oa]/, // Italian
  /uitverkocht|(niet|geen) (meer )?(op voorraad|in voorraad|voorraad|beschikbaar|leverbaar|verkrijgbaar)/, // Dutch
  /\bbrak\b|niedostępn|wyprzedan|nie ma|nie jest dostępn/, // Polish
  /esgotad[oa]|sem (estoque|stock)|indispon[ií]ve[li]|não (está )?disponíve[li]|fora de (estoque|stock)/, // Portuguese
  /在庫(なし|切れ|無し|がありません|はありません)|品切れ?|欠品|売り?切れ|完売|販売終了|取り?扱い?終了/, // Japanese
  /품절|재고 ?(가 )?없|매진|판매 ?(종료|중지)|단종/, // Korean
  /غير (متوفر|متاح)|نفد|نفذ|انتهى المخزون|لا يتوفر|ليس متوفر/, // Arabic
  /vyprodán|není (skladem|dostupn|k dispozici)|nedostupn/, // Czech
  /нет (в наличии|на складе|в продаже)|распродан|отсутствует|недоступ|законч|немає|відсутн/, // Russian, Ukrainian
  /slutsåld|(ej|inte|slut) i lager|udsolgt|ikke (på lager|tilgængelig|tilgjengelig)|utsolgt|loppuunmyyty|ei saatavilla/, // Swedish, Danish, Norwegian, Finnish
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
  if (nothing.test(plain) && !time.test(plain)) return 'out_of_stock'
  return yes.test(plain) ? 'in_stock' : null
}
