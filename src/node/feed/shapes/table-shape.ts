import type { FeedItem, ShapeContext } from '../feed-source.js'
import type { Row } from '../table/columns.js'

/** One way in which shops write their products as a table. */
export interface TableShape {
  readonly name: string
  /** @param columns as `columnName` spells them. */
  isOf(columns: readonly string[]): boolean
  items(rows: AsyncIterable<Row>, context: ShapeContext, columns: readonly string[]): AsyncIterable<FeedItem>
}
