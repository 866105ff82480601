import { afterEach, expect, test, vi } from 'vitest'
import { ProgressLine } from '../../../../src/node/command/progress-line.js'

afterEach(() => {
  vi.useRealTimers()
})

test('the rate is that of the work, not of what was there or what came before', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text) } as unknown as NodeJS.WritableStream
  const progress = new ProgressLine(stream, 'pictures')
  vi.advanceTimersByTime(600_000) // Another phase.
  progress.update(2000, 10_000, 0)
  vi.advanceTimersByTime(60_000)
  progress.update(2100, 10_000, 100)
  vi.advanceTimersByTime(10_000)
  progress.update(3100, 10_000, 1100, ', 3 failed')
  vi.advanceTimersByTime(1000)
  progress.update(3200, 10_000, 1200)
  vi.advanceTimersByTime(69_000)
  progress.update(10_000, 10_000, 8100)
  expect(lines).toEqual([
    '2000/10000 pictures\n',
    '2100/10000 pictures\n',
    '3100/10000 pictures, 100.0/s, 2 min left, 3 failed\n',
    '10000/10000 pictures, 100.0/s\n',
  ])
})
