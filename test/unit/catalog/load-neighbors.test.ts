import { describe, expect, test } from 'vitest'
import { loadNeighbors } from '../../../src/catalog/load-neighbors.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'

const template = 'https://shop.test/n/{hash:2}.json'

/** `fetch` that answers one text, and the URLs it was asked for. */
function answering(text: string, init?: ResponseInit) {
  const urls: string[] = []
  const fetch = (async (url: string) => {
    urls.push(url)
    return new Response(text, init)
  }) as typeof globalThis.fetch
  return { fetch, urls }
}

test('one request, for the file that has the product', async () => {
  const { fetch, urls } = answering('{"sku":[["a",0.9],["b",0.8]],"other":[]}')
  expect(await loadNeighbors(template, 'sku', { fetch })).toEqual([
    ['a', 0.9],
    ['b', 0.8],
  ])
  expect(urls).toEqual([`https://shop.test/n/${hashOfId('sku').slice(0, 2)}.json`])
})

test.each(['new', '__proto__', 'toString'])('a product that no file knows: %s', async (id) => {
  expect(await loadNeighbors(template, id, answering('{"sku":[]}'))).toBeNull()
})

describe('what is no neighbour file is refused', () => {
  test.each([
    ['a missing file', '', { status: 404 }, 'neighbors-unreachable', /status 404/],
    ['a web page', '<!doctype html>', {}, 'neighbors-invalid', /is not JSON/],
    ['an array', '[]', {}, 'neighbors-invalid', /not a JSON object/],
    ['a list of something else', '{"sku":[{"id":"a"}]}', {}, 'neighbors-invalid', /no list of ids/],
    ['scores that are text', '{"sku":[["a","0.9"]]}', {}, 'neighbors-invalid', /no list of ids/],
  ])('%s', async (_, text, init, code, message) => {
    await expect(loadNeighbors(template, 'sku', answering(text, init))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('an address without a place for the hash', async () => {
    await expect(loadNeighbors('https://shop.test/n.json', 'sku')).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })

  test('an abort rejects with its reason', async () => {
    const reason = new Error('enough')
    const fetch = (async (_: string, init: RequestInit) => {
      init.signal?.throwIfAborted()
    }) as unknown as typeof globalThis.fetch
    await expect(loadNeighbors(template, 'sku', { fetch, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
  })
})
