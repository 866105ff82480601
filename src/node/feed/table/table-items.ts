import { SimilarItemsError } from '../../../errors.js'
import type { FeedSource, ReadItems } from '../feed-source.js'
import { googleAdsTable } from '../shapes/google-ads-table.js'
import { merchantTable } from '../shapes/merchant-table.js'
import { prestashopTable } from '../shapes/prestashop-table.js'
import { shopifyTable } from '../shapes/shopify-table.js'
import type { TableShape } from '../shapes/table-shape.js'
import { woocommerceTable } from '../shapes/woocommerce-table.js'
import { columnName, type Row, toRow } from './columns.js'
import { quotedRows } from './quoted-rows.js'
import { type TableRow, tabbedRows } from './tabbed-rows.js'
import { findDialect } from './table-dialect.js'

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
  const rows = delimiter === '\t' ? tabbedRows(body) : quotedRows(body, delimiter, location)
  const header = await firstRow(rows)
  if (!header) {
    throw new SimilarItemsError('catalog-invalid', `The feed ${location} is a table without a header.`, {
      subject: location,
    })
  }
  const columns = header.cells.map(columnName)
  const shape = onlyShape ?? (shapes.find((other) => other.isOf(columns)) as TableShape)
  const named = nameCells(rows, columns, ({ line }, row) => {
    const where = `The item in line ${line}`
    context.report.note(row.id ?? null, `${where} goes over several lines: a cell of it has line breaks.`)
  })
  return { shape: shape.name, items: shape.items(named, context, columns) }
}

async function firstRow(rows: AsyncGenerator<TableRow>): Promise<TableRow | null> {
  for (;;) {
    const next = await rows.next()
    if (next.done) return null
    if (!isEmpty(next.value)) return next.value
  }
}

function isEmpty({ cells }: TableRow): boolean {
  return cells.every((cell) => cell.trim() === '')
}

async function* nameCells(
  rows: AsyncIterable<TableRow>,
  columns: readonly string[],
  onJoined: (row: TableRow, named: Row) => void,
): AsyncGenerator<Row> {
  for await (const row of rows) {
    if (isEmpty(row)) continue
    const named = toRow(columns, row.cells)
    if (row.isJoined) onJoined(row, named)
    yield named
  }
}

async function* dropStart(text: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let left = length
  for await (const piece of text) {
    yield piece.slice(left)
    left = Math.max(0, left - piece.length)
  }
}
