import { SimilarItemsError } from '../errors.js'

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

  has(field: string): boolean {
    const value = this.#record[field]
    return value !== undefined && value !== null && value !== ''
  }

  /** A text that is not empty; a number counts as its digits. */
  text(field: string): string {
    const value = this.#record[field]
    if (typeof value === 'number') return String(value)
    if (typeof value === 'string' && value !== '') return value
    throw this.error(`needs a text as "${field}"`)
  }

  /** A number from `least` to `most`. */
  number(field: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#record[field]
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && number >= least && number <= most) return number
    throw this.error(`needs a number from ${least} to ${most} as "${field}"`)
  }

  /** Milliseconds since 1970: written so, in seconds, or as a date. */
  time(field: string): number {
    const value = this.#record[field]
    const isNumber =
      typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value))
    // Seconds reach the milliseconds of 1973 in the year 5138.
    const number = isNumber ? Number(value) : Date.parse(String(value))
    const milliseconds = isNumber && number < 1e11 ? number * 1000 : number
    if (Number.isFinite(milliseconds)) return milliseconds
    throw this.error(`needs a time as "${field}": milliseconds since 1970 or a date`)
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

  /** The texts of a list. */
  texts(field: string): string[] {
    const value = this.#record[field]
    if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value
    throw this.error(`needs a list of texts as "${field}"`)
  }

  error(what: string): SimilarItemsError {
    return invalid(this.#name, what)
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

function invalid(name: string, what: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${name} ${what}.`, { subject: name })
}
