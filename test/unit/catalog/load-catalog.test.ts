import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { loadCatalog } from '../../../src/catalog/load-catalog.js'

const feed = JSON.stringify([{ id: 1, title: 'Lamp', image_link: 'lamp.jpg' }])
let server: Server | undefined

/** Serves every request with `listener` until the test is over; returns the origin. */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('a catalogue URL', () => {
  test('gives products, size and validators', async () => {
    const headers = { etag: '"1"', 'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT' }
    const origin = await serve((_, response) => response.writeHead(200, headers).end(`\uFEFF${feed}`))
    expect(await loadCatalog(new URL('/feeds/a.json', origin))).toMatchObject({
      status: 'loaded',
      catalog: { products: [{ id: '1', image_link: `${origin}/feeds/lamp.jpg` }], skipped: [] },
      bytes: feed.length + 3,
      etag: '"1"',
      lastModified: headers['last-modified'],
    })
  })

  test('has relative links resolved against where it was redirected to', async () => {
    const origin = await serve(({ url }, response) =>
      url === '/a.json' ? response.writeHead(302, { location: '/feeds/b.json' }).end() : response.end(feed),
    )
    const loaded = await loadCatalog(`${origin}/a.json`)
    expect(loaded).toMatchObject({ catalog: { products: [{ image_link: `${origin}/feeds/lamp.jpg` }] } })
  })

  test('asks caches to revalidate', async () => {
    const requests: IncomingMessage[] = []
    const origin = await serve((request, response) => {
      requests.push(request)
      response.end(feed)
    })
    await loadCatalog(origin)
    expect(requests[0]?.headers['cache-control']).toBe('max-age=0')
  })

  const monday = 'Mon, 23 Nov 2026 10:00:00 GMT'
  const tuesday = 'Tue, 24 Nov 2026 10:00:00 GMT'
  test.each([
    ['unchanged', { etag: '"1"', lastModified: monday }, { etag: '"1"', 'last-modified': tuesday }],
    ['unchanged', { etag: null, lastModified: monday }, { 'last-modified': monday }],
    ['loaded', { etag: '"1"', lastModified: monday }, { etag: '"2"', 'last-modified': monday }],
    ['loaded', { etag: '"1"', lastModified: monday }, { 'last-modified': monday }],
    ['loaded', { etag: null, lastModified: null }, {}],
  ] as const)('is %s where it was %j and is %j', async (status, previous, headers) => {
    const origin = await serve((_, response) => response.writeHead(200, headers).end(feed))
    expect(await loadCatalog(origin, { previous })).toMatchObject({ status })
  })
})

describe('a catalogue that cannot be used', () => {
  const cases: [string, RequestListener, string, string][] = [
    ['404', (_, response) => response.writeHead(404).end(), 'catalog-unreachable', 'status 404'],
    ['500', (_, response) => response.writeHead(500).end(feed), 'catalog-unreachable', '500'],
    ['a dropped connection', ({ socket }) => socket.destroy(), 'catalog-unreachable', 'network'],
    [
      'a body that breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write(feed)
        setTimeout(() => request.socket.destroy(), 20)
      },
      'catalog-unreachable',
      'network',
    ],
    [
      'a web page',
      (_, response) => response.end('\n <!doctype html>'),
      'catalog-invalid',
      'looks like a web page',
    ],
    ['an XML feed', (_, response) => response.end('<?xml version="1.0"?>'), 'catalog-invalid', 'XML feed'],
    ['nothing', (_, response) => response.end(), 'catalog-invalid', 'is empty'],
    ['half a feed', (_, response) => response.end(feed.slice(0, 20)), 'catalog-invalid', 'not valid JSON'],
    ['another JSON', (_, response) => response.end('{"error": 1}'), 'catalog-invalid', 'list of items'],
  ]
  test.each(cases)('is %s', async (_, listener, code, sentence) => {
    const origin = await serve(listener)
    const url = `${origin}/feed.json`
    const error = await loadCatalog(url).catch((error: unknown) => error)
    expect(error).toMatchObject({ code, subject: url, message: expect.stringContaining(sentence) })
    expect(error).toMatchObject({ message: expect.stringContaining(url) })
  })

  test('is a relative URL', async () => {
    await expect(loadCatalog('/feed.json')).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

describe('an abort', () => {
  const reason = new Error('the page is gone')

  test('before the start makes no request', async () => {
    let requests = 0
    const origin = await serve((_, response) => response.end(String(requests++)))
    await expect(loadCatalog(origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(requests).toBe(0)
  })

  test.each(['headers', 'body'])('while waiting for the %s rejects with its reason', async (missing) => {
    const controller = new AbortController()
    const origin = await serve((_, response) => {
      if (missing === 'body') response.write('[')
      setTimeout(() => controller.abort(reason), 20)
    })
    await expect(loadCatalog(origin, { signal: controller.signal })).rejects.toBe(reason)
  })
})
