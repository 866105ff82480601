import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linksOf } from '../../../../src/node/feed/item-parts/links-of.js'
import { parseAttributeMap, valueAt } from '../../../../src/node/feed/item-parts/map-item.js'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { tableRows } from '../../../../src/node/feed/table/table-rows.js'
import { readRecords } from '../../../../src/node/files/read-records.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const feedOf = feedWriter(folder)
const read = (content: string) => readFeed(feedOf(content))
const itemsOf = async (content: string) => (await read(content)).items

async function cellsOf(text: string, delimiter = ',', pieceLength = text.length): Promise<string[][]> {
  const rows: string[][] = []
  for await (const { cells } of tableRows(piecesOf(text, pieceLength), delimiter)) rows.push([...cells])
  return rows
}

async function* piecesOf(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length)
}

const three = ['1', '2', '3'].map((id) => ({ id, title: `T${id}`, image_link: `/${id}.jpg` }))

describe('lines end in several ways', () => {
  const lines = ['id,title,image_link', '1,T1,/1.jpg', '2,T2,/2.jpg', '3,T3,/3.jpg']
  const ends = fc.constantFrom('\n', '\r\n', '\r', '\r\r\n', '\n\n')

  test('each in its own', async () => {
    const four = fc.tuple(ends, ends, ends, ends)
    await fc.assert(
      fc.asyncProperty(four, fc.constantFrom(',', ';', '\t', '|'), async (chosen, delimiter) => {
        const text = lines.map((line, index) => line.replaceAll(',', delimiter) + chosen[index]).join('')
        expect(await itemsOf(text)).toEqual(three)
      }),
      { numRuns: 60 },
    )
  })

  test('a carriage return in a cell is part of it', async () => {
    expect(await itemsOf('id,title,image_link\n1,A\rB,/1.jpg\n')).toEqual([
      { id: '1', title: 'A\rB', image_link: '/1.jpg' },
    ])
  })

  test.each(['csv', 'tsv'])('of logs (.%s), too', async (ending) => {
    const path = join(folder, `log.${ending}`)
    writeFileSync(path, 'query,item\r\na,b\nc,"d\ne"\r\nf,g\r'.replaceAll(',', ending === 'csv' ? ',' : '\t'))
    expect(await readRecords(path, new AbortController().signal)).toEqual([
      { query: 'a', item: 'b' },
      { query: 'c', item: 'd\ne' },
      { query: 'f', item: 'g' },
    ])
  })
})

test('what is written as the format says is read back, wherever it is cut', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\\a', ' ', 'b,', '""', ';') })
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (written, length) => {
      const all = [['id', 'title', 'x'], ...written.map(([a, b, c]) => [`i${a}`, b, c])]
      const text = all.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n')
      expect(await cellsOf(text, ',', length)).toEqual(all)
    }),
    { numRuns: 500 },
  )
})

describe('quotes', () => {
  const header = 'id,title,image_link\n'

  test.each<[string, string, string[]]>([
    ['a row of quotes behind it', '1,"Foo,/1.jpg\n2,"Bar",/2.jpg\n3,"Baz",/3.jpg\n', ['"Foo', 'Bar', 'Baz']],
    ['rows without quotes', '1,"Foo,/1.jpg\n2,Bar,/2.jpg\n3,Baz,/3.jpg\n', ['"Foo', 'Bar', 'Baz']],
    ['an inch mark behind it', '1,"Foo,/1.jpg\n2,Bar,/2.jpg\n3,24",/3.jpg\n', ['"Foo', 'Bar', '24"']],
    ['another one', '1,"Foo,/1.jpg\n2,"Bar,/2.jpg\n3,"Baz,/3.jpg\n', ['"Foo', '"Bar', '"Baz']],
    [
      'a cell of several lines',
      '1,"Foo,/1.jpg\n2,"Bar\n2",/2.jpg\n3,Baz,/3.jpg\n',
      ['"Foo', 'Bar\n2', 'Baz'],
    ],
    ['all in quotes', '"1","Foo,"/1.jpg"\n"2","Bar","/2.jpg"\n"3","Baz","/3.jpg"\n', ['"Foo', 'Bar', 'Baz']],
    ['at the end', '1,A,/1.jpg\n2,B,/2.jpg\n3,"C,/3.jpg', ['A', 'B', '"C']],
  ])('never closed, with %s: no row is lost', async (_, rows, titles) => {
    const items = await itemsOf(header + rows)
    expect(items).toEqual(titles.map((title, k) => ({ id: `${k + 1}`, title, image_link: `/${k + 1}.jpg` })))
    expect(await itemsOf((header + rows).replaceAll(',', ';'))).toEqual(items)
    if (!rows.includes('\n2"')) expect(await itemsOf((header + rows).replaceAll(',', '\t'))).toEqual(items)
  })

  test.each<[string, string, string]>([
    ['spaces before it', '1, "Shoe, black", /1.jpg', 'Shoe, black'],
    ['spaces before and behind', '1 , "Shoe, black" , /1.jpg', 'Shoe, black'],
    ['backslashes', '1,"Foo \\"Bar\\", big",/1.jpg', 'Foo "Bar", big'],
    ['backslashes, no comma', '1,"Foo \\"Bar\\" big",/1.jpg', 'Foo "Bar" big'],
    ['a backslash at the end', '1,"Screen, 12\\"",/1.jpg', 'Screen, 12"'],
    ['backslashes over lines', '1,"Foo \\"Bar\\", big\nnew \\"x\\", y",/1.jpg', 'Foo "Bar", big\nnew "x", y'],
    ['a backslash that is none', '1,"C:\\",/1.jpg', 'C:\\'],
    ['not escaped', '1,"19" Rack, black",/1.jpg', '19" Rack, black'],
    ['not escaped, over lines', '1,"<p class="a">Nice,\nbig</p>",/1.jpg', '<p class="a">Nice,\nbig</p>'],
    ['around a word', '1,"Classic" chair,/1.jpg', '"Classic" chair'],
    ['in the middle', '1,A 24" and 12" B,/1.jpg', 'A 24" and 12" B'],
    ['around lines with commas', '1,"Nice, big\nred, shoe",/1.jpg', 'Nice, big\nred, shoe'],
    ['empty', '1,"""",/1.jpg', '"'],
    ['around words with a comma', '1,A "b, c" d,/1.jpg', 'A "b, c" d'],
    ['around all of the row', '"1,""Shoe, black"",/1.jpg"', 'Shoe, black'],
    ['around a text that Excel is to keep', '="1",A,"=""/1.jpg"""', 'A'],
  ])('%s', async (_, row, title) => {
    const next = '2,B,/2.jpg'
    expect(await itemsOf(`${header}${row}\n${next}\n`)).toEqual([
      { id: '1', title, image_link: '/1.jpg' },
      { id: '2', title: 'B', image_link: '/2.jpg' },
    ])
  })

  test('two cells of several lines in a row, between tabs and commas', async () => {
    const text = 'id\ttitle\ta\tb\timage_link\n1\tA\t"l1\nl2"\t"n1\nn2"\t/1.jpg\n2\tB\tc\td\t/2.jpg\n'
    const items = [
      { id: '1', title: 'A', a: 'l1\nl2', b: 'n1\nn2', image_link: '/1.jpg' },
      { id: '2', title: 'B', a: 'c', b: 'd', image_link: '/2.jpg' },
    ]
    expect(await itemsOf(text)).toEqual(items)
    expect(await itemsOf(text.replaceAll('\t', ','))).toEqual(items)
  })

  test.each([
    ['never closed in any row', '1,"""a\n'.repeat(30_000)],
    ['in one line', `1,${'"a,'.repeat(300_000)}\n`],
    ['and spaces', `1,${'" '.repeat(300_000)}\n`],
    ['that close and open', '1,"a","\n'.repeat(20_000)],
  ])('%s do not hold up', { timeout: 20_000 }, async (_, rows) => {
    expect((await cellsOf(`id,title,image_link\n${rows}`)).length).toBeGreaterThan(1)
  })
})

test('all of each line in quotes', async () => {
  expect(await itemsOf('"id,title,image_link"\n"1,T1,/1.jpg"\n"2,T2,/2.jpg"\n"3,T3,/3.jpg"\n')).toEqual(three)
})

test('rows with another number of cells than the header are counted in one note', async () => {
  const { items, notes } = await read('id,title,link\n1,A\n2,B,/b,\n3,C,/c,d\n4,"D,\nE",/d\n5\n')
  expect(items).toHaveLength(5)
  expect(notes).toEqual([
    {
      item: null,
      note: 'Rows with more or fewer cells than the header: 3. The first is in line 2: 2 cells in place of 3.',
    },
  ])
  expect((await read('id,title,\n1,A\n2,B,,\n')).notes).toEqual([])
})

test.each(['"sep=;"\r\nid;title\n1;A', 'sep=;\rid;title\r1;A', '\ufeff\ufeffsep=;\nid;title\n1;A'])(
  '%j says what parts its cells',
  async (text) => expect(await itemsOf(text)).toEqual([{ id: '1', title: 'A' }]),
)

const cloud = 'https://cdn.test/image/upload/w_400,h_400,c_fill'

describe('links with commas', () => {
  test.each<[string, string[]]>([
    [`${cloud}/a.jpg, ${cloud}/b.jpg`, [`${cloud}/a.jpg`, `${cloud}/b.jpg`]],
    [
      `${cloud}/a.jpg,//cdn.test/b.jpg;HTTPS://cdn.test/c.jpg`,
      [`${cloud}/a.jpg`, '//cdn.test/b.jpg', 'HTTPS://cdn.test/c.jpg'],
    ],
    [
      `${cloud}/a.jpg | ${cloud}/b.jpg\n${cloud}/c.jpg`,
      [`${cloud}/a.jpg`, `${cloud}/b.jpg`, `${cloud}/c.jpg`],
    ],
    ['https://s.test/a.jpg https://s.test/b.jpg', ['https://s.test/a.jpg', 'https://s.test/b.jpg']],
    ['https://s.test/chair,black.jpg', ['https://s.test/chair,black.jpg']],
    ['//s.test/chair,/black.jpg', ['//s.test/chair,/black.jpg']],
    ['https://s.test/r?to=https://t.test/a.jpg', ['https://s.test/r?to=https://t.test/a.jpg']],
    ['/cdn-cgi/image/width=800,quality=75/a.jpg', ['/cdn-cgi/image/width=800,quality=75/a.jpg']],
    ['/chair,black.jpg,/b.jpg', ['/chair,black.jpg', '/b.jpg']],
    ['chair,black.jpg, red.jpg?v=1,blue.png', ['chair,black.jpg', 'red.jpg?v=1', 'blue.png']],
    ['a.jpg;b.jpg|', ['a.jpg', 'b.jpg']],
  ])('%s', (cell, links) => {
    expect(linksOf(cell)).toEqual(links)
    const [first] = links
    expect(valueAt({ Bild: cell }, parseAttributeMap('image_link=Bild[0]').get('image_link') ?? [])).toBe(
      first,
    )
  })

  test('in feeds', async () => {
    const a = `${cloud}/a.jpg`
    const b = `${cloud}/b.jpg`
    const item = { image_link: a, additional_image_link: [b] }
    expect(await itemsOf(`id;image_link;additional_image_link\n1;${a};${b}\n`)).toEqual([
      { id: '1', ...item },
    ])
    expect(await itemsOf(`id;image_link\n1;${a}, ${b}\n`)).toEqual([{ id: '1', ...item }])
    expect(await itemsOf(`id;image_link;image_link\n1;${a};/b.jpg\n`)).toEqual([
      { id: '1', image_link: a, additional_image_link: ['/b.jpg'] },
    ])
    const woo = `ID,Type,SKU,Name,Published,"Is featured?","Visibility in catalog",Images\n1,simple,s,Shoe,1,0,visible,"${a}, ${b}"\n`
    expect(await itemsOf(woo)).toMatchObject([item])
    const xml = `<rss><item><id>1</id><image_link>${a}</image_link><additional_image_link>${b}</additional_image_link></item></rss>`
    expect(await itemsOf(xml)).toMatchObject([{ image_link: a, additional_image_link: b }])
  })
})

describe('JSON line by line', () => {
  const lines = three.map((item) => JSON.stringify(item))

  test.each<[string, string]>([
    ['behind a comment', `# made by x\n${lines.join('\n')}\n`],
    ['behind several', `// made by x\r\n\r\n  # 2\r\n${lines.join('\r\n')}`],
    ['a list behind a comment', `// made by x\n[${lines.join(',')}]`],
    ['with line ends of old Macs', lines.join('\r')],
    ['with comments and line ends of old Macs', `# x\r${lines.join('\r# y\r')}\r`],
    ['a list with a comma behind its last', `[\n${lines.join(',\n')},\n]\n`],
    ['a list with comments', `[\n// one\n${lines.join(',\n# more\n')}\n]\n`],
    ['with commas before', lines.join('\n,')],
  ])('%s', async (_, text) => expect(await itemsOf(text)).toEqual(three))

  test('commas in texts stay', async () => {
    const item = { id: '1', title: 'a,] b ,} "x",\\', image_link: '/1.jpg' }
    expect(await itemsOf(`[${JSON.stringify(item)},]`)).toEqual([item])
  })
})
