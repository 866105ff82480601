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
  const parser = parse({
    columns: (header: string[]) => header.map(attributeName),
    delimiter: findDelimiter(start),
    // Titles have inch marks in them, and nobody escapes these.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const items: unknown[] = []
  try {
    await pipeline(Readable.from(text), parser, async (rows: AsyncIterable<Record<string, string>>) => {
      for await (const row of rows) items.push(usedCells(row, omit))
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

function findDelimiter(start: string): string {
  const header = start.split('\n', 1).join()
  const counts = ['\t', ';', ',', '|'].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }))
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).delimiter
}

function usedCells(row: Record<string, string>, omit: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).filter(([name, cell]) => cell.trim() !== '' && !omit.has(name)),
  )
}
