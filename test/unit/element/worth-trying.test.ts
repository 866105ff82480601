import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { worthTrying } from '../../../src/element/question/worth-trying.js'

const page = () => Object.assign(new EventTarget(), { hidden: false })
let window = new EventTarget()
let document = page()

beforeEach(() => {
  vi.useFakeTimers()
  window = new EventTarget()
  document = page()
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
})
afterEach(() => {
  // Whatever it waited for, nothing keeps ticking.
  expect(vi.getTimerCount()).toBe(0)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** After how many seconds an attempt is worth it; null where it is not within an hour. */
async function secondsUntil(attempt: number): Promise<number | null> {
  const started = Date.now()
  const life = new AbortController()
  let seconds: number | null = null
  const waiting = worthTrying(attempt, life.signal).then(
    () => {
      seconds = (Date.now() - started) / 1000
    },
    () => undefined,
  )
  await vi.advanceTimersByTimeAsync(3600_000)
  life.abort()
  await waiting
  return seconds
}

test('pauses grow up to half a minute, and end', async () => {
  const pauses = await Promise.all([0, 1, 2, 3, 4, 5, 11, 12].map(secondsUntil))
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, null])
})

test('what does not pass by itself is worth another attempt when the network is back, not when the page is', async () => {
  let isOver = false
  const waiting = worthTrying(Number.POSITIVE_INFINITY, new AbortController().signal).then(() => {
    isOver = true
  })
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(3600_000)
  expect(isOver).toBe(false)
  window.dispatchEvent(new Event('online'))
  await waiting
})

test('somebody who comes back to the page need not wait', async () => {
  const waiting = worthTrying(5, new AbortController().signal)
  document.hidden = true
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(1000)
  document.hidden = false
  document.dispatchEvent(new Event('visibilitychange'))
  await waiting
})
