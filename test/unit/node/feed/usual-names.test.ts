import { describe, expect, test } from 'vitest'
import { parseAttributeMap } from '../../../../src/node/feed/item-parts/map-item.js'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { assertProducts, readProducts } from '../../../../src/node/indexing/read-products.js'
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
    const given = { merchant_product_id: '1', product_name: 'Chair', merchant_image_url: '/1.jpg' }
    expect(items).toEqual([
      {
        ...{ ...given, search_price: '12,50', currency: 'gbp' },
        ...{ id: '1', title: 'Chair', image_link: '/1.jpg', price: '12.50 GBP' },
      },
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

const titles = async (content: unknown) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return (await read(text)).items.map((item) => (item as { title?: string }).title)
}
const merchant = [1, 2, 3].map((n) => ({ ...chair, id: String(n), title: `Chair ${n}` }))
const usual = [1, 2].map((n) => ({ id: n, name: `Chair ${n}`, image: `/${n}.jpg` }))
const brands = [1, 2, 3, 4, 5].map((n) => ({ id: n, name: `Brand ${n}`, image: `/b${n}.jpg` }))
const page = { title: 'Page', name: 'Page', image: { url: '/logo.png' } }

describe('what has a name and a picture is not always the product', () => {
  test.each<[string, unknown, number]>([
    ['the channel of RSS', { rss: { channel: { ...page, item: merchant } } }, 3],
    ['that channel with one item', { rss: { channel: { ...page, item: merchant[0] } } }, 1],
    ['a category', { category: { ...page, products: usual } }, 2],
    [
      'a collection of a graph',
      { data: { collection: { ...page, products: { edges: usual.map((node) => ({ node })) } } } },
      2,
    ],
    ['a page', { page: { ...page, results: usual } }, 2],
    ['categories', { women: { ...page, products: usual }, men: { ...page, products: [] } }, 2],
    ['a shop', { ...page, data: merchant }, 3],
    ['a shop, in several lines', JSON.stringify({ ...page, data: merchant }, null, 2), 3],
    ['brands beside them', { data: { brands, products: usual } }, 2],
    ["brands, and items in Merchant's names of any list", { data: { marken: brands, artikel: merchant } }, 3],
    ['a banner', { data: { banners: brands, products: merchant } }, 3],
    ['the category of one product', { data: { category: brands[0], products: usual.slice(0, 1) } }, 1],
    [
      'what JSON:API includes',
      { data: [{ id: 1, attributes: usual[0] }], included: brands.map((attributes) => ({ attributes })) },
      1,
    ],
    ['what is chosen of an item', { ...usual[0], price: '5 EUR', skus: brands }, 1],
    ['the brand of an item', { ...usual[0], brand: brands[0] }, 1],
  ])('%s', async (_, content, count) => {
    expect(await titles(content)).toEqual(merchant.slice(0, count).map(({ title }) => title))
  })

  test('in JSON Lines', async () => {
    const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')
    const gift = { id: 'g', title: 'Gift card', link: '/g', categories: [{ name: 'Gifts', image: '/g.png' }] }
    expect(await titles(lines([gift, ...merchant]))).toEqual(['Gift card', 'Chair 1', 'Chair 2', 'Chair 3'])
    const mapped = [1, 2].map((n) => ({ objectID: n, label: `A${n}`, pic: `/${n}.jpg`, related: brands }))
    const map = parseAttributeMap('id=objectID,title=label,image_link=pic')
    const { items } = await readFeed(feedOf(lines(mapped)), { map })
    expect(items).toMatchObject([
      { id: '1', title: 'A1' },
      { id: '2', title: 'A2' },
    ])
  })
})

describe('guesses harm no item', () => {
  test.each(['myshop://product/p0', 'http://', 'A-03-12', 'oak-chair', 'ftp://x/y'])(
    'the link %j is none',
    async (deeplink) => {
      const { link: _, ...item } = { ...chair, deeplink }
      const { items, notes } = await read(JSON.stringify([item]))
      expect([items, notes]).toEqual([[item], []])
    },
  )

  test('what is read stays what it is, and what is left out is not read, but where it is needed', async () => {
    const item = { sku: '1', name: 'Chair', image: '/1.jpg', url: '/x', regular_price: '5 EUR' }
    const found = { ...item, id: '1', title: 'Chair', image_link: '/1.jpg', link: '/x', price: '5 EUR' }
    expect((await read(JSON.stringify([item]))).items).toEqual([found])
    const omit = new Set(['url', 'regular_price', 'name'])
    const { items } = await readFeed(feedOf(JSON.stringify([item])), { omit })
    const { url, regular_price, link, price, name, ...rest } = found
    expect(items).toEqual([rest])
    const feed = feedOf(JSON.stringify([item]))
    const { products } = await readProducts({ feed, out: folder, pictureKey: 'sku' })
    expect(products[0]?.item).toMatchObject({ id: '1', picture_key: expect.stringContaining('1') })
  })

  test.each([
    [
      'true or false',
      [
        { sku: false, product_id: 1 },
        { sku: false, product_id: 2 },
      ],
      [1, 2],
    ],
    [
      'mostly no SKU',
      [
        { SKU: 'N/A', 'Product ID': 'a' },
        { SKU: 'N/A', 'Product ID': 'b' },
      ],
      ['a', 'b'],
    ],
    [
      'two kinds',
      [
        { sku: '1', product_id: '2' },
        { sku: '', product_id: '1' },
      ],
      ['2', '1'],
    ],
    ['ids of others', [{ id: '7' }, { sku: '7', code: 'c' }], ['7', 'c']],
  ])('ids are of one attribute: %s', async (_, fields, ids) => {
    const { items } = await read(
      JSON.stringify(fields.map((field) => ({ ...field, name: 'A', image: '/1.jpg' }))),
    )
    expect(items.map((item) => (item as { id?: unknown }).id)).toEqual(ids)
  })

  test('an error names what the feed has, and a map leaves the rest to be found', async () => {
    const feed = feedOf('[{"Nr":"1","name":"Chair","image":"/1.jpg","url":"/1"}]')
    const found = await readProducts({ feed, out: folder })
    expect(() => assertProducts('feed', found)).toThrow(
      /It has Nr, name, image, url: say with --map which of them is id\./,
    )
    const { items } = await readFeed(feed, { map: parseAttributeMap('id=Nr') })
    expect(items).toMatchObject([{ id: '1', title: 'Chair', image_link: '/1.jpg', link: '/1' }])
  })
})

const cells = (item: unknown) => {
  const { id, title, image_link, additional_image_link: further = [] } = item as Record<string, unknown>
  return [id, title, image_link, ...[further].flat()].map(String)
}

describe('pictures and names in other spellings', () => {
  const xml = (inside: string) =>
    `<rss xmlns:media="http://search.yahoo.com/mrss/"><item>${inside}</item></rss>`
  const named = '<guid>1</guid><title>A</title>'
  test.each<[string, unknown, readonly string[]]>([
    ['PascalCase', [{ Id: 1, Title: 'A', Url: '/1', ImageUrl: '/1.jpg', Price: '5' }], ['1', 'A', '/1.jpg']],
    [
      'PascalCase in XML',
      '<a><Product><Id>1</Id><Title>A</Title><Image>/1.jpg</Image></Product></a>',
      ['1', 'A', '/1.jpg'],
    ],
    [
      'an attribute ID',
      '<a><product ID="12"><name>A</name><image>/1.jpg</image></product></a>',
      ['12', 'A', '/1.jpg'],
    ],
    [
      'nodes',
      [{ id: 1, title: 'A', images: { nodes: [{ url: '/1.jpg' }, { url: '/2.jpg' }] } }],
      ['1', 'A', '/1.jpg', '/2.jpg'],
    ],
    [
      'edges',
      [{ id: 1, title: 'A', images: { edges: [{ node: { url: '/1.jpg' } }] } }],
      ['1', 'A', '/1.jpg'],
    ],
    [
      'a list in XML',
      xml(`${named}<images><image>/1.jpg</image><image>/2.jpg</image></images>`),
      ['1', 'A', '/1.jpg', '/2.jpg'],
    ],
    [
      "PHP's empty lists",
      [{ id: 1, title: [], name: 'A', image_link: [], image: '/1.jpg' }],
      ['1', 'A', '/1.jpg'],
    ],
    [
      'what is written out',
      [{ id: 1, title: 'A', image: 'data:image/png;base64,AA/A', image_url: '/1.jpg' }],
      ['1', 'A', '/1.jpg'],
    ],
    [
      'what is no address',
      [{ id: 1, title: 'A', image: 'products/1', image_url: '/1.jpg' }],
      ['1', 'A', '/1.jpg'],
    ],
    [
      'further ones',
      [{ id: 1, title: 'A', images: ['/1.jpg', '/2.jpg'], additional_image_link: ['/3.jpg'] }],
      ['1', 'A', '/1.jpg', '/2.jpg', '/3.jpg'],
    ],
    [
      'a film and its picture',
      xml(`${named}<media:content url="/clip.mp4"/><media:thumbnail url="/t.jpg"/>`),
      ['1', 'A', '/t.jpg'],
    ],
    ['a document', xml(`${named}<link rel="enclosure" href="/manual.pdf"/>`), ['1', 'A', 'undefined']],
    [
      'no type',
      xml(`${named}<enclosure url="https://s.example/p?x.y=1" type=""/>`),
      ['1', 'A', 'https://s.example/p?x.y=1'],
    ],
    ['half a type', xml(`${named}<enclosure url="/1.jpg" type="image"/>`), ['1', 'A', '/1.jpg']],
  ])('%s', async (_, content, expected) => {
    const { items } = await read(typeof content === 'string' ? content : JSON.stringify(content))
    expect(items.map(cells)).toEqual([expected])
  })

  test('what is not used is not there', async () => {
    const inside =
      '<g:id>1</g:id><title>A</title><g:image_link>/1.jpg</g:image_link><enclosure url="/2.jpg"/>'
    const { items } = await read(
      `<rss xmlns:g="http://base.google.com/ns/1.0"><item type="x" id="2">${inside}</item></rss>`,
    )
    expect(items).toEqual([{ id: '1', title: 'A', image_link: '/1.jpg' }])
  })
})

test.each([
  ['lei', 'RON', '99 RON'],
  ['RMB', 'CNY', '99 CNY'],
  ['NIS', undefined, '99 ILS'],
  ['RUR', 'RUB', '99 RUB'],
  ['Kcs', undefined, '99 CZK'],
  ['xyz', 'EUR', '99 EUR'],
  ['€', undefined, '99 EUR'],
  ['$', 'CAD', '99 CAD'],
  ['usd ', 'EUR', '99 USD'],
])('beside a price the currency %j of a shop with %s makes %s', async (written, currency, price) => {
  const feed = feedOf(JSON.stringify([{ ...chair, price: '99', currency: written }]))
  expect((await readFeed(feed, { currency })).items).toMatchObject([{ price }])
})

test.each([
  ['C$ 1,200.00', 'NIO', '1200.00 NIO'],
  ['C$ 1,200.00', undefined, '1200.00 CAD'],
  ['2*3.50 EUR', undefined, '2*3.50 EUR'],
])('the price %j of a shop with %s is %s', async (written, currency, price) => {
  const feed = feedOf(JSON.stringify([{ ...chair, price: written }]))
  expect((await readFeed(feed, { currency })).items).toMatchObject([{ price }])
})

test.each([
  ['many comments', `${'# c\r\n'.repeat(40)}id,title,image_link\n1,A,/1.jpg\n`],
  [
    'attributes in attributes',
    `[{"id":1,"title":"A","image_link":"/1.jpg","attributes":${'{"attributes":'.repeat(8000)}1${'}'.repeat(8000)}}]`,
  ],
  [
    'lists in lists',
    `{"a":[{"id":1,"title":"A","image_link":"/1.jpg","images":${'['.repeat(6000)}${']'.repeat(6000)}}]}`,
  ],
  [
    'enclosures',
    `<rss><item><guid>1</guid><title>A</title>${'<enclosure url="/1.jpg"/>'.repeat(30_000)}</item></rss>`,
  ],
  [
    'pictures',
    `<rss><item><guid>1</guid><title>A</title><image_link>/1.jpg</image_link>${'<additional_image_link>/1.jpg</additional_image_link>'.repeat(30_000)}</item></rss>`,
  ],
  ['a text in a quote', `id,title,image_link\n1,'${'a'.repeat(1e7)}',/1.jpg\n`],
  ['letters in a quote', `id,title,image_link\n1,'${"a''\\'".repeat(2_500_000)}',/1.jpg\n`],
])('without end: %s', async (_, content) => {
  const { items } = await read(content)
  expect(items).toHaveLength(1)
})

test.each([
  ['show(', '[{"id":"1"}]);'],
  ['window.feed =', ' [{"id":"1"}]'],
  ['window["feed"] =', ' [{"id":"1"}]'],
  ['/**/cb(', '[{"id":"1"}]);'],
  ['export const p: Product[] =', ' [{"id":"1"}]'],
  ['export default', ' [{"id":"1"}]'],
  [")]}',", '\n[{"id":"1"}]'],
  ['Notice: Undefined index: a, b in /x.php on line 3', '\n[{"id":"1"}]'],
  ['Connected', '\n[\n{"id":"1"}]'],
  ['<br />\n<b>Warning</b>: x in <b>/x.php</b> on line <b>3</b><br />', '\n[{"id":"1"}]'],
])('what stands before JSON is named: %s', async (before, rest) => {
  await expect(read(before + rest)).rejects.toThrow(`has text before its [: "${before}"`)
})

test('a title that shows nothing is none', async () => {
  const titles = ['\u200b', '\u00a0\ufeff', '\u2060\u00ad', '\u3164', '\u2800\ufe0f', ' \u200eChair']
  const content = JSON.stringify(titles.map((title, id) => ({ ...chair, id, title })))
  const { products, skipped } = await readProducts({ feed: feedOf(content), out: folder })
  expect(products.map(({ item }) => item.id)).toEqual(['5'])
  expect(skipped.map(({ reason }) => reason)).toEqual(Array(5).fill('It has no title.'))
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

  const head = "'id','title','image_link','color'"
  test.each([
    ['with an inch', `${head}\n'1','A','/1.jpg','x'\n'2','TV 27" black','/b.jpg','x'\n`, 'TV 27" black'],
    ['with nothing', `${head}\n'1','A','/1.jpg','x'\n'2','B, c','/b.jpg',\\N\n`, 'B, c'],
    ['with a text without', `${head}\n'1','A','/1.jpg','x'\n'2',B,'/b.jpg','x'\n`, 'B'],
    ['over two lines', `${head}\n'1','A','/1.jpg','x'\n'2','B\nc','/b.jpg','x'\n`, 'B\nc'],
    [
      'by the rows alone',
      `id,title,image_link,color\n1,'A, b','/1.jpg','x'\n2,'It''s a TV 27" "B"',/b.jpg,\\N\n`,
      `It's a TV 27" "B"`,
    ],
  ])('of a whole table, %s', async (_, content, title) => {
    const { items } = await read(content)
    expect(items).toHaveLength(2)
    expect(items[1]).toMatchObject({ id: '2', title, image_link: '/b.jpg' })
    expect(items[1]).not.toMatchObject({ color: '\\N' })
  })
})
