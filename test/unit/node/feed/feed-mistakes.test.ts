import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linksOf } from '../../../../src/node/feed/item-parts/links-of.js'
import { parseAttributeMap, type RecordPath, valueAt } from '../../../../src/node/feed/item-parts/map-item.js'
import { salePeriod } from '../../../../src/node/feed/item-parts/sale-period.js'
import { type Feed, readFeed } from '../../../../src/node/feed/read-feed.js'
import { escapeAmpersands } from '../../../../src/node/feed/xml/bare-ampersands.js'
import { assertProducts, readProducts } from '../../../../src/node/indexing/read-products.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const feedOf = feedWriter(folder)
const read = (content: string | Uint8Array): Promise<Feed> => readFeed(feedOf(content))
const products = (content: string) => readProducts({ feed: feedOf(content), out: folder })

const rss = (item: string) => `<rss><channel><item><id>1</id>${item}</item></channel></rss>`

describe('XML as scripts print it', () => {
  test('an & that is not written &amp; is itself, with one note', async () => {
    const text = rss(
      '<title>Tom & Jerry &lt;3 &#38; R&D; AT&amp;T</title><link>/p?a=1&b=2&amp;c=3</link>' +
        '<image_link><![CDATA[/1.jpg?w=9&h=9&amp;]]></image_link>',
    )
    const { items, notes } = await read(text.replace('R&D;', 'R&D'))
    expect(items).toEqual([
      {
        id: '1',
        title: 'Tom & Jerry <3 & R&D AT&T',
        link: '/p?a=1&b=2&c=3',
        image_link: '/1.jpg?w=9&h=9&amp;',
      },
    ])
    expect(notes).toEqual([{ item: null, note: expect.stringContaining('not written &amp;') }])
  })

  test('names of characters that only HTML has', async () => {
    const { items, notes } = await read(rss('<title>Caf&eacute;&nbsp;cr&egrave;me &ndash; 5 &euro;</title>'))
    expect(items).toEqual([{ id: '1', title: 'Café\u00a0crème – 5 €' }])
    expect(notes).toEqual([])
  })

  test.each(['H&M; Zara', 'R&2; D', '&nonsense;', '&notit;', '&prototype;', '&constructor;', 'M&ö; &my-co;'])(
    '%s is no character',
    async (title) => {
      const { items, notes } = await read(rss(`<title>${title}</title>`))
      expect(items).toEqual([{ id: '1', title }])
      expect(notes).toEqual([{ item: null, note: expect.stringContaining('not written &amp;') }])
    },
  )

  test('&semi; is a semicolon', async () => {
    const { items, notes } = await read(rss('<title>A&semi; B</title>'))
    expect(items).toEqual([{ id: '1', title: 'A; B' }])
    expect(notes).toEqual([])
  })

  test.each([
    ['a comment', `<!-- Tom & Jerry <![CDATA[ -->${rss('<title>A</title>')}`],
    ['an instruction', `<?xml-stylesheet href="x?a=1&b=2"?>${rss('<title>A</title>')}`],
    ['an address of a DOCTYPE', `<!DOCTYPE rss SYSTEM "x?a=1&b=2">${rss('<title>A</title>')}`],
    [
      'a declaration',
      `<!DOCTYPE rss [<!-- ]> & --><!ENTITY a "]>"><!ELEMENT rss ANY> <?a & ?>]>${rss('<title>A</title>')}`,
    ],
  ])('an & in %s is none that XML forbids', async (_, text) => {
    const { items, notes } = await read(text)
    expect(items).toEqual([{ id: '1', title: 'A' }])
    expect(notes).toEqual([])
  })

  test.each(['<!-- <![CDATA[ -->', '<![CDATA[ <!-- ]]>', '<?a <!-- ?>', '<!-- <? -->'])(
    'behind %s an & is mended',
    async (section) => {
      const { items } = await read(rss(`${section}<title>Tom & Jerry</title>`))
      expect(items).toEqual([{ id: '1', title: 'Tom & Jerry' }])
    },
  )

  test.each([
    ['copy', '<!ENTITY copy "My Shop">'],
    ['my-co', "<!ENTITY my-co 'My & Co'>"],
    ['more', '<!ENTITY more SYSTEM "more.xml">'],
  ])('&%s; that a DOCTYPE declares is refused', async (name, declaration) => {
    await expect(
      read(`<!DOCTYPE rss [ ${declaration} ]>${rss(`<title>A &${name};</title>`)}`),
    ).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining(`declares what &${name}; means`),
    })
  })

  test('names that a DOCTYPE declares as HTML has them are read', async () => {
    const declarations = '<!ENTITY nbsp "&#160;"><!ENTITY amp "&#38;#38;"><!-- <!ENTITY copy "My Shop"> -->'
    const { items } = await read(
      `<!DOCTYPE rss [ ${declarations} ]>${rss('<title>A&nbsp;&amp;&nbsp;&copy;</title>')}`,
    )
    expect(items).toEqual([{ id: '1', title: 'A\u00a0&\u00a0©' }])
  })

  test('wherever it is cut, the text is the same', async () => {
    const word = fc.constantFrom(
      '&',
      'a',
      ' ',
      ';',
      '&amp;',
      '&#x26;',
      '<![CDATA[',
      ']]>',
      '<b>',
      ']',
      '&#',
      'T',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<!DOCTYPE',
      '"',
      "'",
      '[',
      '>',
      '&ö-',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word), fc.array(fc.nat(8), { minLength: 1 }), async (words, lengths) => {
        const text = words.join('')
        const cut: string[] = []
        for (let at = 0, k = 0; at < text.length; k++) {
          const length = (lengths[k % lengths.length] as number) + 1
          cut.push(text.slice(at, at + length))
          at += length
        }
        expect(await joined(escapeAmpersands(iterate(cut), () => {}))).toBe(
          await joined(escapeAmpersands(iterate([text]), () => {})),
        )
      }),
    )
  })

  test('a page without a doctype is a web page as well', async () => {
    await expect(read('<html><body><form action="/login"></form></body></html>')).rejects.toThrow(
      /is a web page/,
    )
  })
})

test.each<[string, Uint8Array | string, RegExp]>([
  ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), /ZIP archive, as those of Excel are/],
  ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /file of Excel: save it as CSV/],
  ['bzip2', Buffer.from('425a68393141592653', 'hex'), /packed with bzip2/],
  ['Zstandard', Buffer.from('28b52ffd0458', 'hex'), /packed with Zstandard/],
  ['xz', Buffer.from('fd377a585a0000', 'hex'), /packed with xz/],
  ['7z', Buffer.from('377abcaf271c', 'hex'), /7z archive/],
  ['a PDF', '%PDF-1.7\n%\u00e2', /is a PDF/],
  ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), /is a picture/],
  ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), /is a picture/],
  ['Brotli', brotliCompressSync('id,title\n1,A\n'), /is not utf-8/],
])('%s in place of a feed is named', async (_, content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'catalog-invalid',
    message: expect.stringMatching(message),
  })
})

describe('a long run of', () => {
  // Seconds to hours before, which the limit of a test ends; now a moment.
  test.each([
    ['spaces', ' '],
    ['line ends', '\n'],
    ['line ends with spaces', '\n '],
  ])('%s does not hold up', (_, space) => {
    const run = space.repeat(20_000)
    const links = `/1.jpg,${run}/2.jpg${run}${run}, /3.jpg${run}x`
    expect(linksOf(links).slice(0, 2)).toEqual(['/1.jpg', '/2.jpg'])
    const path = parseAttributeMap('image_link=Pictures[0]').get('image_link')
    expect(valueAt({ Pictures: `a${run}b;c` }, path as RecordPath)).toMatch(/^a/)
    expect(salePeriod(`2026-11-20${run}x`)).toBe(`2026-11-20${run}x`)
  })
})

describe('a feed of which nothing can be used', () => {
  test.each([
    [
      'Artikelnummer;Bezeichnung;Bild\n1;Stuhl;/1.jpg\n',
      /It has artikelnummer, bezeichnung, bild: say with --map/,
    ],
    [
      '{"error":"unauthorized","message":"Token expired"}',
      /It has error, message: .* is id, title, image_link\.$/,
    ],
    ['Feed of 2026-11-27\n\nid,title,image_link\n1,A,/1.jpg\n', /It has feed_of_2026-11-27:/],
    ['Nr.,Nom,Photo du produit\nP1,Chaise,a.jpg\n', /It has nr., nom, photo_du_produit:/],
    ['id,title,image_link\n1,A,ftp://s.test/1.jpg\n', /The first of 1 items: [^:]*ftp:[^:]*$/],
    ['[]', /has no items\.$/],
    ['id,title,image_link\n', /has no items\.$/],
  ])('%j says what it has', async (content, message) => {
    const found = await products(content)
    expect(() => assertProducts('feed', found)).toThrow(message)
  })
})

test('ids that are numbers too long for JSON are skipped, and never taken for each other', async () => {
  const found = await products(
    '[{"id":12345678901234567890,"title":"A","image_link":"/1.jpg"},{"id":12345678901234567891,"title":"B",' +
      '"image_link":"/2.jpg"},{"id":9007199254740991,"title":"C","image_link":"/3.jpg"}]',
  )
  expect(found.products.map(({ item }) => item.id)).toEqual(['9007199254740991'])
  expect(found.skipped).toEqual([
    { id: '#1', reason: expect.stringContaining('write it in quotes') },
    { id: '#2', reason: expect.stringContaining('write it in quotes') },
  ])
})

test('addresses that a whole feed escapes once too often lead somewhere', async () => {
  const found = await products(
    rss(
      '<title>A</title><link><![CDATA[https://s.test/p?a=1&amp;b=2]]></link>' +
        '<image_link><![CDATA[https://s.test/1.jpg?w=9&amp;copy=1]]></image_link>',
    ),
  )
  expect(found.products[0]?.item).toMatchObject({
    link: 'https://s.test/p?a=1&b=2',
    image_link: 'https://s.test/1.jpg?w=9&copy=1',
  })
})

test('a list of pictures in the place of one: the first is the picture, the others are further ones', async () => {
  const item = { id: '1', title: 'Hat', image_link: ['/1.jpg', '/2.jpg'] }
  const { items } = await read(JSON.stringify([item, { ...item, additional_image_link: '/3.jpg' }]))
  expect(items).toMatchObject([
    { image_link: '/1.jpg', additional_image_link: ['/2.jpg'] },
    { image_link: '/1.jpg', additional_image_link: ['/2.jpg', '/3.jpg'] },
  ])
})

describe('WooCommerce', () => {
  test('REST API', async () => {
    const hat = {
      id: 44,
      name: 'Hat',
      permalink: 'https://s.test/hat',
      sku: 'H1',
      price: '10',
      regular_price: '12',
      status: 'publish',
      catalog_visibility: 'visible',
      stock_status: 'outofstock',
      images: [{ src: 'https://s.test/h.jpg' }, { src: 'https://s.test/h2.jpg' }],
      categories: [{ name: 'Hats' }],
      parent_id: 0,
    }
    const { shape, items, skipped } = await readFeed(
      feedOf(
        JSON.stringify([
          hat,
          { ...hat, id: 45, status: 'draft' },
          { ...hat, id: 46, catalog_visibility: 'hidden' },
        ]),
      ),
      { currency: 'EUR' },
    )
    expect(shape).toBe('woocommerce')
    expect(items).toEqual([
      {
        id: '44',
        title: 'Hat',
        link: 'https://s.test/hat',
        price: '12 EUR',
        sale_price: '10 EUR',
        availability: 'outofstock',
        product_type: 'Hats',
        mpn: 'H1',
        image_link: 'https://s.test/h.jpg',
        additional_image_link: ['https://s.test/h2.jpg'],
      },
    ])
    expect(skipped.map(({ id }) => id)).toEqual(['45', '46'])
  })

  test('Store API: prices in cents, with their currency', async () => {
    const prices = { price: '1050', regular_price: '1050', currency_code: 'USD', currency_minor_unit: 2 }
    const hat = {
      id: 44,
      name: 'Hat',
      permalink: '/hat',
      prices,
      is_in_stock: true,
      images: [{ src: '/h.jpg' }],
    }
    const yen = { price: '1050', regular_price: '2000', currency_code: 'JPY', currency_minor_unit: 0 }
    const { items } = await read(
      JSON.stringify([hat, { ...hat, id: 45, prices: yen, is_on_backorder: true }]),
    )
    expect(items).toMatchObject([
      { id: '44', price: '10.50 USD', availability: 'in_stock', image_link: '/h.jpg' },
      { id: '45', price: '2000 JPY', sale_price: '1050 JPY', availability: 'backorder' },
    ])
  })

  test('REST API: a list that begins with variations, one of them without a picture', async () => {
    const hat = { name: 'Hat', permalink: '/hat', price: '10', regular_price: '10', status: 'publish' }
    const { shape, items, skipped } = await readFeed(
      feedOf(
        JSON.stringify([
          { ...hat, id: 51, name: 'Hat - Red', parent_id: 50, image: { id: 7, src: '/red.jpg' } },
          { ...hat, id: 52, name: 'Hat - Blue', parent_id: 50, image: null },
          { ...hat, id: 50, images: [{ src: '/hat.jpg' }], variations: [51, 52] },
        ]),
      ),
      { currency: 'EUR' },
    )
    expect(shape).toBe('woocommerce')
    expect(items).toMatchObject([
      { id: '51', title: 'Hat - Red', item_group_id: '50', image_link: '/red.jpg' },
      { id: '52', title: 'Hat - Blue', item_group_id: '50' },
      { id: '50', title: 'Hat', item_group_id: '50', image_link: '/hat.jpg' },
    ])
    expect(items[1]).not.toHaveProperty('image_link')
    expect(skipped).toEqual([])
  })

  const cap = { id: 47, name: 'Cap', permalink: '/cap', images: [{ src: '/c.jpg' }] }
  const inEuro = async (...products: object[]) => {
    const { items } = await readFeed(feedOf(JSON.stringify(products)), { currency: 'EUR' })
    return items
  }

  test('REST API: a sale has its days, also one to come', async () => {
    const [from, to] = ['2026-11-19T23:00:00', '2026-11-30T22:59:59']
    const priced = (price: string, sale_price: string) => ({ ...cap, price, regular_price: '12', sale_price })
    const items = await inEuro(
      { ...priced('10', '10'), date_on_sale_from_gmt: from, date_on_sale_to_gmt: to },
      { ...priced('12', '10'), date_on_sale_from_gmt: from, date_on_sale_to_gmt: null },
      { ...priced('10', '10'), date_on_sale_from_gmt: null, date_on_sale_to_gmt: to },
      { ...priced('12', ''), date_on_sale_from_gmt: from, date_on_sale_to_gmt: to },
      { ...priced('10', '10'), date_on_sale_from_gmt: null, date_on_sale_to_gmt: null },
    )
    const sale = { price: '12 EUR', sale_price: '10 EUR' }
    expect(items).toMatchObject([
      { ...sale, sale_price_effective_date: `${from}Z/${to}Z` },
      { ...sale, sale_price_effective_date: `${from}Z/` },
      { ...sale, sale_price_effective_date: `/${to}Z` },
      { price: '12 EUR' },
      sale,
    ])
    for (const item of items.slice(3)) expect(item).not.toHaveProperty('sale_price_effective_date')
    expect(items[3]).not.toHaveProperty('sale_price')
  })

  test.each([
    [0, '1050 USD'],
    ['3', '1.050 USD'],
    [6, '0.001050 USD'],
    [101, undefined],
    [-1, undefined],
    [1.5, undefined],
    ['two', undefined],
  ])('Store API: with %s decimals 1050 is %s', async (currency_minor_unit, price) => {
    const prices = { price: '1050', regular_price: '1050', currency_code: 'USD', currency_minor_unit }
    const [item] = await inEuro({ ...cap, prices })
    expect((item as { price?: string }).price).toBe(price)
  })

  test('variations are of the group of their product, which both APIs name', async () => {
    const items = await inEuro(
      { ...cap, parent_id: 0, variations: [48, 49] },
      { ...cap, id: 48, parent_id: 47, variations: [] },
      { ...cap, id: 49, parent: 47, variations: [] },
      { ...cap, id: 50, parent: 0, variations: [] },
    )
    expect(items.map((item) => (item as { item_group_id?: string }).item_group_id)).toEqual([
      '47',
      '47',
      '47',
      undefined,
    ])
  })
})

describe('the maps that the documents have read', () => {
  const docs = readFileSync(new URL('../../../../docs/feeds.md', import.meta.url), 'utf8')
  const mapOf = (name: string) => new RegExp(`^\\| ${name} +\\| \\x60([^\\x60]+)`, 'm').exec(docs)?.[1] ?? ''
  test.each([
    ['Magento CSV', 'sku,name,price,url_key,base_image\n1,Chair,52.0,chair,/c.jpg\n'],
    ['BigCommerce CSV', 'Product ID,Product Name,Product URL,Product Image File - 1\n1,Chair,chair,/c.jpg\n'],
    [
      'Squarespace CSV',
      'Product ID [Non Editable],Product URL,Title,SKU,Hosted Image URLs\np,chair,Chair,1,https://s.test/c.jpg https://s.test/d.jpg\n',
    ],
    [
      'Shopify GraphQL',
      '{"data":{"products":{"edges":[{"node":{"id":"1","title":"Chair","handle":"chair","featuredImage":{"url":"/c.jpg"}}}]}}}',
    ],
  ])('%s', async (name, content) => {
    const { items } = await readFeed(feedOf(content), { map: parseAttributeMap(mapOf(name)) })
    expect(items).toMatchObject([
      { id: '1', title: 'Chair', link: 'chair', image_link: expect.stringMatching(/^\S*\/c\.jpg$/) },
    ])
  })
})

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
