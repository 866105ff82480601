/** When something was, in milliseconds since 1970: from the first one to the last one that the text may mean. */
export interface TimeSpan {
  readonly first: number
  readonly last: number
}

/**
 * Reads a date with or without a time of ISO 8601, with a T or a space between them and UTC where no zone is named, or a
 * count since 1970, whose magnitude says of what: seconds, milliseconds, microseconds or nanoseconds. Eight digits are a
 * date. Null for all else, also outside of 1980 to 2100, where no log is from.
 */
export function parseTime(value: unknown): TimeSpan | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  const span = parseDate(text) ?? parseCount(text)
  return span && span.first >= earliest && span.last < latest ? span : null
}

const earliest = Date.UTC(1980, 0)
const latest = Date.UTC(2101, 0)

const day = /(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<date>\d\d)/
const clock = /(?<hour>\d\d)(?<colon>:?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?/
const zone = /\s?(?:Z|UTC|GMT|(?<sign>[+-])(?<hours>\d\d)(?::?(?<minutes>\d\d))?)/
const written = new RegExp(`^${day.source}(?:[T ]${clock.source}(?:${zone.source})?)?$`, 'i')

function parseDate(text: string): TimeSpan | null {
  const parts = written.exec(text)?.groups
  if (!parts) return null
  const { hour, second, fraction = '', sign } = parts
  const [year, month, date, hours, minutes, seconds] = [
    Number(parts.year),
    Number(parts.month),
    Number(parts.date),
    Number(hour ?? 0),
    Number(parts.minute ?? 0),
    Number(second ?? 0),
  ]
  const midnight = Date.UTC(year, month - 1, date)
  // The 30th of February is in March.
  const isDay = new Date(midnight).getUTCMonth() === month - 1 && date > 0
  const offset = Number(parts.hours ?? 0) * 60 + Number(parts.minutes ?? 0)
  // A leap second is the 60th.
  if (!isDay || hours > 23 || minutes > 59 || seconds > 60 || offset > 24 * 60) return null
  const local = midnight + hours * anHour + minutes * aMinute + seconds * 1000 + milliseconds(fraction)
  const first = local + (sign === '-' ? offset : -offset) * aMinute
  const resolution = fraction ? 1 : second ? 1000 : hour ? aMinute : 24 * anHour
  return { first, last: first + resolution - 1 }
}

const aMinute = 60_000
const anHour = 60 * aMinute

function milliseconds(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** Milliseconds in one of what is counted. No count from 1980 to 2100 can be taken for one of another unit. */
const units = [1000, 1, 1e-3, 1e-6]

function parseCount(text: string): TimeSpan | null {
  if (!/^\d+(\.\d+)?$/.test(text)) return null
  const count = Number(text)
  const unit = units.find((milliseconds) => count * milliseconds >= earliest && count * milliseconds < latest)
  if (unit === undefined) return null
  // Tenths of milliseconds are rounded first: 1763625600.123 seconds are not quite as many as that.
  const first = Math.floor(Math.round(count * unit * 10) / 10)
  return { first, last: unit === 1000 && Number.isInteger(count) ? first + 999 : first }
}
