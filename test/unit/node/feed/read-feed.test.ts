import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FeedReport } from '../../../../src/node/feed/feed-report.js'
import { readJsonItems } from '../../../../src/node/feed/json/json-items.js'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const feedOf = feedWriter(folder)

const itemsOf = async (content: string | Uint8Array) => (await readFeed(feedOf(content))).items

const lamp = {
  id: '1',
  title: 'Lamp & shade',
  image_link: 'https://shop.test/1.jpg',
  link: 'https://shop.test/p/1',
}

describe('XML', () => {
  const rss = (items: string, head = '<?xml version="1.0"?>') =>
    `${head}<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>
     <link>https://shop.test</link>${items}</channel></rss>`

  test('RSS with attributes in and out of the Google namespace', async () => {
    const items = await itemsOf(
      rss(`<item><g:id>1</g:id><title>Worse title</title><g:title>Lamp &amp; shade</g:title>
        <link>https://shop.test/p/1</link><g:image_link><![CDATA[https://shop.test/1.jpg]]></g:image_link>
        <g:shipping><g:country>DE</g:country></g:shipping></item>`),
    )
    expect(items).toEqual([lamp])
  })

  test('repeated attributes are lists, but not the links of Atom', async () => {
    const items = await itemsOf(
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><g:id>1</g:id><title>Lamp &amp; shade</title>
       <link rel="alternate" href="https://shop.test/p/1"/><link rel="self" href="https://shop.test/feed"/>
       <g:image_link>https://shop.test/1.jpg</g:image_link>
       <g:additional_image_link>a</g:additional_image_link><g:additional_image_link>b</g:additional_image_link>
       </entry></feed>`,
    )
    expect(items).toEqual([{ ...lamp, additional_image_link: ['a', 'b'] }])
  })

  test('of the links of Atom, the alternate one or that without rel is the page of the product', async () => {
    const items = await itemsOf(
      `<feed xmlns="http://www.w3.org/2005/Atom">
       <entry><id>1</id><link rel="self" href="https://shop.test/feed/1"/><link rel="alternate" href="/p/1"/></entry>
       <entry><id>2</id><link rel="self" href="https://shop.test/feed/2"/><link href="/p/2"/></entry>
       <entry><id>3</id><link rel="self" href="https://shop.test/feed/3"/></entry></feed>`,
    )
    expect(items).toEqual([{ id: '1', link: '/p/1' }, { id: '2', link: '/p/2' }, { id: '3' }])
  })

  test('the namespace of Google under the prefix that the feed declares', async () => {
    const items = await itemsOf(
      `<rss xmlns:ns0="http://base.google.com/ns/1.0"><channel><item><title>Worse title</title>
       <ns0:id>1</ns0:id><ns0:title>Lamp &amp; shade</ns0:title><ns0:link>https://shop.test/p/1</ns0:link>
       <ns0:image_link>https://shop.test/1.jpg</ns0:image_link></item></channel></rss>`,
    )
    expect(items).toEqual([lamp])
  })

  test('in the encoding that it declares', async () => {
    const text = rss('<item><g:id>é</g:id></item>', '<?xml version="1.0" encoding="ISO-8859-1"?>')
    expect(await itemsOf(Buffer.from(text, 'latin1'))).toEqual([{ id: 'é' }])
  })

  test('in UTF-16 with a byte order mark', async () => {
    const text = `\ufeff${rss('<item><g:id>é</g:id></item>', '')}`
    expect(await itemsOf(Buffer.from(text, 'utf16le'))).toEqual([{ id: 'é' }])
  })

  test('many items, longer than any piece the file is read in', async () => {
    const items = Array.from(
      { length: 5000 },
      (_, n) => `<item><g:id>${n}</g:id><g:title>Ä${n}</g:title></item>`,
    )
    const read = await itemsOf(rss(items.join('\n')))
    expect(read).toHaveLength(5000)
    expect(read[4321]).toEqual({ id: '4321', title: 'Ä4321' })
  })

  test.each([
    ['cut off', rss('<item><g:id>1</g:id>').slice(0, -40), /not well-formed XML/],
    [
      'with an attribute without quotes',
      rss('<item><g:id a=1>1</g:id></item>'),
      /not well-formed XML at line:column 2:/,
    ],
    ['without items', '<shop><name>Not found</name></shop>', /no <item> or <entry>: its root is <shop>/],
  ])('%s is refused', async (_, text, message) => {
    await expect(readFeed(feedOf(text))).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringMatching(message),
    })
  })

  test('entities that a document defines are not expanded', async () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${rss('<item><g:id>&b;</g:id></item>', '')}`
    await expect(readFeed(feedOf(bomb))).rejects.toMatchObject({ code: 'catalog-invalid' })
  })
})

describe('tables', () => {
  test.each([
    ['TSV', '\t'],
    ['CSV', ','],
    ['CSV with semicolons', ';'],
  ])('%s, with column names as people write them', async (_, delimiter) => {
    const rows = [
      ['ID', 'Title', 'Image link', 'link', 'color'],
      ['1', 'Lamp & shade', 'https://shop.test/1.jpg', 'https://shop.test/p/1', ''],
    ]
    const text = rows.map((row) => row.join(delimiter)).join('\r\n')
    expect(await itemsOf(`${text}\r\n`)).toEqual([lamp])
  })

  test('inch marks and quoted cells', async () => {
    expect(await itemsOf('id\ttitle\n1\t24" screen\n2\t"a\tb"\n')).toEqual([
      { id: '1', title: '24" screen' },
      { id: '2', title: 'a\tb' },
    ])
  })

  test('where tabs part the cells, a quote that is never closed takes no other rows', async () => {
    const text =
      'id\ttitle\timage_link\n1\t"Classic chair\timg/1.jpg\n2\tB\timg/2.jpg\n3\tTable 24"\timg/3.jpg\n'
    expect(await itemsOf(text)).toEqual([
      { id: '1', title: '"Classic chair', image_link: 'img/1.jpg' },
      { id: '2', title: 'B', image_link: 'img/2.jpg' },
      { id: '3', title: 'Table 24"', image_link: 'img/3.jpg' },
    ])
  })

  test('where tabs part the cells, quotes around all of a cell are not part of it', async () => {
    expect(await itemsOf('"id"\t"title"\r\n"1"\t"a ""b"" c"\r\n2\t""\r\n')).toEqual([
      { id: '1', title: 'a "b" c' },
      { id: '2' },
    ])
  })

  test('where commas part the cells, a quoted one may have several lines', async () => {
    expect(await itemsOf('id,title\n1,"a, ""b""\nc"\n2,B\n')).toEqual([
      { id: '1', title: 'a, "b"\nc' },
      { id: '2', title: 'B' },
    ])
  })

  test('Latin-1 where UTF-8 is expected is refused, and read when its encoding is given', async () => {
    const path = feedOf(Buffer.from('id\ttitle\n1\tCafé\n', 'latin1'))
    await expect(readFeed(path)).rejects.toMatchObject({ message: expect.stringContaining('is not utf-8') })
    expect((await readFeed(path, { encoding: 'latin1' })).items).toEqual([{ id: '1', title: 'Café' }])
    await expect(readFeed(path, { encoding: 'klingon' })).rejects.toMatchObject({ code: 'catalog-invalid' })
  })
})

describe('JSON', () => {
  test.each([
    ['an array', JSON.stringify([lamp])],
    ['an object with items', JSON.stringify({ pack: {}, items: [lamp] })],
    ['an object with products', `\ufeff${JSON.stringify({ products: [lamp] })}`],
    ['one object a line', `${JSON.stringify(lamp)}\n`],
  ])('%s', async (_, text) => {
    expect(await itemsOf(text)).toEqual([lamp])
  })

  test('JSON Lines with a broken line names it', async () => {
    await expect(readFeed(feedOf(`${JSON.stringify(lamp)}\n\n{"id":`))).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('line 3'),
    })
  })
})

test.each([
  ['an empty feed', '  \n', 'catalog-invalid', /is empty/],
  ['cut-off JSON', '[{"id":1},', 'catalog-invalid', /not valid JSON/],
])('%s is refused', async (_, text, code, message) => {
  await expect(readFeed(feedOf(text))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
})

test('a feed that is not there', async () => {
  await expect(readFeed(join(folder, 'none.xml'))).rejects.toMatchObject({ code: 'catalog-unreachable' })
})

describe('JSON longer than a string can be', () => {
  const source = { location: 'feed', context: { report: new FeedReport(), currency: undefined } }
  // 600 lines of a megabyte, nearly all of it space.
  async function* longText(first: string, others: string) {
    const space = ' '.repeat(1_000_000)
    yield first
    for (let line = 1; line < 600; line++) yield `${space}${others}\n`
  }

  test('is read where there is an item a line', async () => {
    const { items } = await readJsonItems({ text: longText('{"id":"0"}\n', '{"id":"1"}'), ...source })
    const read: unknown[] = []
    for await (const item of items) read.push(item)
    expect(read).toHaveLength(600)
    expect(read[599]).toEqual({ id: '1' })
  })

  test('is refused otherwise, with what to do', async () => {
    await expect(readJsonItems({ text: longText('[\n', '{"id":"1"},'), ...source })).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining(
        'too long for one JSON text: write it as JSON Lines, one item a line.',
      ),
    })
  })
})

test.each([
  [
    'XML',
    '<rss><item><g:id>1</g:id><g:description>a</g:description><description>b</description></item></rss>',
  ],
  ['a table', 'id\tDescription\n1\ta'],
  ['JSON', '[{"id":"1","description":"a"}]'],
  ['JSON Lines', '{"id":"1","description":"a"}'],
])('attributes of %s are left out where that is wanted', async (_, content) => {
  const { items } = await readFeed(feedOf(content), { omit: new Set(['description']) })
  expect(items).toEqual([{ id: '1' }])
})
