/**
 * The two dates of a sale as Google Merchant takes them (`2026-11-20T08:00+0100/2026-11-30`), where people have written
 * them in some other way that means one thing; else the text as it is.
 */
export function salePeriod(written: string): string {
  const text = decoded(written).trim()
  if (text.length > longestPeriod) return written
  const parts = text.split(/\s*(?:\/|,|;|–|—|--|\s-\s|\sto\s|\sbis\s)\s*/).filter((part) => part !== '')
  const dates = parts.map(isoDate)
  const [begins, ends] = dates
  return dates.length === 2 && begins && ends ? `${begins}/${ends}` : written
}

/** No two dates are longer, and long runs of spaces would take very long. */
const longestPeriod = 200

/** `%2B` for the plus of a time zone. */
function decoded(text: string): string {
  return text.replace(/%(2B|2F|3A|20)/gi, (code) => decodeURIComponent(code))
}

const yearFirst =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)?)?$/i
const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)$/

/** Null for what is no date. */
function isoDate(text: string): string | null {
  // Points part day, month and year, in this order, wherever they are written.
  const match = yearFirst.exec(text.replace(dayFirst, '$3-$2-$1$4'))
  if (!match) return null
  const [, year, month = '', day = '', hour, minute, second, zone = ''] = match
  const date = `${year}-${two(month)}-${two(day)}`
  if (hour === undefined) return date
  const seconds = second === undefined ? '' : `:${second}`
  return `${date}T${two(hour)}:${minute}${seconds}${isoZone(zone)}`
}

function isoZone(zone: string): string {
  if (/^(utc|gmt|z)$/i.test(zone)) return 'Z'
  const [, sign = '', hours = '', minutes = '00'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(zone) ?? []
  return sign === '' ? '' : `${sign}${two(hours)}${minutes}`
}

function two(digits: string): string {
  return digits.padStart(2, '0')
}
