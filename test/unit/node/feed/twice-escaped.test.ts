import { expect, test } from 'vitest'
import { FeedReport } from '../../../../src/node/feed/feed-report.js'
import { unescapeItems } from '../../../../src/node/feed/item-parts/twice-escaped.js'

function read(...items: (object | null)[]) {
  const report = new FeedReport()
  return { items: unescapeItems(items, report), notes: report.notes }
}

test('what a whole feed escapes once too often is shown as meant, with one note', () => {
  const { items, notes } = read(
    { id: '1', title: 'Tom &#8211; Jerry', product_type: 'Home &gt; Chairs' },
    { id: '2', title: 'A &amp; B', product_type: ['Caf&eacute;', 'Home &amp; Garden > Tables'] },
    { id: '3', title: 'Plain' },
    null,
    { id: '4' },
  )
  expect(items).toEqual([
    { id: '1', title: 'Tom – Jerry', product_type: 'Home > Chairs' },
    { id: '2', title: 'A & B', product_type: ['Café', 'Home & Garden > Tables'] },
    { id: '3', title: 'Plain' },
    null,
    { id: '4' },
  ])
  expect(notes).toEqual([{ item: null, note: expect.stringContaining('title, product_type once too often') }])
})

test('where one item has a bare ampersand the feed means what it writes, by attribute', () => {
  const { items, notes } = read(
    { title: 'How to write &amp; in HTML', product_type: 'Books &gt; Web' },
    { title: 'Tom & Jerry', product_type: 'Films' },
  )
  expect(items).toEqual([
    { title: 'How to write &amp; in HTML', product_type: 'Books > Web' },
    { title: 'Tom & Jerry', product_type: 'Films' },
  ])
  expect(notes).toHaveLength(1)
})

test('what is escaped twice over', () => {
  expect(read({ title: 'A &amp;amp; B' }).items).toEqual([{ title: 'A & B' }])
})

test('links lead somewhere, unless the feed writes them as they are', () => {
  const item = { title: 'A', link: '/p?a=1&amp;b=2' }
  expect(read(item).items).toEqual([{ title: 'A', link: '/p?a=1&b=2' }])
  expect(read(item, { link: '/p?a=1&b=2' }).items).toContainEqual(item)
})

test('a name that means no character is not escaped', () => {
  const item = { title: 'AT&TX; Zara', product_type: '&notit;' }
  expect(read(item)).toEqual({ items: [item], notes: [] })
})
