import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lifeLock, webLocks } from '../../../src/worker/web-locks.js'
import { FakeLocks } from './fake-locks.js'

const never = () => new Promise<never>(() => undefined)

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The lock that a worker of a browser with these locks holds. */
async function heldWith(locks: object | undefined): Promise<string | null> {
  vi.stubGlobal('navigator', { locks })
  const held = lifeLock()
  await vi.advanceTimersByTimeAsync(5000)
  return held
}

test('a worker holds a lock of its own', async () => {
  const locks = new FakeLocks()
  const name = await heldWith(locks)
  expect((await locks.query()).held).toEqual([{ name }])
  expect(await webLocks()).toBe(locks)
})

test.each([
  ['are none', undefined],
  ['are denied', Object.assign(new FakeLocks(), { isDenied: true })],
  ['say nothing', { query: never, request: never }],
  ['are not granted', { query: async () => ({}), request: never }],
  [
    'are refused',
    { query: async () => ({}), request: () => Promise.reject(new DOMException('', 'SecurityError')) },
  ],
])('and none where there %s', async (_, locks) => {
  expect(await heldWith(locks)).toBeNull()
})
