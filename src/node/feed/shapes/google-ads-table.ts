import { price } from '../item-parts/price.js'
import { toItem } from '../item-parts/to-item.js'
import { cellOf } from '../table/columns.js'
import type { TableShape } from './table-shape.js'

/** The table for dynamic ads of Google Ads, with headings of its own. */
export const googleAdsTable: TableShape = {
  name: 'google-ads',
  isOf: (columns) =>
    columns.includes('item_title') && (columns.includes('image_url') || columns.includes('final_url')),
  async *items(rows, { currency }) {
    for await (const row of rows) {
      const [id, second] = [cellOf(row, 'ID'), cellOf(row, 'ID2')]
      yield toItem({
        // Only both together are an item's own.
        id: id !== undefined && second !== undefined ? `${id}-${second}` : (id ?? second),
        item_group_id: second === undefined ? undefined : id,
        title: cellOf(row, 'Item title'),
        description: cellOf(row, 'Item description'),
        link: cellOf(row, 'Final URL', 'Destination URL'),
        pictures: [cellOf(row, 'Image URL') ?? ''],
        price: price(cellOf(row, 'Price'), currency),
        sale_price: price(cellOf(row, 'Sale price'), currency),
        product_type: cellOf(row, 'Item category'),
      })
    }
  },
}
