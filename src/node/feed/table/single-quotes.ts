import { readRow } from './cells-of-row.js'
import { cellsInOtherQuotes } from './other-quotes.js'
import type { TableRow } from './table-rows.js'

/** By so many rows it is decided what is a quote. */
const mostRows = 20

/**
 * Whether a table has its cells in `'…'`, as MySQL exports it: all of its headings are, or its first rows come out so and
 * one of them in no other way.
 * @param start the beginning of the table, of which the last line may be cut.
 */
export function isSingleQuoted(start: string, delimiter: string): boolean {
  const [header = '', ...lines] = start.split(/\r\n?|\n/).filter((line) => line.trim() !== '')
  const headings = header.split(delimiter)
  if (headings.length > 1 && headings.every((heading) => /^\s*'[^']*'\s*$/.test(heading))) return true
  const isCut = lines.length > 1 && !/[\r\n]$/.test(start)
  const expected = readRow(header, delimiter, undefined, true).cells.length
  let isSure = false
  for (const line of lines.slice(0, isCut ? -1 : undefined).slice(0, mostRows)) {
    const { isOpen, isClean, cells } = readRow(exchangeQuotes(line), delimiter, expected)
    if (isOpen) break
    if (!isClean || cells.length !== expected) return false
    isSure ||= line.includes("'") && cellsInOtherQuotes(line, delimiter, expected) !== null
  }
  return isSure
}

/** What is read of such a table is read as others are, with `"` for `'` and the other way round. */
export function exchangeQuotes(text: string): string {
  return text.replace(/['"]/g, (quote) => (quote === '"' ? "'" : '"'))
}

export async function* exchangedPieces(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of text) yield exchangeQuotes(piece)
}

export async function* exchangedRows(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  for await (const row of rows) yield { ...row, cells: row.cells.map(exchangeQuotes) }
}
