import type { FeedItem } from '../feed-source.js'
import { linksOf } from '../item-parts/links-of.js'
import type { Row } from '../table/columns.js'
import type { TableShape } from './table-shape.js'

/**
 * A table in the attribute names of Google Merchant, whose further pictures are in one cell. Meta's catalogue has the
 * same names, but may have its pictures as `image[0].url`.
 */
export const merchantTable: TableShape = {
  name: 'merchant',
  isOf: () => true,
  async *items(rows) {
    for await (const row of rows) yield withPictures(row)
  },
}

function withPictures(row: Row): FeedItem {
  const { additional_image_link: additional, ...others } = row
  const numbered = Object.entries(others).filter(([name]) => numberedPicture.test(name))
  const own = linksOf(others.image_link)
  if (numbered.length === 0 && additional === undefined && own.length < 2) return row
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !numberedPicture.test(name)))
  const [first, ...further] = new Set([...own, ...numbered.map(([, link]) => link), ...linksOf(additional)])
  return {
    ...rest,
    ...(first !== undefined && { image_link: first }),
    ...(further.length > 0 && { additional_image_link: further }),
  }
}

const numberedPicture = /^image\[\d+\]\.url$/
