import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { SimilarItemsError } from '../../errors.js'
import type { FeedSource } from './feed-source.js'

/**
 * The rows of a table with a header line, as objects; empty cells are left out. Columns may be called as people
 * call them: `Image link` is `image_link`.
 * @param start the beginning of the text, by which the delimiter is found.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readTableItems(
  { text, location, omit }: FeedSource,
  start: string,
): Promise<readonly unknown[]> {
  const delimiter = findDelimiter(start)
  const hasTabs = delimiter === '\t'
  const parser = parse({
    delimiter,
    // Titles have inch marks in them, and nobody escapes these. Where tabs part the cells a row ends with its line: a
    // quote that is never closed takes no other rows.
    quote: hasTabs ? null : '"',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const items: unknown[] = []
  let names: readonly string[] | undefined
  try {
    await pipeline(Readable.from(text), parser, async (rows: AsyncIterable<readonly string[]>) => {
      for await (const row of rows) {
        const cells = hasTabs ? tabbedCells(row.join('\t')) : row
        if (names) items.push(usedCells(names, cells, omit))
        else names = cells.map(attributeName)
      }
    })
  } catch (cause) {
    if (cause instanceof SimilarItemsError) throw cause
    throw new SimilarItemsError('catalog-invalid', `The feed ${location} is not a table: ${String(cause)}.`, {
      cause,
      subject: location,
    })
  }
  return items
}

/** Name of an attribute as the column of a feed may spell it. */
function attributeName(column: string): string {
  return column.trim().toLowerCase().replace(/^g:/, '').replace(/\s+/g, '_')
}

/** The cells of one line, without the quotes around all of a cell; those inside are then written twice. */
function tabbedCells(line: string): string[] {
  return Array.from(`${line}\t`.matchAll(tabbedCell), ([, quoted, plain = '']) => {
    return quoted === undefined ? plain : quoted.replaceAll('""', '"')
  })
}

const tabbedCell = /(?:"([^"]*(?:""[^"]*)*)"|([^\t]*))\t/gy

function findDelimiter(start: string): string {
  const header = start.split('\n', 1).join()
  const counts = ['\t', ';', ',', '|'].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }))
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).delimiter
}

function usedCells(
  names: readonly string[],
  cells: readonly string[],
  omit: ReadonlySet<string>,
): Record<string, string> {
  const entries = names.map((name, column) => [name, cells[column] ?? ''] as const)
  return Object.fromEntries(entries.filter(([name, cell]) => cell.trim() !== '' && !omit.has(name)))
}
