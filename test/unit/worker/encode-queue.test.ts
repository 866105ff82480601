import { describe, expect, test } from 'vitest'
import { EncodeQueue, type Priority } from '../../../src/worker/pictures/encode-queue.js'

const never = new AbortController().signal

/** A queue that is busy until `release` is called, and a log of what ran after. */
function busyQueue() {
  const queue = new EncodeQueue()
  const log: string[] = []
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = queue.run('background', never, () => gate)
  const add = (name: string, priority: Priority, signal: AbortSignal = never) =>
    queue.run(priority, signal, async () => {
      log.push(name)
      return name
    })
  return { queue, log, add, release, first }
}

describe('EncodeQueue', () => {
  test('takes the newest of the shopper, then the newest of the page, then the background in order', async () => {
    const { add, log, release } = busyQueue()
    const all = [
      add('background 1', 'background'),
      add('page 1', 'page'),
      add('user 1', 'user'),
      add('background 2', 'background'),
      add('page 2', 'page'),
      add('user 2', 'user'),
    ]
    release()
    await Promise.all(all)
    expect(log).toEqual(['user 2', 'user 1', 'page 2', 'page 1', 'background 1', 'background 2'])
  })

  test('runs one at a time', async () => {
    const queue = new EncodeQueue()
    let running = 0
    let most = 0
    const task = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
    }
    await Promise.all(Array.from({ length: 20 }, () => queue.run('background', never, task)))
    expect(most).toBe(1)
    expect(running).toBe(0)
  })

  test('an aborted task that waits never starts, and rejects at once with the reason', async () => {
    const { add, log, release, first } = busyQueue()
    const controller = new AbortController()
    const superseded = add('superseded', 'user', controller.signal)
    const kept = add('kept', 'user')
    controller.abort(new Error('newer photo'))
    await expect(superseded).rejects.toThrow('newer photo')
    release()
    await first
    await kept
    expect(log).toEqual(['kept'])
  })

  test('a task that fails does not stop the others', async () => {
    const queue = new EncodeQueue()
    const failing = queue.run('background', never, () => Promise.reject(new Error('bad picture')))
    const following = queue.run('background', never, () => Promise.resolve('fine'))
    await expect(failing).rejects.toThrow('bad picture')
    await expect(following).resolves.toBe('fine')
  })

  test('leaves no listener behind on a signal that lives on', async () => {
    const queue = new EncodeQueue()
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    for (let round = 0; round < 5; round++) await queue.run('background', signal, () => Promise.resolve())
    expect(listeners).toBe(0)
  })
})
