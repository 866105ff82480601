import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { SimilarItemsError } from '../../errors.js'
import { findDialect } from '../feed/table/table-dialect.js'
import { isMissing } from './file-fetch.js'
import { linesOf, startOf } from './text-lines.js'

/**
 * The records of a log on disk: rows of a `.csv` or `.tsv` file with a header, whatever parts its cells, else lines of
 * JSON. It is read as it comes, for the text of a long log is longer than a string may be.
 * @throws SimilarItemsError `invalid-argument`, naming the file and, where there is one, the line; the signal's reason
 * on abort.
 */
export async function readRecords(path: string, signal: AbortSignal): Promise<unknown[]> {
  const isTable = /\.(csv|tsv)$/i.test(path)
  const records: unknown[] = []
  const text = readText(path, signal)
  for await (const record of isTable ? rowsOf(path, text) : parsedLinesOf(path, text)) {
    records.push(record)
  }
  if (records.length === 0) throw invalid(path, 'has no records')
  return records
}

/** More than a header with what may come before it: by it the parting of the cells is found. */
const startLength = 65_536

async function* rowsOf(path: string, text: AsyncGenerator<string>): AsyncGenerator<unknown> {
  const start = await startOf(text, startLength)
  const { delimiter, preamble } = findDialect(start)
  const parser = parse({
    delimiter,
    info: true,
    trim: true,
    skip_empty_lines: true,
    // Their number of cells is looked at here.
    relax_column_count: true,
    // Each line may end in its own way.
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  // What fails, there or here, ends the parser with that error.
  pipeline(prepend(start.slice(preamble), text), parser).catch(() => undefined)
  let columns: readonly string[] | undefined
  try {
    for await (const { info, record } of parser as AsyncIterable<Row>) {
      const cells = withoutBlankEnd(record, columns?.length ?? 0)
      if (cells.every((cell) => cell.trim() === '')) continue
      if (!columns) columns = cells
      else if (cells.length === columns.length) yield toRecord(columns, cells)
      else {
        const counts = `line ${info.lines} has ${cells.length} cells, the header ${columns.length}`
        throw invalid(path, `is not a table: ${counts}. A cell with a "${delimiter}" in it needs quotes`)
      }
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw invalid(path, `is not a table: ${cause.message}`, cause)
  }
}

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Commas at the end of a line mean nothing, except for the cells that a row should have. */
function withoutBlankEnd(cells: readonly string[], least: number): readonly string[] {
  let { length } = cells
  while (length > least && cells[length - 1]?.trim() === '') length--
  return cells.slice(0, length)
}

/** Of columns with one name the first counts, as in feeds; one without a name is nothing. */
function toRecord(columns: readonly string[], cells: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [index, name] of columns.entries()) {
    if (name.trim() !== '') record[name.trim()] ??= cells[index] ?? ''
  }
  return record
}

async function* prepend(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}

async function* parsedLinesOf(path: string, text: AsyncIterable<string>): AsyncGenerator<unknown> {
  let number = 0
  for await (const piece of linesOf(text)) {
    // JSON has no bare carriage return in it either: it ends a line.
    for (const line of piece.replace(/\r$/, '').split('\r')) {
      number++
      if (line.trim() === '') continue
      try {
        yield JSON.parse(line) as unknown
      } catch (cause) {
        throw invalid(path, `has no JSON in line ${number}`, cause)
      }
    }
  }
}

/** The text of a file in UTF-8, or in UTF-16 where it begins with that encoding's mark. It is read once: it may be a pipe. */
async function* readText(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  try {
    for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Uint8Array>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof TypeError)
      throw invalid(path, 'is neither UTF-8 nor UTF-16 text. Save it as UTF-8', cause)
    const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR'
    if (isFolder) throw invalid(path, 'is a folder. Name a file', cause)
    throw invalid(path, isMissing(cause) ? 'does not exist' : 'cannot be read', cause)
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

function invalid(path: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${path} ${what}.`, { cause, subject: path })
}
