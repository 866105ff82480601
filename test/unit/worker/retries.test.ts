import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Retries } from '../../../src/worker/session/retries.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Retries of something that fails until it is mended, and when they were made, in seconds. */
function failing({ byThrowing = false, takes = 0 } = {}) {
  const started = performance.now()
  const tries: number[] = []
  let isWell = false
  let givenUp = 0
  const retries: Retries = new Retries(
    async () => {
      tries.push(Math.round((performance.now() - started) / 1000))
      if (takes) await new Promise((resolve) => setTimeout(resolve, takes))
      if (isWell) return
      if (byThrowing) throw new Error('fails')
      retries.failed()
    },
    () => givenUp++,
  )
  const mend = () => {
    isWell = true
  }
  return { retries, tries, mend, givenUp: () => givenUp }
}

test.each([true, false])('after growing pauses, and not for ever (by throwing: %s)', async (byThrowing) => {
  const { retries, tries, givenUp } = failing({ byThrowing })
  retries.failed()
  expect(retries.isPending).toBe(true)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(tries).toEqual([1, 3, 7, 15, 31, 63])
  expect(retries.isPending).toBe(false)
  expect(givenUp()).toBe(1)
})

test('until it is well; then the pauses begin anew', async () => {
  const { retries, tries, mend, givenUp } = failing()
  retries.failed()
  await vi.advanceTimersByTimeAsync(8000)
  mend()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(tries).toEqual([1, 3, 7, 15])
  expect(retries.isPending).toBe(false)
  expect(givenUp()).toBe(0)
  retries.failed()
  await vi.advanceTimersByTimeAsync(1000)
  expect(tries).toHaveLength(5)
})

test('who asks shortens a pause, but not to nothing', async () => {
  const { retries, tries } = failing()
  retries.failed()
  await vi.advanceTimersByTimeAsync(7000)
  expect(tries).toEqual([1, 3, 7])
  retries.hurry()
  await vi.advanceTimersByTimeAsync(1000)
  retries.hurry()
  expect(tries).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(1000)
  retries.hurry()
  expect(tries).toEqual([1, 3, 7, 9])
})

test('who asks after the last pause has it tried again, now and then', async () => {
  const { retries, tries, mend, givenUp } = failing()
  retries.failed()
  await vi.advanceTimersByTimeAsync(63_000)
  retries.hurry()
  await vi.advanceTimersByTimeAsync(31_000)
  retries.hurry()
  expect(tries).toHaveLength(6)
  await vi.advanceTimersByTimeAsync(1000)
  retries.hurry()
  expect(retries.isPending).toBe(true)
  await vi.advanceTimersByTimeAsync(100_000)
  expect(tries).toEqual([1, 3, 7, 15, 31, 63, 95])
  // Each time, lists are as complete as they get.
  expect(givenUp()).toBe(2)
  mend()
  retries.hurry()
  await vi.advanceTimersByTimeAsync(0)
  retries.failed()
  await vi.advanceTimersByTimeAsync(1000)
  expect(tries).toHaveLength(9)
})

test('what fails after the last pause is told to nobody again', async () => {
  const { retries, givenUp } = failing()
  retries.failed()
  await vi.advanceTimersByTimeAsync(100_000)
  retries.failed()
  retries.failed()
  expect(givenUp()).toBe(1)
  expect(retries.isPending).toBe(false)
})

test('when the network is back, at once and with short pauses', async () => {
  const { retries, tries } = failing()
  retries.failed()
  await vi.advanceTimersByTimeAsync(100_000)
  retries.now()
  await vi.advanceTimersByTimeAsync(3000)
  expect(tries).toEqual([1, 3, 7, 15, 31, 63, 100, 101, 103])
})

test('nothing where nothing failed', async () => {
  const { retries, tries } = failing()
  retries.now()
  retries.hurry()
  await vi.advanceTimersByTimeAsync(100_000)
  expect(tries).toEqual([])
})

test('one attempt at a time', async () => {
  const { retries, tries } = failing({ takes: 5000 })
  retries.failed()
  await vi.advanceTimersByTimeAsync(2000)
  retries.now()
  retries.hurry()
  retries.failed()
  expect(retries.isPending).toBe(true)
  expect(tries).toEqual([1])
})

test('none after it was closed, also when that happens in an attempt', async () => {
  for (const seconds of [0, 2]) {
    const { retries, tries, givenUp } = failing({ takes: 5000 })
    retries.failed()
    await vi.advanceTimersByTimeAsync(seconds * 1000)
    const before = tries.length
    retries.close()
    retries.now()
    retries.failed()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(tries).toHaveLength(before)
    expect(givenUp()).toBe(0)
  }
})

test('nobody is told that it was given up after it was closed', async () => {
  const { retries, tries, givenUp } = failing({ takes: 5000 })
  retries.failed()
  while (tries.length < 6) await vi.advanceTimersByTimeAsync(1000)
  retries.close()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(tries).toHaveLength(6)
  expect(givenUp()).toBe(0)
})
