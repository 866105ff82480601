import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseAttributeMap } from '../../../../src/node/feed/item-parts/map-item.js'
import { price } from '../../../../src/node/feed/item-parts/price.js'
import { type Feed, type ReadFeedOptions, readFeed } from '../../../../src/node/feed/read-feed.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const fixtures = fileURLToPath(new URL('../../../fixtures/feeds/', import.meta.url))
const feedOf = feedWriter(folder)

const options: ReadFeedOptions = { currency: 'EUR', omit: new Set(['description']) }
const readFixture = (name: string): Promise<Feed> => readFeed(join(fixtures, name), options)
const readText = (content: string | Uint8Array, more: ReadFeedOptions = {}): Promise<Feed> =>
  readFeed(feedOf(content), { ...options, ...more })

const shopifyFiles = 'https://cdn.shopify.test/s/files/1/'

describe('Shopify', () => {
  test('products.json: an item a variant, with its own picture or the first of the product', async () => {
    const { shape, items } = await readFixture('shopify-products.json')
    expect(shape).toBe('shopify')
    expect(items).toHaveLength(4)
    expect(items[0]).toEqual({
      id: '808950810',
      title: 'Oak chair',
      link: '/products/oak-chair?variant=808950810',
      price: '120.00 EUR',
      sale_price: '89.00 EUR',
      availability: 'in_stock',
      brand: 'Holz & Co',
      product_type: 'Chairs',
      item_group_id: '632910392',
      color: 'Natural',
      size: 'S',
      mpn: 'OAK-808950810',
      image_link: `${shopifyFiles}oak-1.jpg?v=2`,
      additional_image_link: [`${shopifyFiles}oak-2.jpg?v=2`],
    })
    expect(items[2]).toMatchObject({
      id: '808950812',
      price: '95.00 EUR',
      color: 'Black',
      size: 'M',
      image_link: `${shopifyFiles}oak-black.jpg?v=2`,
      additional_image_link: [`${shopifyFiles}oak-1.jpg?v=2`, `${shopifyFiles}oak-2.jpg?v=2`],
    })
    expect(items[1]).toMatchObject({ availability: 'out_of_stock' })
    expect(items[3]).not.toHaveProperty('color')
  })

  test('the export: rows of a handle are one product, with its pictures in their order', async () => {
    const { shape, items, skipped } = await readFixture('shopify-export.csv')
    expect(shape).toBe('shopify')
    expect(items).toEqual([
      {
        id: '0101',
        title: 'Oak chair',
        link: '/products/oak-chair',
        price: '120.00 EUR',
        sale_price: '89.00 EUR',
        availability: 'in_stock',
        brand: 'Holz & Co',
        product_type: 'Chairs',
        item_group_id: 'oak-chair',
        color: 'Natur',
        size: 'S',
        image_link: `${shopifyFiles}oak-natural.jpg?v=1`,
        additional_image_link: ['oak-1', 'oak-2', 'oak-3'].map((name) => `${shopifyFiles}${name}.jpg?v=1`),
      },
      // Two variants have one SKU, by which neither can be told.
      expect.objectContaining({ id: 'oak-chair-schwarz-s', availability: 'out_of_stock', color: 'Schwarz' }),
      expect.objectContaining({ id: 'oak-chair-schwarz-m', availability: 'in_stock', size: 'M' }),
      expect.objectContaining({ id: 'ash-stool', price: '49.9 EUR', image_link: `${shopifyFiles}ash.jpg` }),
    ])
    expect(skipped).toEqual([{ id: 'old-lamp', reason: 'It is not published (draft).' }])
  })

  test('the newer headings', async () => {
    const { shape, items } = await readFixture('shopify-template.csv')
    expect(shape).toBe('shopify')
    expect(items).toMatchObject([
      {
        id: 'HAT-R',
        color: 'Red',
        availability: 'in_stock',
        product_type: 'Apparel & Accessories > Clothing Accessories > Hats',
        image_link: `${shopifyFiles}hat-red.jpg`,
      },
      { id: 'HAT-B', title: 'Wool hat', image_link: `${shopifyFiles}hat-blue.jpg` },
    ])
  })
})

describe('WooCommerce', () => {
  test.each(['en', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt'])(
    'the export of a shop in %s',
    async (language) => {
      const { shape, items, skipped } = await readFixture(`woocommerce-${language}.csv`)
      const uploads = 'https://shop.test/wp-content/uploads/2024/01/'
      expect(shape).toBe('woocommerce')
      expect(items).toEqual([
        {
          id: '44',
          title: 'V-Neck T-Shirt',
          link: '/?p=44',
          price: '18 EUR',
          availability: 'in_stock',
          brand: 'Woo',
          product_type: 'Clothing > Tshirts',
          item_group_id: '44',
          image_link: `${uploads}tee-2.jpg`,
          additional_image_link: [`${uploads}tee-green-1.jpg`, `${uploads}tee%2Cblue-1.jpg`],
        },
        {
          id: '46',
          title: 'Hoodie with Logo',
          link: '/?p=46',
          price: '1045.00 EUR',
          sale_price: '42.50 EUR',
          availability: 'out_of_stock',
          product_type: 'Clothing > Hoodies',
          color: 'Blue',
          image_link: `${uploads}hoodie.jpg`,
        },
        expect.objectContaining({
          id: '76',
          item_group_id: '44',
          color: 'Red',
          price: '20 EUR',
          link: '/?p=44',
        }),
        expect.objectContaining({
          id: '77',
          item_group_id: '44',
          availability: 'backorder',
          // It has no picture of its own.
          image_link: `${uploads}tee-2.jpg`,
        }),
      ])
      expect(skipped).toEqual([
        { id: '73', reason: 'It is not published.' },
        { id: '64', reason: 'It is hidden in the catalogue.' },
      ])
    },
  )
})

describe('PrestaShop', () => {
  test.each(['en', 'fr', 'pl'])('the table of the import in %s', async (language) => {
    const { shape, items, skipped } = await readFixture(`prestashop-${language}.csv`)
    expect(shape).toBe('prestashop')
    expect(items).toEqual([
      {
        id: '1',
        title: 'Lamp & shade',
        link: '/index.php?controller=product&id_product=1',
        price: '24.90 EUR',
        availability: 'in_stock',
        brand: 'Lux',
        product_type: 'Lamps',
        mpn: 'L-1',
        image_link: 'https://shop.test/img/p/1.jpg',
        additional_image_link: ['https://shop.test/img/p/2.jpg'],
      },
      expect.objectContaining({ id: '3', availability: 'out_of_stock', price: '12.5 EUR' }),
    ])
    expect(skipped).toEqual([{ id: '2', reason: 'It is not active.' }])
  })

  test('the list of products', async () => {
    const { shape, items } = await readFixture('prestashop-list-fr.csv')
    expect(shape).toBe('prestashop')
    expect(items).toMatchObject([
      {
        id: '1',
        title: 'Lampe',
        price: '24.90 EUR',
        image_link: 'https://shop.test/img/p/1-small_default.jpg',
      },
    ])
  })
})

test("Shopware's export for Google", async () => {
  const { shape, items } = await readFixture('shopware-google.xml')
  expect(shape).toBe('merchant')
  expect(items).toEqual([
    {
      id: 'SWDEMO10007.1',
      title: 'Stuhl "Größe L" </script> & Söhne',
      link: 'https://shop.test/Stuhl-Groesse-L/SWDEMO10007.1',
      image_link: 'https://shop.test/media/8f/b4/21/1606/stuhl.jpg?ts=1606386463',
      google_product_category: '950',
      product_type: 'Möbel > Stühle',
      condition: 'new',
      availability: 'in_stock',
      price: '119.90 EUR',
      brand: 'Söhne',
      mpn: 'ST-1',
    },
    expect.objectContaining({ id: 'SWDEMO10001', title: 'Hocker', price: '49.00 EUR' }),
  ])
})

test('Yandex YML, in windows-1251', async () => {
  const { shape, items } = await readFixture('yandex.yml')
  expect(shape).toBe('yandex-yml')
  expect(items).toEqual([
    {
      id: '12346',
      title: 'Стул дубовый',
      link: 'https://shop.test/p/12346?a=1&b=2',
      price: '1890.50 RUB',
      sale_price: '1490 RUB',
      availability: 'in_stock',
      brand: 'Дуб',
      product_type: 'Мебель > Стулья',
      item_group_id: '7',
      color: 'Чёрный',
      size: '50',
      mpn: 'A-1',
      image_link: 'https://shop.test/img/1.jpg',
      additional_image_link: ['https://shop.test/img/2.jpg'],
    },
    expect.objectContaining({ id: '12347', title: 'Стул Дуб D-50', availability: 'out_of_stock' }),
  ])
})

test('Heureka, whose prices have the currency that is given', async () => {
  const { shape, items } = await readFeed(join(fixtures, 'heureka.xml'), { ...options, currency: 'CZK' })
  expect(shape).toBe('heureka')
  expect(items[0]).toEqual({
    id: 'AB123',
    title: 'Dubová židle',
    link: 'https://obchod.test/zidle',
    price: '1290.50 CZK',
    availability: 'in_stock',
    brand: 'Dub',
    product_type: 'Nábytek > Židle',
    item_group_id: 'EF789',
    color: 'černá',
    gtin: '6417182041488',
    mpn: 'RM-559394',
    image_link: 'https://obchod.test/img/zidle.jpg',
    additional_image_link: ['https://obchod.test/img/zidle-2.jpg', 'https://obchod.test/img/zidle-3.jpg'],
  })
  expect(items[1]).toMatchObject({ id: 'AB124', availability: 'out_of_stock' })
})

test('Zboží, whose prices are in crowns', async () => {
  const { items } = await readFixture('zbozi.xml')
  expect(items).toMatchObject([
    { id: '001', price: '20.10 CZK', sale_price: '10.10 CZK', availability: 'preorder', size: 'XXL' },
  ])
})

test("Meta's catalogue, with its comments before the header", async () => {
  const { shape, items } = await readFixture('meta.csv')
  expect(shape).toBe('merchant')
  expect(items).toMatchObject([
    {
      id: '0',
      title: 'Blue Facebook T-Shirt (Unisex)',
      image_link: 'https://www.facebook.test/t-shirt-image-001.jpg',
      additional_image_link: ['https://www.facebook.test/2.jpg', 'https://www.facebook.test/3.jpg'],
    },
  ])
})

test('Google Ads headings', async () => {
  const { shape, items } = await readFixture('google-ads.csv')
  expect(shape).toBe('google-ads')
  expect(items).toEqual([
    {
      id: '7',
      title: 'Oak chair',
      link: 'https://shop.test/p/7',
      image_link: 'https://shop.test/7.jpg',
      price: '89.00 EUR',
      sale_price: '69.00 EUR',
      product_type: 'Chairs',
    },
  ])
})

test('the Retail API of Google Cloud', async () => {
  const { shape, items } = await readFixture('google-retail.jsonl')
  expect(shape).toBe('google-retail')
  expect(items).toMatchObject([
    {
      id: '1',
      item_group_id: '1',
      price: '120.5 EUR',
      sale_price: '89 EUR',
      availability: 'in_stock',
      image_link: 'https://shop.test/1.jpg',
      additional_image_link: ['https://shop.test/1b.jpg'],
      link: 'https://shop.test/p/1',
      brand: 'Holz & Co',
      product_type: 'Furniture > Chairs',
      color: 'Natural',
    },
    { id: '1-black', item_group_id: '1', price: '95.00 EUR', availability: 'out_of_stock' },
  ])
})

describe('schema.org as JSON-LD', () => {
  test('in lists and graphs, by reference, and groups with variants', async () => {
    const { shape, items } = await readFixture('schema-org.json')
    expect(shape).toBe('json-ld')
    expect(items).toEqual([
      {
        id: '0446310786',
        title: 'Oak chair',
        link: 'https://shop.test/p/1',
        price: '119.99 EUR',
        availability: 'https://schema.org/SoldOut',
        brand: 'Holz & Co',
        product_type: 'Furniture > Chairs',
        image_link: 'https://shop.test/1x1.jpg',
        additional_image_link: ['https://shop.test/4x3.jpg'],
      },
      {
        id: '44E01-M11000',
        title: 'Small green coat',
        link: 'https://shop.test/coat',
        price: '39.99 USD',
        availability: 'https://schema.org/InStock',
        brand: 'Good brand',
        item_group_id: '44E01',
        color: 'Green',
        size: 'small',
        image_link: 'https://shop.test/coat_small_green.jpg',
      },
      expect.objectContaining({ id: '44E01-K11000', price: '29.99 USD', item_group_id: '44E01' }),
    ])
  })

  test.each([
    ['one object', JSON.stringify],
    ['one object over several lines', (value: object) => JSON.stringify(value, null, 2)],
    ['one a line', (value: object) => `${JSON.stringify(value)}\n${JSON.stringify(value)}\n`],
  ])('%s', async (_, write) => {
    const product = {
      '@context': 'https://schema.org',
      '@type': ['Product'],
      sku: '1',
      name: 'A',
      image: '/1.jpg',
    }
    const { items } = await readText(write(product))
    expect(items[0]).toEqual({ id: '1', title: 'A', image_link: '/1.jpg' })
  })
})

describe('any other shape, by a map', () => {
  const map = (text: string) => ({ map: parseAttributeMap(text) })

  test.each([
    [
      'JSON',
      JSON.stringify([{ sku: 7, Name: 'A', color: 'red', images: [{ src: '/1.jpg' }, { src: '/2.jpg' }] }]),
    ],
    [
      'JSON Lines',
      '{"sku":7,"Name":"A","color":"red","images":[{"src":"/1.jpg"},{"src":"/2.jpg"}]}\n{"sku":8}\n',
    ],
  ])('%s', async (_, text) => {
    const { shape, items } = await readText(
      text,
      map('id=sku,title=Name,image_link=images[0].src,additional_image_link=images[*].src'),
    )
    expect(shape).toBe('mapped')
    expect(items[0]).toEqual({
      id: '7',
      title: 'A',
      color: 'red',
      image_link: '/1.jpg',
      additional_image_link: ['/1.jpg', '/2.jpg'],
    })
  })

  test('JSON with its items further in', async () => {
    const text = JSON.stringify({ data: { found: [{ node: { id: '1', name: 'A' } }] } }, null, 1)
    const { items } = await readText(text, map('items=data.found,id=node.id,title=node.name'))
    expect(items).toEqual([{ id: '1', title: 'A' }])
    await expect(readText(text)).rejects.toMatchObject({
      message: expect.stringContaining('--map items=PATH'),
    })
  })

  test('a table, by its headings or as they are read', async () => {
    const text = 'SKU no.;Name (de);Bilder;Preis\n1;Lampe;/1.jpg, /2.jpg;"1.290,50"\n'
    const { items } = await readText(
      text,
      map('id=SKU no.,title=name_(de),image_link=Bilder[0],additional_image_link=Bilder[*],price=Preis'),
    )
    expect(items).toMatchObject([
      {
        id: '1',
        title: 'Lampe',
        image_link: '/1.jpg',
        additional_image_link: ['/1.jpg', '/2.jpg'],
        price: '1290.50 EUR',
      },
    ])
  })

  test('XML, by elements and attributes', async () => {
    const text = '<shop><artikel nr="1"><n>Lampe</n><bild url="/1.jpg"/><bild url="/2.jpg"/></artikel></shop>'
    const { items } = await readText(text, map('items=artikel,id=@nr,title=n,image_link=bild[1].@url'))
    expect(items).toMatchObject([{ id: '1', title: 'Lampe', image_link: '/2.jpg' }])
  })

  test.each(['title', '=a', 'a=', ',', ''])('"%s" is no map', (text) => {
    expect(() => parseAttributeMap(text)).toThrow(/A map is written as title=Name/)
  })
})

test.each([
  ['1 290,50', '1290.50 EUR'],
  ['1\u00a0290,50 Kč', '1290.50 CZK'],
  ['€ 12,50', '12.50 EUR'],
  ['$1,299.00', '$1,299.00'],
  ['US$ 12', '12 USD'],
  ['12.-', '12 EUR'],
  ['500,– Kč', '500 CZK'],
  ['100 kr', '100 kr'],
  ['from 100', 'from 100'],
  ['12,5 €/St', '12,5 €/St'],
  ['1,290.50', '1290.50 EUR'],
  ['1.290,50', '1290.50 EUR'],
  ['1.290.500', '1290500 EUR'],
  ['1,290', '1290 EUR'],
  ['12,5', '12.5 EUR'],
  ['12.505', '12.505 EUR'],
  ['24.90 USD', '24.90 USD'],
  ['CHF 24', '24 CHF'],
  ['on request', 'on request'],
  ['1.290 €', '1290 EUR'],
  ['€ 1.290', '1290 EUR'],
  ['EUR 1.290', '1290 EUR'],
  ['12.990 Kč', '12990 CZK'],
  ['12.990 Ft', '12990 HUF'],
  ['299.000₫', '299000 VND'],
  ['Rp 150.000', '150000 IDR'],
  ['12.990 EUR', '12.990 EUR'],
  ['12.990 CLP', '12990 CLP'],
  ['12.99 HUF', '12.99 HUF'],
  ['12990.000 HUF', '12990.000 HUF'],
  ['0.990 €', '0.990 EUR'],
  ['0,990 €', '0.990 EUR'],
  ['1290.500 €', '1290.500 EUR'],
  ['12.500 KWD', '12.500 KWD'],
  ['KWD 12.500', '12.500 KWD'],
  ['12,500 TND', '12.500 TND'],
  ['1,250 KWD', '1250 KWD'],
  ['25.000 IQD', '25000 IQD'],
])('a price written as %s', (written, read) => {
  expect(price(written, 'EUR')).toBe(read)
})

test('a sign of several currencies is the one that is given, where it may be', () => {
  expect(price('$1,299.00', 'CAD')).toBe('1299.00 CAD')
  expect(price('1.299 kr', 'SEK')).toBe('1299 SEK')
  expect(price('$15.990', 'CLP')).toBe('15990 CLP')
  expect(price('$ 89.900', 'COP')).toBe('89900 COP')
  expect(price('15.990', 'CLP')).toBe('15990 CLP')
  expect(price('¥1,000', 'JPY')).toBe('1000 JPY')
})

describe('what real files have', () => {
  const rss = (inner: string) => `<rss><channel><item><g:id>1</g:id>${inner}</item></channel></rss>`

  test('gzip, whatever the name', async () => {
    expect((await readText(gzipSync(rss('<g:title>A</g:title>')))).items).toEqual([{ id: '1', title: 'A' }])
    const cut = gzipSync(rss('<g:title>A</g:title>')).subarray(0, 40)
    await expect(readText(cut)).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('cannot be unpacked'),
    })
  })

  test('a gzip bomb is refused with a sentence', async () => {
    const bomb = gzipSync(Buffer.alloc(70e6, 0x20))
    await expect(readText(bomb)).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('that is no feed'),
    })
  })

  test('a ZIP archive is named', async () => {
    await expect(readText(Buffer.from('PK\u0003\u0004'))).rejects.toMatchObject({
      message: expect.stringContaining('ZIP archive'),
    })
  })

  test('XML that says utf-16 and is UTF-8', async () => {
    const { items, notes } = await readText(
      `<?xml version="1.0" encoding="utf-16"?>${rss('<g:title>é</g:title>')}`,
    )
    expect(items).toEqual([{ id: '1', title: 'é' }])
    expect(notes).toEqual([{ item: null, note: expect.stringContaining('utf-16') }])
  })

  test('XML in UTF-16 without a mark', async () => {
    const text = `<?xml version="1.0" encoding="utf-16"?>${rss('<g:title>é</g:title>')}`
    expect((await readText(Buffer.from(text, 'utf16le'))).items).toEqual([{ id: '1', title: 'é' }])
  })

  test.each([
    ['XML', rss('<g:title>A</g:title><g:description>a\u000bb</g:description>')],
    ['XML, in CDATA', rss('<g:title>A</g:title><g:description><![CDATA[a\u0001b]]></g:description>')],
    ['XML, as a reference', rss('<g:title>A</g:title><g:description>a&#x1F;b</g:description>')],
    ['a table', 'id\ttitle\tdescription\n1\tA\ta\u0007b\n'],
    ['JSON', '[{"id":"1","title":"A","description":"a\\u0007b"}]'],
  ])('a control character in a description of %s: read, with a note', async (_, text) => {
    const { items, notes } = await readText(text)
    expect(items).toEqual([{ id: '1', title: 'A' }])
    expect(notes).toEqual([{ item: '1', note: 'Control characters were taken out of its description.' }])
  })

  test('a bare control character in JSON, which forbids it', async () => {
    expect((await readText('{"id":"1","title":"A\u000bB"}\n{"id":"2","title":"A\tB"}\n')).items).toEqual([
      { id: '1', title: 'A B' },
      { id: '2', title: 'A B' },
    ])
  })

  test('CSV that begins with sep=;', async () => {
    expect((await readText('sep=;\r\nid;title, long\r\n1;A, b\r\n')).items).toEqual([
      { id: '1', 'title,_long': 'A, b' },
    ])
  })

  test('tabs between cells, and line breaks in quoted ones, as Excel writes them: a note per item', async () => {
    const text =
      'id\tdescription\ttitle\r\n1\t"first\nsecond ""x""\n\nthird"\tA\r\n2\tplain\t"B\nC"\r\n3\t"open\tD\r\n4\tx\tE\r\n'
    const { items, notes } = await readText(text, { omit: new Set() })
    expect(items).toEqual([
      { id: '1', description: 'first\nsecond "x"\n\nthird', title: 'A' },
      { id: '2', description: 'plain', title: 'B\nC' },
      { id: '3', description: '"open', title: 'D' },
      { id: '4', description: 'x', title: 'E' },
    ])
    expect(notes.map(({ item }) => item)).toEqual(['1', '2'])
  })

  test('tabs between cells: a quote that is never closed at the end of a row takes no other rows', async () => {
    const { items } = await readText('id\ttitle\n1\t"Classic chair\n2\tB\n3\t"C\n')
    expect(items).toEqual([
      { id: '1', title: '"Classic chair' },
      { id: '2', title: 'B' },
      { id: '3', title: '"C' },
    ])
  })
})
