import { cellsInOtherQuotes } from './other-quotes.js'

/** How a row was read. */
export interface RowReading {
  readonly cells: readonly string[]
  /** All quotes inside of quoted cells are escaped. */
  readonly isClean: boolean
  /** A quote is not closed: it was read as a character, but the cell may go on in the next line. */
  readonly isOpen: boolean
  /** How many cells come before the open one; all where none is. */
  readonly settled: number
}

/**
 * The cells of a row, as most programs write them: quotes inside of quotes are written twice. Where that does not come
 * out, with backslashes before them, or, as people write, not escaped at all. Among these readings the number of cells
 * decides.
 * @param expected how many cells the header has; undefined for the header itself.
 * @param isWhole that nothing follows: what is open then is no quoted cell.
 */
export function readRow(
  text: string,
  delimiter: string,
  expected: number | undefined,
  isWhole = false,
): RowReading {
  if (!text.includes('"')) {
    const cells = cellsInOtherQuotes(text, delimiter, expected) ?? text.split(delimiter)
    return { cells, isClean: true, isOpen: false, settled: cells.length }
  }
  const fits = ({ cells, isOpen }: RowReading) =>
    !isOpen && (expected === undefined || cells.length === expected)
  const doubled = readCells(text, delimiter, 'doubled')
  const [only = ''] = doubled.cells
  const isOne = doubled.cells.length === 1 && doubled.isClean && !doubled.isOpen
  if (isOne && expected !== 1 && only.includes(delimiter)) {
    // All of the row is one quoted cell.
    const inner = readRow(only, delimiter, expected, true)
    if (fits(inner)) return inner
  }
  if (doubled.isClean && fits(doubled)) return doubled
  if (text.includes('\\"')) {
    const escaped = readCells(text, delimiter, 'backslash')
    if (escaped.isClean && (fits(escaped) || (escaped.isOpen && !isWhole && !doubled.isClean))) return escaped
  }
  if (fits(doubled) || (doubled.isOpen && !isWhole)) return doubled
  const phrased = readPhrases(text, delimiter)
  if (doubled.isClean && !doubled.isOpen) return fits(phrased) ? phrased : doubled
  for (const quoting of ['reopening', 'strict'] as const) {
    const other = readCells(text, delimiter, quoting)
    if (fits(other)) return other
  }
  return doubled
}

/**
 * What a quote inside of a quoted cell that is not escaped tells: nothing, or that the first one is no opening quote,
 * where it stands at the beginning of a cell (`reopening`) or anywhere (`strict`).
 */
type Quoting = 'doubled' | 'backslash' | 'reopening' | 'strict'

function readCells(text: string, delimiter: string, quoting: Quoting): RowReading {
  const cells: string[] = []
  let isClean = true
  let openAt = -1
  let hasEnd = true
  for (let at = 0; ; ) {
    const opening = skipSpaces(text, at)
    if (text[opening] === '"') {
      const found: CellEnd = hasEnd
        ? closingQuote(text, opening + 1, delimiter, quoting === 'backslash')
        : noEnd
      const { end, after, isStray, reopens } = found
      // Text without an end is searched once.
      hasEnd &&= end >= 0
      const content = end < 0 ? text.slice(opening + 1) : text.slice(opening + 1, end)
      const isPlain = (quoting === 'strict' && isStray) || (quoting === 'reopening' && reopens)
      if (!isPlain && !takesRows(content, delimiter, end < 0)) {
        isClean &&= !isStray
        if (end >= 0) {
          cells.push(unescaped(content, quoting))
          if (after === text.length) break
          at = after + 1
          continue
        }
        if (openAt < 0) openAt = cells.length
      }
    }
    const next = text.indexOf(delimiter, at)
    cells.push(next < 0 ? text.slice(at) : text.slice(at, next))
    if (next < 0) break
    at = next + 1
  }
  const isOpen = openAt >= 0
  return { cells, isClean, isOpen, settled: isOpen ? openAt : cells.length }
}

/** The cells where quotes in the middle of one hold together what is between them, as in `1,A "b, c" d`. */
function readPhrases(text: string, delimiter: string): RowReading {
  const cells: string[] = []
  let held: string[] = []
  let isOpen = false
  for (const part of text.split(delimiter)) {
    held.push(part)
    if (part.split('"').length % 2 === 0) isOpen = !isOpen
    if (isOpen) continue
    const cell = held.join(delimiter).trim()
    cells.push(/^".*"$/s.test(cell) ? unescaped(cell.slice(1, -1), 'doubled') : cell)
    held = []
  }
  return { cells, isClean: true, isOpen, settled: cells.length }
}

/** Where a quoted cell ends. */
interface CellEnd {
  /** The position of its closing quote; -1 where there is none. */
  readonly end: number
  /** The position of the delimiter behind it, or of the end of the text. */
  readonly after: number
  /** There are quotes in it that are not escaped. */
  readonly isStray: boolean
  /** One of these stands where a cell begins. */
  readonly reopens: boolean
}

const noEnd: CellEnd = { end: -1, after: -1, isStray: false, reopens: false }

/** The first quote that is not escaped and has a delimiter behind it, or the end of the text. */
export function closingQuote(
  text: string,
  from: number,
  delimiter: string,
  hasBackslashes: boolean,
): CellEnd {
  let isStray = false
  let reopens = false
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    if (hasBackslashes && isEscaped(text, end, from)) continue
    if (text[end + 1] === '"') {
      end++
      continue
    }
    const after = skipSpaces(text, end + 1)
    if (after === text.length || text[after] === delimiter) return { end, after, isStray, reopens }
    isStray = true
    const before = text[end - 1]
    reopens ||= before === undefined || before === '\n' || before === delimiter
  }
  return { end: -1, after: -1, isStray, reopens }
}

function isEscaped(text: string, quote: number, from: number): boolean {
  let first = quote
  while (first > from && text[first - 1] === '\\') first--
  return (quote - first) % 2 === 1
}

/**
 * Whether a quoted cell has other rows in it. Between tabs, which texts do not have, one of several lines that has a tab
 * does.
 */
function takesRows(content: string, delimiter: string, isOpen: boolean): boolean {
  return delimiter === '\t' && content.includes('\t') && (isOpen || content.includes('\n'))
}

function unescaped(content: string, quoting: Quoting): string {
  if (quoting === 'backslash') return content.replace(/\\(["\\])|""/g, (_, escaped) => escaped ?? '"')
  return content.replaceAll('""', '"')
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}
