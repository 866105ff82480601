import { resolveObjectURL } from 'node:buffer'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startScript } from '../../../src/start-script.js'

class FakeWorker extends EventTarget {
  static started: FakeWorker[] = []
  isEnded = false
  constructor(readonly url: string) {
    super()
    FakeWorker.started.push(this)
  }
  terminate(): void {
    this.isEnded = true
  }
}

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('location', new URL('https://shop.example/page'))
})
afterEach(() => vi.unstubAllGlobals())

test.each([
  ['has answered', (worker: Worker) => worker.dispatchEvent(new Event('message'))],
  ['has failed', (worker: Worker) => worker.dispatchEvent(new Event('error'))],
  ['was ended before it said anything', (worker: Worker) => worker.terminate()],
])('a worker of another origin leaves no blob behind once it %s', (_, end) => {
  const worker = startScript(new URL('https://cdn.example/worker.js'))
  const { url } = FakeWorker.started.at(-1) as FakeWorker
  expect(url).toMatch(/^blob:/)
  expect(resolveObjectURL(url)).toBeDefined()
  end(worker)
  expect(resolveObjectURL(url)).toBeUndefined()
})

test.each([
  ['Chromium, which starts no module from a blob there', 'Chrome/156.0 Safari/537.36', /^data:/],
  ['WebKit, whose workers from data read no blobs', 'Version/26.0 Safari/605.1.15', /^blob:/],
  ['Firefox', 'Gecko/20100101 Firefox/153.0', /^blob:/],
])('in a sandboxed frame of %s', (_, userAgent, expected) => {
  vi.stubGlobal('origin', 'null')
  vi.stubGlobal('navigator', { userAgent })
  startScript(new URL('https://cdn.example/worker.js'))
  expect(FakeWorker.started.at(-1)?.url).toMatch(expected)
})

test('ending it ends it', () => {
  startScript(new URL('https://cdn.example/worker.js')).terminate()
  expect(FakeWorker.started.at(-1)?.isEnded).toBe(true)
})
