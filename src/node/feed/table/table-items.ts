import { SimilarItemsError } from '../../../errors.js'
import type { FeedReport } from '../feed-report.js'
import type { FeedSource, ReadItems } from '../feed-source.js'
import { googleAdsTable } from '../shapes/google-ads-table.js'
import { merchantTable } from '../shapes/merchant-table.js'
import { prestashopTable } from '../shapes/prestashop-table.js'
import { shopifyTable } from '../shapes/shopify-table.js'
import type { TableShape } from '../shapes/table-shape.js'
import { woocommerceTable } from '../shapes/woocommerce-table.js'
import { columnName, type Row, toRow } from './columns.js'
import { exchangedPieces, exchangedRows, isSingleQuoted } from './single-quotes.js'
import { findDialect } from './table-dialect.js'
import { type TableRow, tableRows } from './table-rows.js'

const shapes: readonly TableShape[] = [
  shopifyTable,
  woocommerceTable,
  prestashopTable,
  googleAdsTable,
  merchantTable,
]

/**
 * The items of a table with a header line, of the shape that its columns tell.
 * @param start the beginning of the text, by which its dialect is found.
 * @param onlyShape of which it is in any case.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readTableItems(
  { text, location, context }: FeedSource,
  start: string,
  onlyShape?: TableShape,
): Promise<ReadItems> {
  const { delimiter, preamble } = findDialect(start)
  const body = dropStart(text, preamble)
  const rows = isSingleQuoted(start.slice(preamble), delimiter)
    ? exchangedRows(tableRows(exchangedPieces(body), delimiter))
    : tableRows(body, delimiter)
  const first = await rows.next()
  if (first.done) {
    throw new SimilarItemsError('catalog-invalid', `The feed ${location} is a table without a header.`, {
      subject: location,
    })
  }
  const columns = first.value.cells.map(columnName)
  const shape = onlyShape ?? (shapes.find((other) => other.isOf(columns)) as TableShape)
  const named = nameCells(rows, columns, context.report, delimiter === '\t')
  return { shape: shape.name, items: shape.items(named, context, columns) }
}

/** The rows by their columns, with notes about those that are written in another way than the format says. */
async function* nameCells(
  rows: AsyncIterable<TableRow>,
  columns: readonly string[],
  report: FeedReport,
  isTabbed: boolean,
): AsyncGenerator<Row> {
  let firstUneven: TableRow | undefined
  let uneven = 0
  for await (const row of rows) {
    const named = toRow(columns, row.cells)
    if (row.isJoined && isTabbed) {
      const where = `The item in line ${row.line}`
      report.note(named.id ?? null, `${where} goes over several lines: a cell of it has line breaks.`)
    }
    if (isUneven(row, columns)) {
      firstUneven ??= row
      uneven++
    }
    yield named
  }
  if (!firstUneven) return
  const { line, cells } = firstUneven
  const example = `The first is in line ${line}: ${cells.length} cells in place of ${columns.length}`
  report.note(null, `Rows with more or fewer cells than the header: ${uneven}. ${example}.`)
}

/** Programs write empty cells at the end or not. */
function isUneven({ cells }: TableRow, columns: readonly string[]): boolean {
  if (cells.length < columns.length) return columns.slice(cells.length).some((name) => name !== '')
  return cells.slice(columns.length).some((cell) => cell.trim() !== '')
}

async function* dropStart(text: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let left = length
  for await (const piece of text) {
    yield piece.slice(left)
    left = Math.max(0, left - piece.length)
  }
}
