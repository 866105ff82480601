import { linesOf } from '../../files/text-lines.js'
import { closingQuote, type RowReading, readRow } from './cells-of-row.js'

/** One row of a table, and in which line of the text it begins. */
export interface TableRow {
  readonly cells: readonly string[]
  /** From 1. */
  readonly line: number
  /** It goes over several lines. */
  readonly isJoined: boolean
}

/** A cell has no more lines: what begins with a quote and goes on is then a quote that is never closed. */
const mostLines = 1000

/**
 * The rows of a text; all have as many cells as the first one that is not empty should have. Lines end as they like, one
 * by one. Quoted cells may have several lines, but a quote that is never closed takes no other rows: where what it would
 * take looks like rows, it is a character like others.
 */
export async function* tableRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<TableRow> {
  let expected: number | undefined
  let number = 0
  let held: string[] = []

  function* rowOf({ cells }: RowReading, lines: number): Generator<TableRow> {
    if (cells.every((cell) => cell.trim() === '')) return
    expected ??= cells.length
    yield { cells, line: number - lines + 1, isJoined: lines > 1 }
  }

  /** The held lines, each a row. */
  function* release(): Generator<TableRow> {
    const lines = held
    held = []
    const last = number
    for (const [index, line] of lines.entries()) {
      number = last - lines.length + index
      yield* rowOf(readRow(line, delimiter, expected, true), 1)
    }
    number = last
  }

  for await (const piece of linesOf(text)) {
    for (const line of linesIn(piece, delimiter, expected)) {
      number++
      if (held.length > 0) {
        if (held.length < mostLines && goesOn(line, delimiter)) {
          held.push(line)
          continue
        }
        const joined = held.length < mostLines ? joinedRow(held, line, delimiter, expected) : null
        if (joined) {
          held.push(line)
          if (!joined.isOpen) {
            yield* rowOf(joined, held.length)
            held = []
          }
          continue
        }
        yield* release()
      }
      const reading = readRow(line, delimiter, expected)
      if (reading.isOpen) held = [line]
      else yield* rowOf(reading, 1)
    }
  }
  number++
  yield* release()
}

/** Whether all of a line belongs to the quoted cell that is open. */
function goesOn(line: string, delimiter: string): boolean {
  if (delimiter === '\t' && line.includes('\t')) return false
  if (!line.includes('"')) return true
  const { end, reopens } = closingQuote(line, 0, delimiter, false)
  return end < 0 && !reopens
}

/** The row that some lines are together, which may be open still; null where they are several rows. */
function joinedRow(
  held: readonly string[],
  line: string,
  delimiter: string,
  expected: number | undefined,
): RowReading | null {
  if ([false, true].every((escapes) => closingQuote(line, 0, delimiter, escapes).reopens)) return null
  const joined = readRow([...held, line].join('\n'), delimiter, expected)
  if (expected === undefined) return joined
  if (joined.isOpen) return joined.settled < expected ? joined : null
  if (joined.settled > expected) return null
  const first = readRow(held[0] as string, delimiter, expected, true).cells
  const last = readRow(line, delimiter, expected, true).cells
  const isWhole = joined.cells.length === expected
  if (haveLinksAlike(first, last, expected)) return null
  if (isWhole && joined.isClean) return joined
  const areRows = first.length === expected && last.length === expected
  return areRows || !(isWhole || joined.isClean) ? null : joined
}

/** Texts of several lines do not have links where rows have them. */
function haveLinksAlike(first: readonly string[], last: readonly string[], expected: number): boolean {
  if (first.length < expected || last.length !== expected) return false
  return last.some((cell, column) => isLink(cell) && isLink(first.at(column - expected) ?? ''))
}

function isLink(cell: string): boolean {
  return /^\s*"?(?:https?:\/\/|\/)\S|\.(?:jpe?g|png|webp|gif|avif)"?\s*$/i.test(cell)
}

/** The lines in what ends with a line feed: a carriage return ends one, too, where it is not part of a cell. */
function linesIn(piece: string, delimiter: string, expected: number | undefined): readonly string[] {
  if (!piece.includes('\r')) return [piece]
  const line = piece.replace(/(?<!\r)\r+$/, '')
  if (!line.includes('\r')) return [line]
  const { cells, isOpen } = readRow(line, delimiter, expected)
  return !isOpen && cells.length === expected ? [line] : line.split('\r')
}
