import { type Availability, readAvailability } from '../../../catalog/availability.js'

/** What shops write for "no" in a column that should have words. */
const no = /^(0+([.,]0+)?|false|no|n|nein|non|nee|nie|não|oos|no ?stock|sold ?out)$/
const yes = /^(1|true|yes|y|ja|oui|sí|si|sim|tak)$/

/** None of something, as in `0 auf Lager` or `Bestand: 0`; none of a time, as in `0 Tage`, is another matter. */
const nothing = /^0+([.,]0+)?[^\d.,:/–-]|[:=(] ?0+([.,]0+)?( [^\d\s]{1,20})?\)?$/
const time =
  /day|week|hour|\bstd|stunde|tag|woche|jour|semaine|heure|d[ií]a|hora|giorn|or[ae]\b|dag|uur|uren|dni|dzień|godz|\bd(en|ny|ní)\b|дн|ден|час|日|時間|일|시간|يوم|أيام|ساع/

/** None of what is kept for others says nothing of the rest: `Auf Lager, reserviert: 0`. */
const reserved = /r[eé][sz]er[vw]|varattu|予約|예약|محجوز|резерв/

/** Not or not yet "sold out", in the languages below. */
const notSoldOut =
  /(?<!\p{L})(nicht|fast|bald|beinahe|pas|presque|bientôt|no|casi|non|quasi|niet|bijna|nie|prawie|não|quase|není|téměř|не|почти|майже|inte|nästan|ikke|næsten|nesten|ei|melkein) ((encore|ancora|está|è|en|ganz|vollständig|helt|je|jest) )?(ausverkauft|vergriffen|épuisé|rupture|agotad|esaurit|terminat|uitverkocht|wyprzedan|esgotad|vyprodán|распродан|slutsåld|udsolgt|utsolgt|loppuunmyyty)|(在庫切れ|品切れ?|欠品|売り?切れ|完売)(間近|寸前|では|じゃ|して(いま|ま|い)せん|していない|なし)|(품절|매진) ?(임박|아님|아닙|이 아)|لم [يت]نف[دذ]/gu

/** "Not to be had", in the languages of the elements and some of their neighbours, wherever in a text it stands. */
const outOfStock = [
  /(?<!\p{L})(nicht|kein) (mehr )?(vorrätig|auf lager|am lager|verfügbar|lieferbar|erhältlich|bestand)|kein (lager)?bestand|ausverkauft|vergriffen/u, // German
  /(?<!\p{L})rupture|épuisé|indisponible|(?<!\p{L}|de )(non|pas|plus) (disponible|en stock)|hors stock|aucun stock/u, // French
  /agotad[oa]|(?<!\p{L})(sin (stock|existencias)|no (está )?disponible|no (hay|queda|quedan) (stock|existencias))|fuera de stock/u, // Spanish
  /esaurit[oaie]|(?<!\p{L})(non (è )?(più )?disponibil|non in (magazzino|stock)|terminat[oa])|fuori (stock|produzione)/u, // Italian
  /uitverkocht|(?<!\p{L})(niet|geen) (meer )?(op voorraad|in voorraad|voorraad|beschikbaar|leverbaar|verkrijgbaar)/u, // Dutch
  /(?<!\p{L})(brak|nie ma|nie jest dostępn\p{L}*)(?!\p{L})|niedostępn|wyprzedan/u, // Polish
  /esgotad[oa]|(?<!\p{L})(sem (estoque|stock)|não (está )?disponíve[li])|indispon[ií]ve[li]|fora de (estoque|stock)/u, // Portuguese
  /在庫(なし|切れ|無し|がありません|はありません)|品切れ?|欠品|売り?切れ|完売|販売終了|取り?扱い?終了/, // Japanese
  /품절|재고 ?(가 )?없|매진|판매 ?(종료|중지)|단종/, // Korean
  /غير (متوفر|متاح)|نفد|نفذ|انتهى المخزون|لا يتوفر|ليس متوفر/, // Arabic
  /vyprodán|(?<!\p{L})není (skladem|dostupn|k dispozici)|nedostupn/u, // Czech
  /(?<!\p{L})нет (в наличии|на складе|в продаже)|распродан|отсутствует|недоступ|законч|немає|відсутн/u, // Russian, Ukrainian
  /slutsåld|(?<!\p{L})((ej|inte|slut) i lager|ikke (på lager|tilgængelig|tilgjengelig)|ei saatavilla)|udsolgt|utsolgt|loppuunmyyty/u, // Swedish, Danish, Norwegian, Finnish
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
    .replace(notSoldOut, ' ')
  if (no.test(plain) || outOfStock.some((words) => words.test(plain))) return 'out_of_stock'
  if (nothing.test(plain) && !time.test(plain) && !reserved.test(plain)) return 'out_of_stock'
  return yes.test(plain) ? 'in_stock' : null
}
