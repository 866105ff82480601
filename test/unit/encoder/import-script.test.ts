import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { importScript } from '../../../src/encoder/runtime/import-script.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function importing(script: Promise<unknown>, signal?: AbortSignal) {
  const onLost = vi.fn()
  const ended = importScript(script, { what: 'The script', hint: 'Copy it.', onLost, signal }).catch(
    (error: unknown) => error,
  )
  return { onLost, ended }
}

test('a script that fails long after it was given up is lost once', async () => {
  let fail = (_: Error) => {}
  const script = new Promise((_, reject) => {
    fail = reject
  })
  const { onLost, ended } = importing(script)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await ended).toMatchObject({ code: 'runtime-unreachable', mayPass: true })
  expect(onLost).toHaveBeenCalledTimes(1)
  fail(new Error('404'))
  await vi.runAllTimersAsync()
  expect(onLost).toHaveBeenCalledTimes(1)
})

test('one that does not come is not waited for after an abort, and lost a little later', async () => {
  const controller = new AbortController()
  const { onLost, ended } = importing(new Promise(() => undefined), controller.signal)
  controller.abort(new Error('left'))
  expect(await ended).toMatchObject({ message: 'left' })
  await vi.runAllTimersAsync()
  expect(onLost).toHaveBeenCalledTimes(1)
})

test('one of which nothing comes is given up as soon as a download is', async () => {
  const { onLost, ended } = importing(new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(9000)
  expect(onLost).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  expect(await ended).toMatchObject({ message: expect.stringContaining('within 10 seconds') })
  expect(onLost).toHaveBeenCalledOnce()
})
