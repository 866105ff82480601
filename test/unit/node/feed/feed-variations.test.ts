import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseSalePeriod } from '../../../../src/catalog/sale-period.js'
import { availabilityIn } from '../../../../src/node/feed/item-parts/availability-words.js'
import { salePeriod } from '../../../../src/node/feed/item-parts/sale-period.js'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const feedOf = feedWriter(folder)

async function itemsOf(content: string | Uint8Array): Promise<readonly unknown[]> {
  return (await readFeed(feedOf(content), { currency: 'EUR' })).items
}

const wide = (text: string, isBigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le')
  return isBigEndian ? bytes.swap16() : bytes
}

describe('one table', () => {
  const csv = 'id,title,image_link\n1,Stół,/1.jpg\n'
  const item = { id: '1', title: 'Stół', image_link: '/1.jpg' }

  test.each<[string, string | Uint8Array]>([
    ['in UTF-16 with a mark', wide(`\ufeff${csv}`)],
    ['in UTF-16, the other byte first, with a mark', wide(`\ufeff${csv}`, true)],
    ['in UTF-16 without a mark', wide(csv)],
    ['in UTF-16, the other byte first, without a mark', wide(csv, true)],
    ['in UTF-16, tabs, packed', gzipSync(wide(csv.replaceAll(',', '\t')))],
    ['with two marks', `\ufeff\ufeff${csv}`],
    ['with line ends of Windows', csv.replaceAll('\n', '\r\n')],
    ['with line ends of old Macs', csv.replaceAll('\n', '\r')],
    ['with tabs and line ends of old Macs', csv.replaceAll('\n', '\r').replaceAll(',', '\t')],
    ['with bars', csv.replaceAll(',', '|')],
    ['with sep= after a mark', `\ufeffsep=;\n${csv.replaceAll(',', ';')}`],
    ['packed in two members', Buffer.concat([gzipSync(csv.slice(0, 25)), gzipSync(csv.slice(25))])],
    ['packed twice', gzipSync(gzipSync(csv))],
    ['packed, and padded with zeros', Buffer.concat([gzipSync(csv), Buffer.alloc(512)])],
    ['with empty lines and cells', `\n,,\n${csv}\n  \n,,\n`],
    ['with empty columns', ',id,,title,image_link,\n,1,,Stół,/1.jpg,\n'],
    ['with other spellings', 'g:id, Title ,imageLink\n1,Stół,/1.jpg\n'],
  ])('%s', async (_, content) => {
    expect(await itemsOf(content)).toEqual([item])
  })

  test('with headings that are there twice keeps all pictures, and of the others the first', async () => {
    const text =
      'id,title,title,image_link,image_link,additional_image_link,additional_image_link\n1,A,B,/1.jpg,/2.jpg,/3.jpg,/4.jpg\n'
    expect(await itemsOf(text)).toEqual([
      {
        id: '1',
        title: 'A',
        image_link: '/1.jpg',
        additional_image_link: ['/2.jpg', '/3.jpg', '/4.jpg'],
      },
    ])
  })

  test('with rows that are too short or too long, and separators in quotes', async () => {
    expect(await itemsOf('id;title;price\n1\n2;"B; C";"12,00"\n3;D;5;more\n')).toEqual([
      { id: '1' },
      { id: '2', title: 'B; C', price: '12.00 EUR' },
      { id: '3', title: 'D', price: '5 EUR' },
    ])
  })
})

test.each([
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'iso-8859-2',
  'iso-8859-15',
  'koi8-r',
  'shift_jis',
])('XML that declares %s', async (encoding) => {
  const bytes = Buffer.from([0xb1, 0xb5])
  const [head, tail] =
    `<?xml version='1.0' encoding='${encoding}'?><rss><item><g:id>1</g:id><title>|</title></item></rss>`.split(
      '|',
    )
  const title = new TextDecoder(encoding).decode(bytes)
  const read = await itemsOf(Buffer.concat([Buffer.from(head ?? ''), bytes, Buffer.from(tail ?? '')]))
  expect(read).toEqual([{ id: '1', title }])
})

describe('prices and sales of any feed', () => {
  test('are written as Google Merchant does', async () => {
    const text = `id\tprice\tsale price\tsale price effective date
1\t1.234,56 EUR\tEUR 12\t2026-01-01 - 2026-02-01
2\t€ 12.50\t12 €\tsoon
3\t1 290 Kč\t£9\t2026-01-01T00:00+0100 / 2026-02-01T00:00+0100
4\ton request\t\t
`
    expect(await itemsOf(text)).toEqual([
      {
        id: '1',
        price: '1234.56 EUR',
        sale_price: '12 EUR',
        sale_price_effective_date: '2026-01-01/2026-02-01',
      },
      { id: '2', price: '12.50 EUR', sale_price: '12 EUR', sale_price_effective_date: 'soon' },
      {
        id: '3',
        price: '1290 CZK',
        sale_price: '9 GBP',
        sale_price_effective_date: '2026-01-01T00:00+0100/2026-02-01T00:00+0100',
      },
      { id: '4', price: 'on request' },
    ])
    expect(await itemsOf('[{"id":"1","price":12.5},{"id":"2","price":["9 EUR"]}]')).toEqual([
      { id: '1', price: '12.5 EUR' },
      { id: '2', price: ['9 EUR'] },
    ])
  })

  test.each([
    ['2026-01-01 - 2026-02-01', '2026-01-01T00:00:00.000Z', '2026-02-01T23:59:59.999Z'],
    ['2026-1-1/2026-2-1', '2026-01-01T00:00:00.000Z', '2026-02-01T23:59:59.999Z'],
    ['01.01.2026 – 01.02.2026', '2026-01-01T00:00:00.000Z', '2026-02-01T23:59:59.999Z'],
    ['2026-01-01T9:00/2026-02-01T9:30', '2026-01-01T09:00:00.000Z', '2026-02-01T09:30:00.000Z'],
    ['2026-01-01 00:00 UTC/2026-02-01 00:00 UTC', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['2026-01-01T00:00+1/2026-02-01T00:00+1', '2025-12-31T23:00:00.000Z', '2026-01-31T23:00:00.000Z'],
    [
      '2026-01-01T00:00%2B0100/2026-02-01T00:00%2B0100',
      '2025-12-31T23:00:00.000Z',
      '2026-01-31T23:00:00.000Z',
    ],
    ['2026-01-01T00:00-0800/2026-02-01T00:00-0800', '2026-01-01T08:00:00.000Z', '2026-02-01T08:00:00.000Z'],
    [
      '2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z/',
      '2026-01-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ],
  ])('the sale of %s', (written, from, to) => {
    const period = parseSalePeriod(salePeriod(written))
    expect([period?.from, period?.to].map((time) => new Date(time ?? 0).toISOString())).toEqual([from, to])
  })

  test.each([
    '',
    'soon',
    '2026-01-01',
    '/2026-02-01',
    '2026-01-01/',
    '2026/01/01-2026/02/01',
    'null/2026-02-01',
  ])('"%s" stays as it is', (written) => expect(salePeriod(written)).toBe(written))
})

test.each<[string, ReturnType<typeof availabilityIn>]>([
  ['In Stock', 'in_stock'],
  ['https://schema.org/InStock', 'in_stock'],
  ['http://schema.org/SoldOut', 'out_of_stock'],
  ['schema:OutOfStock', 'out_of_stock'],
  ['out-of  stock', 'out_of_stock'],
  ['temporarily out of stock', 'out_of_stock'],
  ['NOT IN STOCK', 'out_of_stock'],
  ['Pre-Order', 'preorder'],
  ['on backorder', 'backorder'],
  ['onbackorder', 'backorder'],
  ['true', 'in_stock'],
  ['0', 'out_of_stock'],
  ['Nicht vorrätig', 'out_of_stock'],
  ['nicht auf Lager', 'out_of_stock'],
  ['auf Lager', null],
  ['Rupture de stock', 'out_of_stock'],
  ['EN STOCK', null],
  ['agotado', 'out_of_stock'],
  ['no disponible', 'out_of_stock'],
  ['Esaurito', 'out_of_stock'],
  ['niet op voorraad', 'out_of_stock'],
  ['brak w magazynie', 'out_of_stock'],
  ['sem estoque', 'out_of_stock'],
  ['在庫切れ', 'out_of_stock'],
  ['품절', 'out_of_stock'],
  ['غير متوفر', 'out_of_stock'],
  ['нет в наличии', 'out_of_stock'],
  ['in 3 days', null],
  ['Out of stock until Monday', 'out_of_stock'],
  ['0 in stock', 'out_of_stock'],
  ['0 auf Lager', 'out_of_stock'],
  ['0 Stück', 'out_of_stock'],
  ['Bestand: 0', 'out_of_stock'],
  ['Lagerbestand (0 Stück)', 'out_of_stock'],
  ['0.00', 'out_of_stock'],
  ['Derzeit nicht verfügbar, wieder ab Mai', 'out_of_stock'],
  ['Nicht mehr lieferbar', 'out_of_stock'],
  ["N'est plus disponible", 'out_of_stock'],
  ['0 en stock', 'out_of_stock'],
  ['Ya no disponible', 'out_of_stock'],
  ['No hay existencias', 'out_of_stock'],
  ['Non più disponibile', 'out_of_stock'],
  ['Niet meer leverbaar', 'out_of_stock'],
  ['0 op voorraad', 'out_of_stock'],
  ['Nie ma w magazynie', 'out_of_stock'],
  ['Não disponível', 'out_of_stock'],
  ['販売終了しました', 'out_of_stock'],
  ['在庫数: 0', 'out_of_stock'],
  ['재고가 없습니다', 'out_of_stock'],
  ['غير متاح حاليا', 'out_of_stock'],
  ['Není k dispozici', 'out_of_stock'],
  ['Нет на складе', 'out_of_stock'],
  ['Ej i lager', 'out_of_stock'],
  ['0 Tage', null],
  ['Lieferzeit: 0 Tage', null],
  ['0 jours', null],
  ['10 auf Lager', null],
  ['Bestand: 10', null],
  ['Plus que 3 en stock', null],
  ['0,5 m auf Lager', null],
  ['Not sold out', 'in_stock'],
  ['Stock: 0', 'out_of_stock'],
  ['Available: 0', 'out_of_stock'],
  ['Nicht ausverkauft', null],
  ['Fast ausverkauft', null],
  ['Nicht lieferbar, ausverkauft', 'out_of_stock'],
  ['Auf Lager, reserviert: 0', null],
  ['Auf Lager (0 reserviert)', null],
  ['Pas encore épuisé', null],
  ['Surplus disponible', null],
  ['5 de plus en stock', null],
  ['Plus en stock', 'out_of_stock'],
  ['Uno disponible', null],
  ['Casi agotado', null],
  ['No está disponible', 'out_of_stock'],
  ['Quasi esaurito', null],
  ['Bijna uitverkocht', null],
  ['Nie martw się, jest', null],
  ['Prawie wyprzedane', null],
  ['Não esgotado', null],
  ['Disponível: 0', 'out_of_stock'],
  ['Není vyprodáno', null],
  ['Почти распродано', null],
  ['распродано', 'out_of_stock'],
  ['Nästan slutsåld', null],
  ['完売間近', null],
  ['品切れではありません', null],
  ['在庫:0', 'out_of_stock'],
  ['품절 임박', null],
  ['품절임박', null],
  ['لم تنفد الكمية', null],
])('an availability of "%s" is %s', (text, expected) => {
  expect(availabilityIn(text)).toBe(expected)
})

test('how a point before three digits was read is told once for a feed', async () => {
  const prices = ['1.290 €', '2.490 €', '12.990 EUR', '12.99 EUR', '8.500 KWD', 1.125]
  const lines = prices.map((price, id) => ({ id, title: 'A', image_link: '/a.jpg', price }))
  const { items, notes } = await readFeed(feedOf(JSON.stringify(lines)), { currency: 'EUR' })
  const read = ['1290 EUR', '2490 EUR', '12.990 EUR', '12.99 EUR', '8.500 KWD', '1.125 EUR']
  expect(items).toMatchObject(read.map((price) => ({ price })))
  expect(notes.map(({ note }) => note)).toEqual([
    'The point in 2 prices such as 1.290 € was read as a mark of thousands.',
    'The point in 1 price such as 12.990 EUR was read as a decimal point; where thousands are meant, write them without it.',
  ])
})

describe('JSON', () => {
  const items = [
    { id: '1', title: 'A', image_link: '/1.jpg' },
    { id: '2', title: 'B', image_link: '/2.jpg' },
  ]
  const lines = items.map((item) => JSON.stringify(item))
  const prefixed = items.map(({ id, title, image_link }) => ({
    'g:id': id,
    'g:title': title,
    'g:image_link': image_link,
  }))

  test.each<[string, string]>([
    ['lines with empty ones and comments between', `\n\n${lines[0]}\n\n// second\n# of two\n${lines[1]}\n`],
    ['lines with the commas of a list', `${lines.join(',\n')},\n`],
    ['lines in brackets', `[\n${lines.join(',\n')}\n]`],
    ['lines of Windows after a mark', `\ufeff${lines.join('\r\n')}\r\n`],
    ['a list further in', JSON.stringify({ title: 'Shop', data: { products: items } })],
    ['the same over several lines', JSON.stringify({ title: 'Shop', data: { found: items } }, null, 2)],
    [
      'RSS that was made JSON',
      JSON.stringify({ rss: { channel: { title: 'Shop', image: {}, item: prefixed } } }),
    ],
    ['Atom that was made JSON', JSON.stringify({ feed: { id: 'x', entry: items } })],
    ['objects by their ids', JSON.stringify({ 1: items[0], 2: items[1] })],
    [
      'nodes of a graph',
      JSON.stringify({ data: { list: { edges: items.map((node) => ({ cursor: 'x', node })) } } }),
    ],
    ['UTF-16 without a mark', ''],
  ])('%s', async (name, text) => {
    expect(await itemsOf(name.startsWith('UTF-16') ? wide(JSON.stringify(items)) : text)).toEqual(items)
  })

  test("as Google's APIs write products", async () => {
    const product = {
      id: 'online:en:US:7',
      offerId: '7',
      title: 'A',
      imageLink: '/1.jpg',
      additionalImageLinks: ['/2.jpg'],
      itemGroupId: 'g',
      price: { value: '20.00', currency: 'USD' },
      salePrice: { amountMicros: '15500000', currencyCode: 'USD' },
      salePriceEffectiveDate: { startTime: '2026-01-01T00:00:00Z', endTime: '2026-02-01T00:00:00Z' },
    }
    const { id: _, offerId, ...attributes } = product
    const expected = {
      id: '7',
      title: 'A',
      image_link: '/1.jpg',
      additional_image_link: ['/2.jpg'],
      item_group_id: 'g',
      price: '20.00 USD',
      sale_price: '15.5 USD',
      sale_price_effective_date: '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z',
    }
    expect((await itemsOf(JSON.stringify({ resources: [product] })))[0]).toMatchObject(expected)
    expect((await itemsOf(JSON.stringify([{ offerId, attributes }])))[0]).toMatchObject(expected)
  })
})

describe('XML', () => {
  const google = 'http://base.google.com/ns/1.0'

  test.each<[string, string]>([
    [
      'Google as the default namespace',
      `<rss xmlns="${google}"><channel><item><id>1</id><title>A</title></item></channel></rss>`,
    ],
    [
      'its prefix declared at each item',
      `<rss><item xmlns:c="${google}"><c:id>1</c:id><c:title>A</c:title></item></rss>`,
    ],
    [
      'its address with https and a slash',
      `<rss xmlns:q="https://base.google.com/ns/1.0/"><item><q:id>1</q:id><q:title>A</q:title></item></rss>`,
    ],
    [
      'a prefix for all of Atom',
      `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><g:id>1</g:id><a:title>A</a:title></a:entry></a:feed>`,
    ],
    ['capitals', '<RSS><CHANNEL><ITEM><ID>1</ID><TITLE>A</TITLE></ITEM></CHANNEL></RSS>'],
    ['capitals in some names', '<rss><item><G:ID>1</G:ID><g:Title>A</g:Title></item></rss>'],
    ['products by that name', '<products><product><id>1</id><title>A</title></product></products>'],
    [
      'RDF',
      `<r:RDF xmlns="http://purl.org/rss/1.0/" xmlns:r="x"><item r:about="u"><title>A</title><g:id>1</g:id></item></r:RDF>`,
    ],
  ])('%s', async (_, text) => {
    expect(await itemsOf(text)).toEqual([{ id: '1', title: 'A' }])
  })

  test('further pictures in one element, as Meta takes them', async () => {
    const text =
      '<rss><item><id>1</id><additional_image_link>/2.jpg, /3.jpg</additional_image_link></item></rss>'
    expect(await itemsOf(text)).toEqual([{ id: '1', additional_image_link: ['/2.jpg', '/3.jpg'] }])
  })

  test('a web page in its place is called one', async () => {
    await expect(itemsOf('\n<!DOCTYPE html><html><br></html>')).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('is a web page'),
    })
  })

  test('texts that Atom says are markup', async () => {
    const text =
      '<feed><entry><id>1</id><title type="html">&lt;b>Salt&lt;/b> &amp;amp; pepper</title></entry></feed>'
    expect(await itemsOf(text)).toEqual([{ id: '1', title: 'Salt & pepper' }])
  })

  test('what a script has printed before it is quoted in the error', async () => {
    const feed = itemsOf('Warning: no such file in feed.php\n<?xml version="1.0"?><rss></rss>')
    await expect(feed).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('"Warning: no such file'),
    })
  })

  test('of another kind is refused with the way to read it', async () => {
    await expect(itemsOf('<catalog><thing/></catalog>')).rejects.toMatchObject({
      message: expect.stringContaining('--map items=NAME'),
    })
  })
})

test('WooCommerce: a sale has the dates of its row, by day, and a product those of its cheapest variation', async () => {
  const text = `ID,Type,Name,Visibility in catalog,Date sale price starts,Date sale price ends,Sale price,Regular price,Images,Parent
1,variable,Tee,visible,,,,,https://s.test/1.jpg,
2,variation,Tee - S,visible,2026-01-05 0:00:00,2026-02-05 23:59:59,10,20,,id:1
3,simple,Hat,visible,,2026-02-05 23:59:59,10,20,https://s.test/3.jpg,
4,simple,Cap,visible,2026-01-05 0:00:00,,,20,https://s.test/4.jpg,
`
  const dates = (await itemsOf(text)).map(
    (item) => (item as Record<string, string>).sale_price_effective_date,
  )
  expect(dates).toEqual(['2026-01-05/2026-02-05', '2026-01-05/2026-02-05', '/2026-02-05', undefined])
})
