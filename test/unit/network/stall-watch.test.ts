import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StallWatch } from '../../../src/network/stall-watch.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('what another copy of the code in this thread downloads counts as well', async () => {
  vi.resetModules()
  const { StallWatch: OtherWatch } = await import('../../../src/network/stall-watch.js')
  expect(OtherWatch).not.toBe(StallWatch)
  const onStall = vi.fn()
  const quiet = new StallWatch(10, () => undefined, onStall)
  const busy = new OtherWatch(
    10,
    () => undefined,
    () => undefined,
  )
  for (let second = 0; second < 30; second++) {
    busy.heard()
    vi.advanceTimersByTime(1000)
  }
  expect(onStall).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10_000)
  expect(onStall).toHaveBeenCalled()
  quiet.end()
  busy.end()
})
