import { linesOf } from '../../files/text-lines.js'

/** One row of a table, and in which line of the text it begins. */
export interface TableRow {
  readonly cells: readonly string[]
  /** From 1; 0 where it is not known. */
  readonly line: number
  /** It goes over several lines although the format has none. */
  readonly isJoined: boolean
}

/** A cell has no more lines: what begins with a quote and goes on is then a quote that is never closed. */
const mostLines = 1000

/**
 * The rows of a text in which tabs part the cells. A row ends with its line: a quote that is never closed takes no
 * other rows. But Excel writes a cell with line breaks in it in quotes; it is recognised by having no tab in it, so that
 * the lines between its quotes have none either.
 */
export async function* tabbedRows(text: AsyncIterable<string>): AsyncGenerator<TableRow> {
  let number = 0
  let held: string[] = []
  const release = () => {
    const rows = held.map((line, index) => rowOf(line, number - held.length + index, false))
    held = []
    return rows
  }
  for await (const piece of linesOf(text)) {
    number++
    const line = piece.endsWith('\r') ? piece.slice(0, -1) : piece
    if (held.length > 0) {
      const [head = ''] = line.split('\t', 1)
      if (closes(head)) {
        const first = number - held.length
        yield rowOf([...held, line].join('\n'), first, true)
        held = []
        continue
      }
      if (line === head && held.length < mostLines) {
        held.push(line)
        continue
      }
      yield* release()
    }
    if (leavesOpen(line)) held = [line]
    else yield rowOf(line, number, false)
  }
  number++
  yield* release()
}

/** Whether the last cell begins with a quote that is not closed in it. */
function leavesOpen(line: string): boolean {
  const last = line.slice(line.lastIndexOf('\t') + 1)
  return last.startsWith('"') && !closes(last.slice(1))
}

/** Whether a quoted cell ends here: with a quote that is not written twice, at the end. */
function closes(rest: string): boolean {
  const [quotes = ''] = /"*$/.exec(rest) ?? []
  return quotes.length % 2 === 1
}

function rowOf(text: string, line: number, isJoined: boolean): TableRow {
  return { cells: cellsOf(text), line, isJoined }
}

/** The cells, without the quotes around all of a cell; those inside are then written twice. */
function cellsOf(text: string): string[] {
  return Array.from(`${text}\t`.matchAll(tabbedCell), ([, quoted, plain = '']) => {
    return quoted === undefined ? plain : quoted.replaceAll('""', '"')
  })
}

const tabbedCell = /(?:"([^"]*(?:""[^"]*)*)"|([^\t]*))\t/gy
