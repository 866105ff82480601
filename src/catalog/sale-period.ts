/** When a sale price holds, in milliseconds since 1970, the first and the last included. An open end is infinite. */
export interface SalePeriod {
  readonly from: number
  readonly to: number
}

/**
 * Reads a `sale_price_effective_date` as Google Merchant does: two ISO 8601 dates with a slash between them. Without a
 * time the first day counts from its start and the last one to its end; without a time zone it is UTC. Of feeds that
 * were written for other readers: a comma or a space between the dates, a space before the time, and one end that is
 * open (nothing, `..` or `null`). Null for any other text.
 * @see https://support.google.com/merchants/answer/6324460
 */
export function parseSalePeriod(text: string): SalePeriod | null {
  // What is longer is none, and would take long to split.
  const [start = '', end, ...more] = text
    .trim()
    .substring(0, 100)
    .split(/\s*[/,]\s*|\s+(?=\d{4}-|null)/i)
  if (end === undefined || more.length > 0 || (isOpen(start) && isOpen(end))) return null
  const from = isOpen(start) ? Number.NEGATIVE_INFINITY : parseDate(start)?.first
  const to = isOpen(end) ? Number.POSITIVE_INFINITY : parseDate(end)?.last
  return from === undefined || to === undefined || from > to ? null : { from, to }
}

function isOpen(text: string): boolean {
  return /^(\.\.|null)?$/i.test(text)
}

const pattern =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:(?:T|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?\s*(?:Z|([+-])(\d\d):?(\d\d)?)?)?$/i

/** The first and the last millisecond of what a date says; undefined for a date that there is not. */
function parseDate(text: string): { readonly first: number; readonly last: number } | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const parts = Array.from(match, (part) => Number(part ?? 0))
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  const [offsetHours = 0, offsetMinutes = 0] = parts.slice(8)
  const midnight = Date.UTC(year, month - 1, day)
  const time = (hour * 60 + minute) * 60 + second
  const isDay = new Date(midnight).getUTCMonth() === month - 1 && day > 0
  const isTime = time <= secondsOfDay && minute < 60 && second < 60 && offsetHours < 24 && offsetMinutes < 60
  if (!isDay || !isTime) return undefined
  const east = (match[7] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60
  const first = midnight + (time - east) * 1000
  return { first, last: match[4] === undefined ? first + secondsOfDay * 1000 - 1 : first }
}

const secondsOfDay = 86_400
