import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settleWithin } from '../../../src/settle-within.js'

const late = () => new Error('too late')
const never = new Promise<never>(() => {})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  // Whatever happened, nothing keeps ticking.
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

test('settles as the promise does', async () => {
  await expect(settleWithin(Promise.resolve(7), 1, late)).resolves.toBe(7)
  await expect(settleWithin(Promise.reject(late()), 1, late)).rejects.toThrow('too late')
})

test('rejects when the time is over, not before', async () => {
  const settled = vi.fn()
  settleWithin(never, 5, late).catch(settled)
  await vi.advanceTimersByTimeAsync(4999)
  expect(settled).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(settled).toHaveBeenCalledWith(late())
})

test('counts no seconds in which the thread was busy', async () => {
  vi.useRealTimers()
  const result = settleWithin(new Promise((resolve) => setTimeout(resolve, 10, 'in time')), 2, late)
  const start = performance.now()
  while (performance.now() - start < 2100);
  await expect(result).resolves.toBe('in time')
  vi.useFakeTimers()
})

test.each([
  ['before', 0],
  ['while waiting', 1500],
])('rejects with the reason of an abort %s', async (_, after) => {
  const controller = new AbortController()
  const reason = new Error('the page is gone')
  if (after === 0) controller.abort(reason)
  else setTimeout(() => controller.abort(reason), after)
  const settled = vi.fn()
  settleWithin(never, 5, late, controller.signal).catch(settled)
  await vi.advanceTimersByTimeAsync(after)
  expect(settled).toHaveBeenCalledWith(reason)
})
