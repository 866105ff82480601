import type { FeedItem } from '../feed-source.js'
import { linksOf, type Row } from '../table/columns.js'
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
  if (numbered.length === 0 && additional === undefined) return row
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !numberedPicture.test(name)))
  const links = [...linksOf(rest.image_link), ...numbered.map(([, link]) => link), ...linksOf(additional)]
  const [first, ...further] = new Set(rest.image_link === undefined ? links : [rest.image_link, ...links])
  return {
    ...rest,
    ...(first !== undefined && { image_link: first }),
    ...(further.length > 0 && { additional_image_link: further }),
  }
}

const numberedPicture = /^image\[\d+\]\.url$/
