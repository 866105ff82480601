import { SimilarItemsError } from '../errors.js'
import { parseTime, type TimeSpan } from './parse-time.js'

/** A line of a JSONL file or a row of a CSV file: in the latter every value is text. */
export type LogRecord = Readonly<Record<string, unknown>>

/** Reads the fields of one record; its errors name the record. */
export class RecordReader {
  readonly #record: LogRecord
  readonly #name: string

  /** @param name what to call the record in errors, such as `line 12 of clicks.csv`. */
  constructor(record: unknown, name: string) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      const hint = Array.isArray(record) ? ': write one a line, without brackets around them all' : ''
      throw invalid(name, `is not an object${hint}`)
    }
    this.#record = record as LogRecord
    this.#name = name
  }

  /** Whether there is a value; spaces are none. */
  has(field: string): boolean {
    const value = this.#record[field]
    return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')
  }

  /** A text that is not empty, without spaces around it; a number counts as its digits. */
  text(field: string): string {
    return this.#textOf(this.#record[field]) ?? this.#fail(`needs a text as "${field}"`)
  }

  /** A number from `least` to `most`, in decimal digits. */
  number(field: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const number = numberOf(this.#record[field])
    if (number !== null && number >= least && number <= most) return number
    throw this.error(`needs a number from ${least} to ${most} as "${field}"`)
  }

  /** A whole number, not below `least`. */
  count(field: string, least: number): number {
    const number = numberOf(this.#record[field])
    if (number !== null && number >= least && Number.isSafeInteger(number)) return number
    throw this.error(`needs a whole number from ${least} on as "${field}"`)
  }

  /** When it was: see `parseTime`. */
  time(field: string): TimeSpan {
    const value = this.#record[field]
    const found = JSON.stringify(value ?? null)
    return (
      parseTime(value) ??
      this.#fail(
        `needs a time as "${field}", such as 2026-11-20T08:00:00Z or milliseconds since 1970; it has ${found}`,
      )
    )
  }

  /** True or false, written as such, as t or f, or as 1 or 0; capitals do not matter. */
  flag(field: string): boolean {
    const written = this.#record[field]
    const value = flags.get(typeof written === 'string' ? written.trim().toLowerCase() : written)
    if (value === undefined) throw this.error(`needs true or false as "${field}"`)
    return value
  }

  /** The records of a list. */
  list(field: string): RecordReader[] {
    const value = this.#record[field]
    if (!Array.isArray(value)) throw this.error(`needs a list as "${field}"`)
    return value.map((entry, index) => new RecordReader(entry, `entry ${index + 1} of ${this.#name}`))
  }

  /** The texts of a list; numbers count as their digits. */
  texts(field: string): string[] {
    const value = this.#record[field]
    const texts = Array.isArray(value) ? value.map((entry) => this.#textOf(entry)) : [null]
    if (texts.every((text) => text !== null)) return texts
    throw this.error(`needs a list of texts as "${field}"`)
  }

  error(what: string): SimilarItemsError {
    return invalid(this.#name, what)
  }

  #fail(what: string): never {
    throw this.error(what)
  }

  /** @throws SimilarItemsError `invalid-argument` for digits that are not those of the log: two ids could be one. */
  #textOf(value: unknown): string | null {
    if (typeof value === 'number') {
      if (isWhole(value)) return String(value)
      throw this.error(
        `has a number with more digits than JSON keeps (read as ${value}): write ids in quotes`,
      )
    }
    const text = typeof value === 'string' ? value.trim() : ''
    if (/^\d\.\d+E\+\d+$/i.test(text)) {
      throw this.error(`has the id ${text}, which a spreadsheet has shortened: export the column as text`)
    }
    return text === '' ? null : text
  }
}

/** @throws SimilarItemsError `invalid-argument` for one that is not an object. */
export function readersOf(records: readonly unknown[], source?: string): RecordReader[] {
  const of = source === undefined ? '' : ` of ${source}`
  return records.map((record, index) => new RecordReader(record, `record ${index + 1}${of}`))
}

const flags = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  ['1', true],
  ['1.0', true],
  ['t', true],
  ['yes', true],
  ['y', true],
  [false, false],
  ['false', false],
  [0, false],
  ['0', false],
  ['0.0', false],
  ['f', false],
  ['no', false],
  ['n', false],
])

/** Null for what is not written in decimal digits. */
function numberOf(value: unknown): number | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}

/** Whether a number has all the digits that it was written with, as far as can be seen: a double keeps 15. */
function isWhole(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value)
  return String(value).replace(/\D/g, '').length <= 15
}

function invalid(name: string, what: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${name} ${what}.`, { subject: name })
}
