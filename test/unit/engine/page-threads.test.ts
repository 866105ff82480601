import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OwnThread } from '../../../src/encoder/threads/own-thread.js'
import { type ThreadScript, threadNames } from '../../../src/encoder/threads/thread-script.js'
import { PageThreads } from '../../../src/engine/page-threads.js'

/** Workers as a browser starts them: what their script does is up to the test. */
class FakeWorker {
  static started: FakeWorker[] = []
  static refused = false
  onmessage: (() => void) | null = null
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null
  isEnded = false
  port: MessagePort | null = null
  readonly url: string
  readonly options: WorkerOptions

  constructor(url: string, options: WorkerOptions) {
    if (FakeWorker.refused) throw new DOMException('refused by a policy', 'SecurityError')
    this.url = url
    this.options = options
    FakeWorker.started.push(this)
  }

  postMessage(_: null, [port]: MessagePort[]): void {
    this.port = port ?? null
  }

  terminate(): void {
    this.isEnded = true
  }

  fail(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined })
  }
}

beforeEach(() => {
  FakeWorker.started = []
  FakeWorker.refused = false
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('location', new URL('https://shop.example/dist/worker.js'))
})
afterEach(() => vi.unstubAllGlobals())

const script = (...types: WorkerType[]): ThreadScript => {
  return { name: threadNames.kernel, url: 'https://shop.example/dist/worker.js', types }
}
const port = () => new MessageChannel().port1

test('a thread gets its port when its script runs, and what it fails with is told', async () => {
  const threads = new PageThreads()
  const own = port()
  const failed = threads.startThread(0, script('module'), own)
  const [worker] = FakeWorker.started
  expect(worker).toMatchObject({ options: { name: threadNames.kernel, type: 'module' }, port: null })
  worker?.onmessage?.()
  expect(worker?.port).toBe(own)
  worker?.fail('out of memory')
  expect(await failed).toBe('out of memory')
  expect(worker?.isEnded).toBe(true)
})

test('a script that does not run as a module is tried as a classic one, once', async () => {
  const threads = new PageThreads()
  const failed = threads.startThread(0, script('module', 'classic'), port())
  FakeWorker.started[0]?.fail('import.meta is none of it')
  expect(FakeWorker.started.map(({ options }) => options.type)).toEqual(['module', 'classic'])
  FakeWorker.started[1]?.onmessage?.()
  FakeWorker.started[1]?.fail('')
  expect(await failed).toBe('its script was refused')
  expect(FakeWorker.started).toHaveLength(2)
})

test('threads that are ended, refused, or too late settle, and none is left', async () => {
  const threads = new PageThreads()
  const settled = [0, 1, 2].map((thread) => threads.startThread(thread, script('module'), port()))
  threads.endThread(1)
  threads.endThread(7)
  expect(FakeWorker.started.map(({ isEnded }) => isEnded)).toEqual([false, true, false])
  threads.end()
  expect(await Promise.all(settled)).toEqual(Array(3).fill('it was ended'))
  expect(FakeWorker.started.every(({ isEnded }) => isEnded)).toBe(true)
  expect(await threads.startThread(3, script('module'), port())).toBe('its worker has ended')
  FakeWorker.refused = true
  expect(await new PageThreads().startThread(0, script('module'), port())).toContain('refused by a policy')
})

test('a worker hears of its thread once, and not after it has ended it', async () => {
  const ends: string[] = []
  const fails: ((why: string) => void)[] = []
  const heard: string[] = []
  const start = () =>
    new OwnThread<string, string>(
      threadNames.heic,
      ({ name, url, types }, _port, failed) => {
        expect({ name, url, types }).toEqual({
          name: threadNames.heic,
          url: 'https://shop.example/dist/worker.js',
          types: ['module', 'classic'],
        })
        fails.push(failed)
        return () => void ends.push(name)
      },
      { replied: (reply) => heard.push(reply), failed: (why) => heard.push(why) },
    )
  vi.stubGlobal('importScripts', () => undefined)
  const thread = start()
  fails[0]?.('it broke')
  fails[0]?.('it broke again')
  thread.end()
  start().end()
  fails[1]?.('late')
  expect(heard).toEqual(['it broke'])
  expect(ends).toHaveLength(2)
})
