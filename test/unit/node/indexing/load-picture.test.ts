import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type LoadPictureOptions,
  mayPass,
  PictureLoader,
  type PictureLoaderOptions,
} from '../../../../src/node/indexing/load-picture.js'
import { scratchFolder } from '../scratch.js'

let close: () => void = () => undefined
afterEach(() => close())

/** Loads with a loader of its own; servers of this machine are allowed. */
async function loadPicture(url: string, options: PictureLoaderOptions & LoadPictureOptions = {}) {
  const loader = new PictureLoader({ privateHosts: ['127.0.0.1'], ...options })
  return loader.load(url, options).finally(() => loader.close())
}

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

describe('servers that have had enough', () => {
  test.each([401, 403])('status %d: no second attempt at once, but perhaps later', async (status) => {
    let requests = 0
    const url = await serve((_, response) => {
      requests++
      response.writeHead(status).end()
    })
    const failure = await loadPicture(url).catch((error) => error)
    expect(failure.message).toContain(`status ${status}`)
    expect(mayPass(failure)).toBe(true)
    expect(requests).toBe(1)
  })

  test.each([408, 425, 429, 500, 503])('status %d: another attempt, and perhaps later', async (status) => {
    let requests = 0
    const url = await serve((_, response) => {
      requests++
      response.writeHead(status).end()
    })
    const failure = await loadPicture(url, { retries: 1 }).catch((error) => error)
    expect(mayPass(failure)).toBe(true)
    expect(requests).toBe(2)
  })

  test('Retry-After is waited for, by all pictures of the host', async () => {
    const times: number[] = []
    const url = await serve((_, response) => {
      times.push(performance.now())
      if (times.length === 1) response.writeHead(429, { 'retry-after': '1' }).end()
      else response.end('picture')
    })
    const loader = new PictureLoader({ privateHosts: ['127.0.0.1'], retries: 1 })
    expect(await loader.load(url)).toMatchObject({ status: 'loaded' })
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(900)
    loader.close()
  })

  test.each([
    ['an hour', '3600', /left alone for 60 minutes/],
    ['a date', new Date(Date.now() + 7200_000).toUTCString(), /left alone for 1(19|20) minutes/],
  ])('who wants %s is not asked again', async (_, retryAfter, message) => {
    let requests = 0
    const url = await serve((_, response) => {
      requests++
      response.writeHead(429, { 'retry-after': retryAfter }).end()
    })
    const loader = new PictureLoader({ privateHosts: ['127.0.0.1'], retries: 3 })
    for (const picture of [url, `${url}?other`]) {
      const failure = await loader.load(picture).catch((error) => error)
      expect(failure.message).toMatch(message)
      expect(mayPass(failure)).toBe(true)
    }
    expect(requests).toBe(1)
    loader.close()
  })

  test('requests say who asks', async () => {
    let agent: string | undefined
    const url = await serve((request, response) => {
      agent = request.headers['user-agent']
      response.end('picture')
    })
    await loadPicture(url)
    expect(agent).toMatch(/^similar-items /)
  })
})

describe('credentials', () => {
  /** Answers those who know the password, else 401; `/away` leads to the same server under another name. */
  const guarded: RequestListener = (request, response) => {
    const { host = '' } = request.headers
    if (request.url === '/away.jpg') {
      return void response.writeHead(302, { location: `http://localhost:${host.split(':')[1]}/1.jpg` }).end()
    }
    const isKnown =
      request.headers.authorization === `Basic ${Buffer.from('ann:p@ss:wörd').toString('base64')}`
    if (isKnown) response.end('picture')
    else response.writeHead(401).end()
  }
  const withCredentials = (url: string) => url.replace('//', '//ann:p%40ss%3Aw%C3%B6rd@')

  test('of a URL are sent as a header', async () => {
    const url = withCredentials(await serve(guarded))
    expect(await loadPicture(url)).toMatchObject({ status: 'loaded' })
  })

  test('are never printed', async () => {
    const url = withCredentials(await serve((_, response) => response.writeHead(404).end()))
    const failure = await loadPicture(url).catch((error) => error)
    expect(`${failure.message} ${failure.subject}`).not.toMatch(/ann|p%40ss|p@ss/)
  })

  test('do not go to another origin', async () => {
    const url = withCredentials((await serve(guarded)).replace('1.jpg', 'away.jpg'))
    const loading = loadPicture(url, { privateHosts: ['127.0.0.1', 'localhost'] })
    await expect(loading).rejects.toMatchObject({ message: expect.stringContaining('status 401') })
  })
})

describe('addresses of this machine and of private networks', () => {
  test.each([
    'http://127.0.0.1:9/1.jpg',
    'http://localhost:9/1.jpg',
    'http://2130706433:9/1.jpg',
    'http://0x7f.1:9/1.jpg',
    'http://[::1]:9/1.jpg',
    'http://[::ffff:127.0.0.1]:9/1.jpg',
    'http://[::ffff:a9fe:a9fe]/latest/meta-data',
    'http://[64:ff9b::a00:1]/1.jpg',
    'http://10.0.0.1/1.jpg',
    'http://172.31.0.1/1.jpg',
    'http://192.168.1.1/1.jpg',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/1.jpg',
    'http://0.0.0.0:9/1.jpg',
    'http://[fe80::1]/1.jpg',
    'http://[fd00::1]/1.jpg',
  ])('%s is refused, with what to do', async (url) => {
    const failure = await loadPicture(url, { privateHosts: [] }).catch((error) => error)
    expect(failure).toMatchObject({
      code: 'image-unreachable',
      message: expect.stringMatching(/private network\. Where that is meant, allow it with --private-hosts /),
    })
    expect(mayPass(failure)).toBe(false)
  })

  test('so are redirects to them', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/2.jpg') return void response.end('secret')
      const port = request.headers.host?.split(':')[1]
      response.writeHead(302, { location: `http://localhost:${port}/2.jpg` }).end()
    })
    await expect(loadPicture(url)).rejects.toMatchObject({
      message: expect.stringContaining('localhost is on this'),
    })
    expect(await loadPicture(url, { privateHosts: ['all'] })).toMatchObject({ status: 'loaded' })
  })

  test('redirects to anything but the web are refused', async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    )
    await expect(loadPicture(url, { retries: 0 })).rejects.toMatchObject({ code: 'image-unreachable' })
  })
})

describe('files', () => {
  const folder = scratchFolder()

  test.skipIf(process.platform === 'win32')('devices, pipes and folders are no pictures', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of ['/dev/zero', '/dev/null', pipe, folder]) {
      await expect(loadPicture(pathToFileURL(path).href)).rejects.toMatchObject({
        code: 'image-unreachable',
        message: expect.stringContaining('is not a regular file'),
      })
    }
  })

  test('a file is read whole, and known the next time', async () => {
    const path = join(folder, 'big')
    writeFileSync(path, Buffer.alloc(3_000_000, 7))
    const url = pathToFileURL(path).href
    const loaded = await loadPicture(url)
    if (loaded.status !== 'loaded') throw new Error('it was not loaded')
    expect(loaded.bytes.length).toBe(3_000_000)
    expect(await loadPicture(url, { known: loaded.version })).toEqual({ status: 'unchanged' })
  })
})
