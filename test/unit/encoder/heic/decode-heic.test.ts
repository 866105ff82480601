import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeHeic } from '../../../../src/encoder/decode/heic/decode-heic.js'
import type { HeicReply } from '../../../../src/encoder/decode/heic/heic-thread.js'
import type { StartThread } from '../../../../src/encoder/threads/thread-script.js'

/** A thread that says so much, and then nothing more. */
const saying =
  (...replies: readonly HeicReply[]): StartThread =>
  (_script, port) => {
    port.onmessage = () => {
      for (const reply of replies) port.postMessage(reply)
    }
    return () => port.close()
  }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.stubGlobal('location', new URL('https://shop.example/worker.js'))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function decode(startThread: StartThread, signal?: AbortSignal): Promise<unknown> {
  return decodeHeic(
    new Uint8Array(8),
    { format: 'heic', width: 8, height: 8, transparency: false },
    { module: 'https://shop.example/decoder.js', startThread },
    { name: undefined, enoughPixels: 64, signal, patience: 2 },
  ).catch((error: unknown) => error)
}

const loaded: HeicReply = { type: 'loaded' }
const failed = (reason: string): HeicReply => ({ type: 'failed', isModule: true, reason })

test.each([
  ['did not come', [failed('TypeError: Failed to fetch')], true],
  ['exports no decode', [loaded, failed('it has no function named decode')], false],
  ['returns no pixels', [loaded, failed('it has to return four bytes a pixel')], false],
])('a decoder that %s: whether it may pass is said', async (_, replies, mayPass) => {
  expect(await decode(saying(...replies))).toMatchObject({ code: 'decoder-failed', mayPass })
})

test.each([
  ['does not arrive in time', []],
  ['takes too long', [loaded]],
])('a decoder that %s is given up, and may pass', async (_, replies) => {
  const decoding = decode(saying(...replies))
  vi.advanceTimersByTime(2000)
  // That it is there gives it its time anew.
  await new Promise(setImmediate)
  vi.advanceTimersByTime(2000)
  expect(await decoding).toMatchObject({ code: 'decoder-failed', mayPass: true })
})

test('a thread that does not start is told, and one that nobody waits for is ended', async () => {
  const refused: StartThread = (_script, _port, failed) => {
    queueMicrotask(() => failed('its script was refused'))
    return () => undefined
  }
  const failure = { code: 'decoder-failed', mayPass: true, message: expect.stringContaining('refused') }
  expect(await decode(refused)).toMatchObject(failure)

  const ended = vi.fn()
  const aborting = new AbortController()
  const decoding = decode(() => ended, aborting.signal)
  await Promise.resolve()
  aborting.abort()
  expect(await decoding).toMatchObject({ name: 'AbortError' })
  expect(ended).toHaveBeenCalledOnce()
})
