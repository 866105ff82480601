import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PageCache } from '../../../src/engine/page-cache.js'

let window: EventTarget
beforeEach(() => {
  window = new EventTarget()
  vi.stubGlobal('window', window)
})
afterEach(() => vi.unstubAllGlobals())

const leave = () => window.dispatchEvent(new Event('pagehide'))
const comeBack = (persisted: boolean) =>
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))

/** A page cache, and how often its page has come back; its tasks end with the page, or are told to. */
function open() {
  const life = new AbortController()
  const seen = { back: 0, begun: 0 }
  const cache = new PageCache(() => seen.back++, life.signal)
  let finish: (answer: string) => void = () => undefined
  const task = () =>
    new Promise<string>((resolve, reject) => {
      seen.begun++
      const { leaving } = cache
      if (leaving.aborted) reject(leaving.reason)
      leaving.addEventListener('abort', () => reject(leaving.reason))
      finish = resolve
    })
  return { cache, life, seen, task, finish: (answer: string) => finish(answer) }
}

test('what was under way when the page left is done anew when it is back', async () => {
  const { cache, seen, task, finish } = open()
  const answer = cache.run(task, undefined)
  leave()
  await new Promise(setImmediate)
  comeBack(false)
  expect(seen).toEqual({ back: 0, begun: 1 })
  comeBack(true)
  await vi.waitFor(() => expect(seen).toEqual({ back: 1, begun: 2 }))
  finish('answer')
  expect(await answer).toBe('answer')
})

test('who waits for a page to come back hears that the engine was closed meanwhile', async () => {
  const { cache, life, task } = open()
  const answer = cache.run(task, undefined)
  leave()
  life.abort(new Error('closed'))
  await expect(answer).rejects.toThrow('closed')
  comeBack(true)
  await expect(cache.run(task, undefined).catch(String)).resolves.toBe('Error: closed')
})

test('and its own signal ends its waiting', async () => {
  const { cache, task } = open()
  const aborting = new AbortController()
  const answer = cache.run(task, aborting.signal)
  leave()
  aborting.abort(new Error('enough'))
  await expect(answer).rejects.toThrow('enough')
})
