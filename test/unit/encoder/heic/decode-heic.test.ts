import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeHeic } from '../../../../src/encoder/decode/heic/decode-heic.js'
import type { HeicReply } from '../../../../src/encoder/decode/heic/thread.js'

/** A thread that says so much, and then nothing more. */
function stubThread(...replies: readonly HeicReply[]): void {
  class Thread extends EventTarget {
    postMessage(): void {
      for (const data of replies) this.dispatchEvent(new MessageEvent('message', { data }))
    }
    terminate(): void {}
  }
  vi.stubGlobal('Worker', Thread)
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('location', new URL('https://shop.example/page'))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const loaded: HeicReply = { type: 'loaded' }
const failed = (reason: string): HeicReply => ({ type: 'failed', isModule: true, reason })

test.each([
  ['did not come', [failed('TypeError: Failed to fetch')], true],
  ['does not arrive in time', [], true],
  ['takes too long', [loaded], true],
  ['exports no decode', [loaded, failed('it has no function named decode')], false],
  ['returns no pixels', [loaded, failed('it has to return four bytes a pixel')], false],
])('a decoder that %s: whether it may pass is said', async (_, replies, mayPass) => {
  stubThread(...replies)
  const decoding = decodeHeic(
    new Uint8Array(8),
    { format: 'heic', width: 8, height: 8, transparency: false },
    { module: 'https://shop.example/decoder.js', assets: 'https://shop.example/dist/' },
    { name: undefined, enoughPixels: 64, signal: undefined, patience: 2 },
  ).catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  expect(await decoding).toMatchObject({ code: 'decoder-failed', mayPass })
})
