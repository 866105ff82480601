import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { download } from '../../../src/encoder/download.js'

const url = 'https://shop.example/model/weights'
const never = () => new Promise<never>(() => undefined)
const kept = new Response('kept', { headers: { etag: '"1"' } })

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  // However it ended, nothing of it keeps ticking.
  expect(vi.getTimerCount()).toBe(0)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The bytes as text, and where they came from. */
async function outcome(cache: object, open: () => Promise<object> = async () => cache) {
  vi.stubGlobal('caches', { open })
  const downloading = download(url, {
    errorCode: 'model-unreachable',
    cacheName: 'models',
    fetch: async () => new Response('fetched'),
  })
  await vi.advanceTimersByTimeAsync(60_000)
  const { bytes, fromCache } = await downloading
  return { text: new TextDecoder().decode(bytes), fromCache }
}

test.each([
  ['does not say what it has', { match: never, put: async () => undefined }],
  ['does not give what it has', { match: async () => ({ arrayBuffer: never }), delete: never, put: never }],
  ['does not take what it is given', { match: async () => undefined, put: never }],
])('a cache that %s is not waited for', async (_, cache) => {
  expect(await outcome(cache)).toEqual({ text: 'fetched', fromCache: false })
})

test('nor is one that does not open', async () => {
  expect(await outcome({}, never)).toEqual({ text: 'fetched', fromCache: false })
})

test('what is kept is used where the server does not say whether it has another version', async () => {
  vi.stubGlobal('fetch', never)
  expect(await outcome({ match: async () => kept.clone() })).toEqual({ text: 'kept', fromCache: true })
})
