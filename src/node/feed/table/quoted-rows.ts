import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { SimilarItemsError } from '../../../errors.js'
import type { TableRow } from './tabbed-rows.js'

/** A longer row is a quote that was never closed. */
const longestRow = 10e6

/**
 * The rows of a text in which another character than a tab parts the cells; quoted cells may have several lines.
 * @param location what to call the feed in errors.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function* quotedRows(
  text: AsyncIterable<string>,
  delimiter: string,
  location: string,
): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    // Titles have inch marks in them, and nobody escapes these.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  })
  // What fails, there or here, ends the parser with that error.
  pipeline(Readable.from(text), parser).catch(() => undefined)
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      yield { cells, line: 0, isJoined: false }
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new SimilarItemsError('catalog-invalid', `The feed ${location} is not a table: ${String(cause)}.`, {
      cause,
      subject: location,
    })
  } finally {
    parser.destroy()
  }
}
