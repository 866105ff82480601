import { describe, expect, test } from 'vitest'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { readProducts } from '../../../../src/node/indexing/read-products.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const feedOf = feedWriter(folder)
const read = (content: string) => readFeed(feedOf(content))

const chair = { id: '1', title: 'Chair', link: 'https://s.test/1', image_link: 'https://s.test/1.jpg' }

describe('feeds in other names are read by what these usually mean', () => {
  test.each([
    ['a table', 'SKU;Name;URL;Image URLs\n1;Chair;https://s.test/1;https://s.test/1.jpg\n'],
    [
      'JSON',
      '[{"objectID":1,"name":"Chair","url":"https://s.test/1","image":{"url":"https://s.test/1.jpg"}}]',
    ],
    [
      'JSON:API',
      '{"data":[{"id":"1","attributes":{"name":"Chair","url":"https://s.test/1","thumbnail":"https://s.test/1.jpg"}}]}',
    ],
    [
      'a graph',
      '{"data":{"products":{"edges":[{"node":{"id":"1","title":"Chair","onlineStoreUrl":"https://s.test/1","featuredImage":{"url":"https://s.test/1.jpg"}}}]}}}',
    ],
    [
      'XML',
      '<shop><products><product id="1"><name>Chair</name><link>https://s.test/1</link><image>https://s.test/1.jpg</image></product></products></shop>',
    ],
    [
      'RSS with enclosures',
      '<rss><channel><item><guid>1</guid><title>Chair</title><link>https://s.test/1</link><enclosure url="https://s.test/1.mp3" type="audio/mpeg"/><enclosure url="https://s.test/1.jpg" type="image/jpeg"/></item></channel></rss>',
    ],
    [
      'Media RSS',
      '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><guid>1</guid><title>Chair</title><link>https://s.test/1</link><media:content url="https://s.test/1.jpg" medium="image"/></item></channel></rss>',
    ],
    [
      'Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Chair</title><link href="https://s.test/1"/><link rel="enclosure" type="image/jpeg" href="https://s.test/1.jpg"/></entry></feed>',
    ],
  ])('%s', async (_, content) => {
    const { items, notes } = await read(content)
    const plain = items.map((item) => {
      const { id, title, link, image_link } = item as Record<string, unknown>
      return { id: String(id), title, link, image_link }
    })
    expect(plain).toEqual([chair])
    expect(notes).toEqual([{ item: null, note: expect.stringMatching(/ as image_link \(1 items\).*--map/) }])
  })

  test('prices too, with the currency that stands beside them', async () => {
    const { items } = await read(
      'merchant_product_id,product_name,merchant_image_url,search_price,currency\n1,Chair,/1.jpg,"12,50",gbp\n',
    )
    expect(items).toEqual([
      { id: '1', title: 'Chair', image_link: '/1.jpg', price: '12.50 GBP', currency: 'gbp' },
    ])
  })

  test("Merchant's own names win, item by item, and what is no picture is not taken for one", async () => {
    const { items, notes } = await read(
      JSON.stringify([
        { ...chair, name: 'Other', image: 'https://s.test/other.jpg', sku: 'X' },
        { ...chair, image_link: '', images: [{ src: '/2.jpg' }, '/3.jpg'], photo: 'yes' },
        { ...chair, image_link: null, image: 'yes', photo: 12 },
      ]),
    )
    expect(items).toEqual([
      { ...chair, name: 'Other', image: 'https://s.test/other.jpg', sku: 'X' },
      { ...chair, image_link: '/2.jpg', additional_image_link: ['/3.jpg'], photo: 'yes' },
      { ...chair, image_link: null, image: 'yes', photo: 12 },
    ])
    expect(notes).toEqual([
      { item: null, note: expect.stringContaining('read in their place: images as image_link (1 items).') },
    ])
  })

  test('a list of items is found by such names, and one item is not taken for its variants', async () => {
    const one = { id: '1', name: 'Chair', image: '/1.jpg', variants: [{ name: 'Red', image: '/red.jpg' }] }
    expect((await read(JSON.stringify({ meta: { page: 1 }, results: [one] }))).items).toHaveLength(1)
    expect((await read(JSON.stringify(one))).items).toMatchObject([{ id: '1', title: 'Chair' }])
  })
})

test.each(['show([{"id":"1"}]);', 'window.feed = [{"id":"1"}]'])(
  'a script in place of a feed is named: %s',
  async (text) => {
    await expect(read(text)).rejects.toThrow(/has text before its \[: "(show\(|window\.feed =)"/)
  },
)

test('a title that shows nothing is none', async () => {
  const titles = ['\u200b', '\u00a0\ufeff', '\u2060\u00ad', ' \u200eChair']
  const content = JSON.stringify(titles.map((title, id) => ({ ...chair, id, title })))
  const { products, skipped } = await readProducts({ feed: feedOf(content), out: folder })
  expect(products.map(({ item }) => item.id)).toEqual(['3'])
  expect(skipped.map(({ reason }) => reason)).toEqual(Array(3).fill('It has no title.'))
})

test.each([
  ['1&nbsp;299,00 €', '1299.00 EUR'],
  ['12,50\u00a0€ *', '12.50 EUR'],
  ['\u200e12,50 €\u200f', '12.50 EUR'],
  ['CA$12.00', '12.00 CAD'],
  ['A$ 12', '12 AUD'],
  ['HK$1,200', '1200 HKD'],
  ['12.50 Euro', '12.50 EUR'],
])('the price %j is %s', async (price, expected) => {
  const { items } = await read(JSON.stringify([{ ...chair, price }]))
  expect(items).toEqual([{ ...chair, price: expected }])
})

describe('cells in quotes that CSV does not know', () => {
  test.each([
    ['as MySQL writes them', "'id','title','image_link'\n'1','Chair, oak','/1.jpg'\n", 'Chair, oak'],
    ['escaped', "id,title,image_link\n1,'Joe''s, Ann\\'s',/1.jpg\n", "Joe's, Ann's"],
    ['of word processors', 'id,title,image_link\n“1”,“Chair, oak”,“/1.jpg”\n', 'Chair, oak'],
    [
      'that are letters',
      "id,title,image_link\n1,'s-Hertogenbosch's chair,/1.jpg\n",
      "'s-Hertogenbosch's chair",
    ],
    ['around a word of the title', "id,title,image_link\n1,'Chair',/1.jpg\n", "'Chair'"],
  ])('%s', async (_, content, title) => {
    const { items, notes } = await read(content)
    expect(items).toEqual([{ id: '1', title, image_link: '/1.jpg' }])
    expect(notes).toEqual([])
  })
})
