import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { loadPicture, mayPass } from '../../../src/node/load-picture.js'

let close: () => void = () => undefined
afterEach(() => close())

/** Serves one picture on this machine and returns its URL. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/1.jpg`
}

describe('versions', () => {
  test('a server with ETags is asked for changes and sends nothing twice', async () => {
    let sent = 0
    const url = await serve((request, response) => {
      response.setHeader('etag', '"v1"')
      if (request.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end()
      sent++
      response.end('picture')
    })
    const first = await loadPicture(url)
    expect(first).toMatchObject({ status: 'loaded', version: 'etag:"v1"' })
    expect(await loadPicture(url, { known: 'etag:"v1"' })).toEqual({ status: 'unchanged' })
    expect(await loadPicture(url, { known: 'etag:"v0"' })).toMatchObject({ status: 'loaded' })
    expect(sent).toBe(2)
  })

  test('a server without any is compared by bytes', async () => {
    let body = 'picture'
    const url = await serve((_, response) => response.end(body))
    const first = await loadPicture(url)
    const known = first.status === 'loaded' ? first.version : ''
    expect(known).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await loadPicture(url, { known })).toEqual({ status: 'unchanged' })
    body = 'another'
    expect(await loadPicture(url, { known })).toMatchObject({ status: 'loaded' })
  })
})

describe('failures', () => {
  test('that may pass are met again', async () => {
    let requests = 0
    const url = await serve((_, response) => {
      if (requests++ === 0) response.writeHead(503).end()
      else response.end('picture')
    })
    expect(await loadPicture(url, { retries: 1 })).toMatchObject({ status: 'loaded' })
    expect(requests).toBe(2)
  })

  test.each([
    ['a picture that is not there', (_: unknown, response) => response.writeHead(404).end(), /status 404/],
    [
      'redirects without end',
      (request, response) => response.writeHead(302, { location: request.url ?? '' }).end(),
      /redirects without end/,
    ],
  ] satisfies [string, RequestListener, RegExp][])('%s: no second attempt', async (_, answer, message) => {
    let requests = 0
    const url = await serve((request, response) => {
      requests++
      answer(request, response)
    })
    const failure = await loadPicture(url).catch((error) => error)
    expect(failure).toMatchObject({
      code: 'image-unreachable',
      subject: url,
      message: expect.stringMatching(message),
    })
    expect(mayPass(failure)).toBe(false)
    expect(requests).toBeLessThanOrEqual(21)
  })

  test.each([
    ['a server that never answers', () => undefined, /within 0.2 seconds/],
    [
      'an answer that stops in the middle',
      (_: unknown, response) => response.writeHead(200, { 'content-length': 100 }).write('half'),
      /within 0.2 seconds/,
    ],
    ['a broken connection', (request) => request.socket.destroy(), /cannot be fetched/],
  ] satisfies [string, RequestListener, RegExp][])('%s', async (_, answer, message) => {
    const url = await serve(answer)
    const failure = await loadPicture(url, { timeout: 0.2, retries: 0 }).catch((error) => error)
    expect(failure).toMatchObject({ code: 'image-unreachable', message: expect.stringMatching(message) })
    expect(mayPass(failure)).toBe(true)
  })

  test('an abort rejects with its reason', async () => {
    const url = await serve(() => undefined)
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 50)
    await expect(loadPicture(url, { signal: controller.signal })).rejects.toBe(reason)
  })
})
