import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FetchFileOptions, fetchFile } from '../../../src/network/fetch-file.js'
import { NetworkFailure } from '../../../src/network/network-failure.js'

const url = 'https://shop.example/file'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  // However a download ended, nothing of it keeps ticking.
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** What a server does with each request, in turn; the last goes on for ever. */
type Answer = (signal: AbortSignal) => Promise<Response>

const status =
  (code: number): Answer =>
  async () =>
    new Response(null, { status: code })
const body =
  (text: string): Answer =>
  async () =>
    new Response(text, { headers: { 'content-length': String(text.length) } })
const unreached: Answer = async () => {
  throw new TypeError('failed to fetch')
}
const silent: Answer = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
/** Sends some bytes at once and then one every so many milliseconds; without, nothing more. */
const slow =
  (bytes: number, every?: number): Answer =>
  async (signal) => {
    let sent = 0
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (sent === bytes && every === undefined) return new Promise(() => undefined)
        if (sent++ >= bytes) return controller.close()
        if (every !== undefined) await new Promise((resolve) => setTimeout(resolve, every))
        if (!signal.aborted) controller.enqueue(new Uint8Array(1))
      },
    })
    return new Response(stream)
  }
/** The headers come, and then the connection breaks. */
const broken: Answer = async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError()) })
  return new Response(stream)
}

/** Fetches from a server with these answers, and says how it ended, when, and what was asked. */
async function outcome(answers: readonly Answer[], options: FetchFileOptions = {}, address = url) {
  const requests: (RequestCache | undefined)[] = []
  const started = Date.now()
  const fake: typeof fetch = (_, init) => {
    requests.push(init?.cache)
    const answer = answers[Math.min(requests.length, answers.length) - 1] as Answer
    return answer(init?.signal as AbortSignal)
  }
  const ended = fetchFile(address, { fetch: fake, ...options }).then(
    ({ bytes }) => ({ text: new TextDecoder().decode(bytes), error: null }),
    (error: unknown) => ({ text: null, error }),
  )
  const finished = ended.then((result) => ({
    ...result,
    requests,
    seconds: (Date.now() - started) / 1000,
  }))
  await vi.runAllTimersAsync()
  return finished
}

describe('what may pass is tried again', () => {
  test.each([
    ['a server in trouble', status(503)],
    ['too many requests', status(429)],
    ['an answer that has no content', status(204)],
    ['a part that nobody asked for', async () => new Response('fi', { status: 206 })],
    ['no connection', unreached],
    ['a connection that breaks', broken],
  ])('%s, twice', async (_, failure) => {
    const { text, requests, seconds } = await outcome([failure, failure, body('file')])
    expect({ text, requests: requests.length, seconds }).toEqual({ text: 'file', requests: 3, seconds: 1.5 })
  })

  test.each([
    ['no connection', unreached, { kind: 'unreached', message: 'cannot be reached' }],
    ['a connection that breaks', broken, { kind: 'broken', message: 'broke off after 0 bytes' }],
  ])('%s is told with its cause', async (_, failure, expected) => {
    const { error } = await outcome([failure])
    expect(error).toMatchObject(expected)
    expect((error as Error).cause).toBeInstanceOf(TypeError)
  })

  test('three times and not more', async () => {
    const { error, requests } = await outcome([status(500)])
    expect(error).toMatchObject({ kind: 'refused', status: 500, mayPass: true })
    expect(requests).toHaveLength(3)
  })

  test('once, where nobody waits', async () => {
    expect((await outcome([status(500)], { attempts: 1 })).requests).toHaveLength(1)
  })

  test.each([404, 403, 410])('but not status %d', async (code) => {
    const { error, requests } = await outcome([status(code)])
    expect(error).toMatchObject({ kind: 'refused', status: code, mayPass: false })
    expect(requests).toHaveLength(1)
  })

  test('nor without a network', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    try {
      expect((await outcome([unreached])).requests).toHaveLength(1)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('a download that gets no byte', () => {
  test('is asked for once more beside it after 5 seconds, past the cache', async () => {
    const { text, seconds, requests } = await outcome([silent, body('file')])
    expect({ text, seconds, requests }).toEqual({ text: 'file', seconds: 5, requests: [undefined, 'reload'] })
  })

  test('and once more after 10', async () => {
    const { text, seconds } = await outcome([silent, silent, body('file')])
    expect({ text, seconds }).toEqual({ text: 'file', seconds: 10 })
  })

  test('also in the middle, and where there is one attempt', async () => {
    const { text, seconds } = await outcome([slow(3), body('file')], { attempts: 1 })
    // The clock's first second is not quiet.
    expect({ text, seconds }).toEqual({ text: 'file', seconds: 6 })
  })

  test('comes after all, though it was asked for twice', async () => {
    const late: Answer = (signal) =>
      new Promise((resolve) => setTimeout(() => resolve(body('late')(signal)), 8000))
    const { text, seconds, requests } = await outcome([late, silent])
    expect({ text, seconds, requests: requests.length }).toEqual({ text: 'late', seconds: 8, requests: 2 })
  })

  test('has stalled when the last of three requests gets none for 15', async () => {
    const { error, requests, seconds } = await outcome([silent])
    expect(error).toBeInstanceOf(NetworkFailure)
    expect(error).toMatchObject({
      kind: 'stalled',
      mayPass: true,
      message: 'sent nothing for 15 seconds after 0 bytes',
    })
    expect({ requests: requests.length, seconds }).toEqual({ requests: 3, seconds: 25 })
  })

  test.each([
    ['a server that has enough', status(429)],
    ['a server in trouble', status(503)],
    ['no other connection', unreached],
    ['a connection that breaks', broken],
  ])('goes on beside %s', async (_, failure) => {
    const late: Answer = (signal) =>
      new Promise((resolve) => setTimeout(() => resolve(body('late')(signal)), 8000))
    const { text, seconds, requests } = await outcome([late, failure])
    expect({ text, seconds, requests: requests.length }).toEqual({ text: 'late', seconds: 8, requests: 2 })
  })

  test('is tried again where the others were refused, and it never came', async () => {
    const { text, requests } = await outcome([silent, status(503), status(503), body('file')])
    expect({ text, requests: requests.length }).toEqual({ text: 'file', requests: 4 })
    const { error } = await outcome([silent, status(503)], { attempts: 1 })
    expect(error).toMatchObject({ kind: 'refused', status: 503 })
  })

  test('is not waited for when the next request is refused', async () => {
    const { error, seconds } = await outcome([silent, status(404)])
    expect(error).toMatchObject({ kind: 'refused', status: 404 })
    expect(seconds).toBe(5)
  })

  test('counts its progress once, also where the second request is behind', async () => {
    const told: number[] = []
    const { text } = await outcome([slow(3), slow(5, 10)], { onProgress: (loaded) => told.push(loaded) })
    expect(text).toHaveLength(5)
    expect(told).toEqual([1, 2, 3, 4, 5])
  })

  test('ends the request that is not needed any more', async () => {
    const signals: AbortSignal[] = []
    const kept: Answer = (signal) => {
      signals.push(signal)
      return silent(signal)
    }
    await outcome([kept, body('file')])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('may be slow', async () => {
    const { error, requests, seconds } = await outcome([slow(10, 4000)])
    expect({ error, requests: requests.length, seconds }).toEqual({ error: null, requests: 1, seconds: 40 })
  })

  test('may wait its turn while others get bytes', async () => {
    const other = outcome([slow(12, 4000)])
    const { text, seconds } = await outcome([silent, body('file')])
    // The other ended after 48 seconds.
    expect({ text, seconds }).toEqual({ text: 'file', seconds: 54 })
    await other
  })

  test('but not longer than a minute', async () => {
    const other = outcome([slow(40, 4000)])
    const { error, seconds } = await outcome([silent, body('file')])
    expect(error).toMatchObject({ kind: 'stalled', message: 'sent nothing for 60 seconds after 0 bytes' })
    expect(seconds).toBe(60)
    await other
  })
})

describe('bytes that are not the file', () => {
  const check = (bytes: Uint8Array) => {
    if (new TextDecoder().decode(bytes) !== 'file') throw new RangeError('not the file')
  }

  test('are asked for once more past the cache', async () => {
    const { text, requests } = await outcome([body('damaged'), body('file')], { check })
    expect({ text, requests }).toEqual({ text: 'file', requests: [undefined, 'reload'] })
  })

  test.each([
    ['http://shop.example/file', 2],
    ['https://shop.example/file', 2],
    ['blob:https://shop.example/7', 1],
  ])('%s is asked for %d times', async (address, times) => {
    const { requests } = await outcome([body('damaged')], { check }, address)
    expect(requests).toHaveLength(times)
  })

  test('are refused when they come again', async () => {
    const { error, requests } = await outcome([body('damaged')], { check })
    expect(error).toBeInstanceOf(RangeError)
    expect(requests).toHaveLength(2)
  })

  test('are not asked for again where the cache was passed', async () => {
    const { error, requests } = await outcome([body('damaged')], { check, cache: 'reload' })
    expect(error).toBeInstanceOf(RangeError)
    expect(requests).toEqual(['reload'])
  })

  test('are not read where nobody needs them', async () => {
    const { text, requests } = await outcome([body('damaged')], { check, isWanted: () => false })
    expect({ text, requests: requests.length }).toEqual({ text: '', requests: 1 })
  })
})

test('progress is told in bytes of the whole', async () => {
  const told: number[][] = []
  await outcome([body('12345')], { onProgress: (...bytes) => told.push(bytes) })
  expect(told).toEqual([[5, 5]])
})

test.each([0, 100, 6000])('an abort after %d ms ends it with its reason', async (milliseconds) => {
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), milliseconds)
  const { error, seconds } = await outcome([silent], { signal: controller.signal })
  expect(error).toBe(reason)
  expect(seconds).toBe(milliseconds / 1000)
})

test('an abort ends the pause before the next attempt', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 100)
  const { seconds, requests } = await outcome([status(500)], { signal: controller.signal })
  expect({ seconds, requests: requests.length }).toEqual({ seconds: 0.1, requests: 1 })
})
