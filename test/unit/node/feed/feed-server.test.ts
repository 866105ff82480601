import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readFeed } from '../../../../src/node/feed/read-feed.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const table = 'id,title,image_link\n1,A,/1.jpg\n'
const item = (id: number) => ({ id: String(id), title: 'A', image_link: '/a.jpg' })

describe('a server that stalls is given up', () => {
  test.each<[string, RequestListener, RegExp]>([
    ['before it answers', () => undefined, /did not answer: its server sent nothing for 0\.2 seconds/],
    [
      'before the feed',
      (_, response) => response.writeHead(200).flushHeaders(),
      // On a busy machine its headers may be late already.
      /(broke off: .*nothing more|sent nothing) for 0\.2 seconds/,
    ],
    [
      'within the feed',
      (_, response) => response.write(table),
      /(broke off: .*nothing more|sent nothing) for 0\.2 seconds/,
    ],
  ])('%s', async (_, answer, message) => {
    const feed = await serve(answer)
    await expect(readFeed(feed, { timeout: 0.2, retries: 0 })).rejects.toMatchObject({
      code: 'catalog-unreachable',
      message: expect.stringMatching(message),
    })
  })
})

test.each([
  ['a table', table],
  ['XML', '<rss><channel><item><id>1</id><title>A</title>'],
  ['JSON', '[{"id":"1",'],
])('%s that breaks off says so and is read again', async (_, begin) => {
  let asked = 0
  const feed = await serve((_request, response) => {
    asked++
    if (asked > 1) response.end(table)
    else response.writeHead(200, { 'content-length': 1000 }).write(begin, () => response.destroy())
  })
  await expect(readFeed(feed, { retries: 0 })).rejects.toMatchObject({
    code: 'catalog-unreachable',
    message: expect.stringContaining('broke off: its connection was closed before its end'),
  })
  asked = 0
  expect((await readFeed(feed, { retries: 1 })).items).toEqual([
    { id: '1', title: 'A', image_link: '/1.jpg' },
  ])
  expect(asked).toBe(2)
})

test.each([
  [503, 2],
  [429, 2],
  [404, 1],
  [401, 1],
])('a server that answers %i is asked %i times', async (status, times) => {
  let asked = 0
  const feed = await serve((_, response) => {
    asked++
    response.writeHead(status).end()
  })
  await expect(readFeed(feed, { retries: 1 })).rejects.toMatchObject({
    code: 'catalog-unreachable',
    message: expect.stringContaining(`answered with status ${status}`),
  })
  expect(asked).toBe(times)
})

test('stopping ends the waiting for a feed', async () => {
  const stop = new AbortController()
  const feed = await serve(() => stop.abort(new Error('enough')))
  await expect(readFeed(feed, { signal: stop.signal })).rejects.toThrow('enough')
})

describe('a feed of several pages', () => {
  /** A shop of three pages, each of which names the next one as given. */
  async function shop(nextOf: (page: number, origin: string) => string | undefined) {
    const asked: string[] = []
    const origin: string = await serve((request, response) => {
      const { searchParams } = new URL(request.url as string, origin)
      const page = Number(searchParams.get('page') ?? 1)
      asked.push(`${page} ${request.headers.authorization ?? '-'}`)
      const next = nextOf(page, origin)
      if (next !== undefined) response.setHeader('link', next)
      response.setHeader('x-wp-totalpages', '3').end(JSON.stringify([item(page)]))
    })
    return { feed: `${origin}/products?per_page=1`, asked }
  }

  test('is read to the last one, with its password', async () => {
    const { feed, asked } = await shop((page, origin) => {
      const link = (to: number, rel: string) => `<${origin}/products?per_page=1&page=${to}>; rel="${rel}"`
      const links = [page > 1 ? link(page - 1, 'prev') : [], page < 3 ? link(page + 1, 'next') : []]
      return links.flat().join(', ')
    })
    const { items, notes } = await readFeed(feed.replace('//', '//ann:pw@'))
    expect(items).toEqual([item(1), item(2), item(3)])
    expect(notes).toEqual([])
    const secret = `Basic ${Buffer.from('ann:pw').toString('base64')}`
    expect(asked).toEqual([`1 ${secret}`, `2 ${secret}`, `3 ${secret}`])
  })

  test('has its names read alike on every page, with one note', async () => {
    const origin: string = await serve((request, response) => {
      const page = Number(new URL(request.url as string, origin).searchParams.get('page') ?? 1)
      if (page < 3) response.setHeader('link', `</products?page=${page + 1}>; rel="next"`)
      response.end(
        JSON.stringify([{ sku: 'same', product_id: page, name: 'Chair', price: '1.290 €', image: '/1.jpg' }]),
      )
    })
    const { items, notes } = await readFeed(`${origin}/products`)
    expect(items).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(notes.map(({ note }) => note)).toEqual([
      expect.stringContaining(
        'product_id as id (3 items), name as title (3 items), image as image_link (3 items)',
      ),
      expect.stringContaining('The point in 3 prices'),
    ])
  })

  test('is told to be incomplete where no page leads on', async () => {
    const { feed, asked } = await shop(() => undefined)
    const { items, notes } = await readFeed(feed)
    expect(items).toEqual([item(1)])
    expect(notes).toMatchObject([
      { item: null, note: expect.stringMatching(/^Only 1 of 3 pages of .*\/products were read/) },
    ])
    expect(asked).toEqual(['1 -'])
  })

  test('is not followed to another origin, nor in circles', async () => {
    const other = await shop(() => '<http://localhost:1/products?page=2>; rel=next')
    expect((await readFeed(other.feed)).notes).toHaveLength(1)
    expect(other.asked).toEqual(['1 -'])
    const circle = await shop((page) => `</products?page=${page === 2 ? 1 : 2}>; rel="next"`)
    expect((await readFeed(circle.feed)).items).toEqual([item(1), item(2), item(1)])
    expect(circle.asked).toHaveLength(3)
  })

  test('is none where one of its pages is missing', async () => {
    const origin: string = await serve((request, response) => {
      if (request.url?.includes('page=2')) return response.writeHead(404).end()
      response.setHeader('link', '</products?page=2>; rel="next"').end(JSON.stringify([item(1)]))
    })
    await expect(readFeed(`${origin}/products`)).rejects.toMatchObject({ code: 'catalog-unreachable' })
  })
})
