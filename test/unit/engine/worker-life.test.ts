import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WorkerLife } from '../../../src/engine/worker-life.js'
import { FakeLocks } from '../worker/fake-locks.js'

const name = 'similar-items-worker-1'
let locks: FakeLocks
/** Locks of frames that are made from now on. */
let frameLocks: FakeLocks | null
let frames: number

/** A port that hands messages over at once: fake timers do not move those of Node. */
class FakePort {
  other: FakePort | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  postMessage = (data: unknown) => this.other?.onmessage?.({ data })
  close = () => {
    if (this.other) this.other.other = null
    this.other = null
  }
}

class FakeMessageChannel {
  readonly port1 = new FakePort()
  readonly port2 = new FakePort()
  constructor() {
    this.port1.other = this.port2
    this.port2.other = this.port1
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  locks = new FakeLocks()
  frameLocks = null
  frames = 0
  vi.stubGlobal('MessageChannel', FakeMessageChannel)
  vi.stubGlobal('navigator', { locks })
  vi.stubGlobal('document', {
    createElement: () => ({
      contentWindow: frameLocks && { navigator: { locks: frameLocks } },
      remove: () => frames--,
    }),
    documentElement: { append: () => frames++ },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A worker that lives until it is killed, and the second in which the page noticed. */
function start({ isWaitedFor = false, heldIn = locks as FakeLocks | null } = {}) {
  const started = performance.now()
  const worker = { noticed: null as number | null, questions: 0 }
  const life = new WorkerLife({
    isWaitedFor: () => isWaitedFor,
    died: () => {
      worker.noticed ??= (performance.now() - started) / 1000
    },
  })
  let isAlive = true
  life.sign.onmessage = () => {
    worker.questions++
    if (isAlive) life.sign.postMessage(null)
  }
  void heldIn?.request(name, () => new Promise(() => undefined))
  const hang = () => {
    isAlive = false
  }
  const kill = () => {
    hang()
    heldIn?.release(name)
  }
  return { life, worker, hang, kill }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

describe('with a lock', () => {
  test('a worker that lives is left alone', async () => {
    const { life, worker } = start()
    await life.watch(name)
    await pass(1000)
    expect(worker).toEqual({ noticed: null, questions: 0 })
    life.end()
  })

  test('its death is noticed within 3 seconds', async () => {
    const { life, worker, kill } = start()
    await life.watch(name)
    await pass(100)
    kill()
    await pass(3)
    expect(worker.noticed).toBeGreaterThan(100)
    expect(worker.noticed).toBeLessThanOrEqual(103)
  })

  test('a lock that was stolen is no death', async () => {
    const { life, worker, kill } = start()
    await life.watch(name)
    locks.release(name)
    await pass(50)
    expect(worker.noticed).toBeNull()
    // From then on it is asked, and dies as one without a lock.
    kill()
    await pass(66)
    expect(worker.noticed).not.toBeNull()
    life.end()
  })

  test('a worker that hangs in a call is given two minutes', async () => {
    const { life, worker, hang } = start({ isWaitedFor: true })
    await life.watch(name)
    await pass(20)
    expect(worker.questions).toBeGreaterThan(2)
    hang()
    await pass(118)
    expect(worker.noticed).toBeNull()
    await pass(8)
    expect(worker.noticed).not.toBeNull()
    life.end()
  })

  test('one that hangs while nobody asks is found when somebody does', async () => {
    const { life, worker, hang } = start()
    await life.watch(name)
    hang()
    await pass(600)
    expect(worker.noticed).toBeNull()
    life.end()
  })
})

test('a page without locks asks, and uses those of a frame', async () => {
  vi.stubGlobal('navigator', {})
  frameLocks = locks
  const { life, worker, kill } = start()
  await life.watch(name)
  expect(frames).toBe(1)
  kill()
  await pass(3)
  expect(worker.noticed).not.toBeNull()
  life.end()
})

describe('without a lock', () => {
  test.each([
    ['the worker has none', null],
    ['the page does not see it', name],
  ])('where %s, its death is noticed within 65 seconds', async (_, lock) => {
    const { life, worker, kill } = start({ heldIn: null })
    await life.watch(lock)
    await pass(100)
    expect(worker.questions).toBeGreaterThan(10)
    kill()
    await pass(65)
    expect(worker.noticed).toBeGreaterThan(100)
    life.end()
  })

  test('a worker that answers now and then lives', async () => {
    const { life, worker } = start({ heldIn: null })
    await life.watch(null)
    await pass(1000)
    expect(worker.noticed).toBeNull()
    life.end()
  })
})

test('after the site’s data were cleared, a frame sees the lock that the page does not', async () => {
  frameLocks = new FakeLocks()
  const { life, worker, kill } = start({ heldIn: frameLocks })
  await life.watch(name)
  expect(frames).toBe(1)
  await pass(50)
  expect(worker.questions).toBe(0)
  kill()
  await pass(3)
  expect(worker.noticed).toBeLessThanOrEqual(53)
  life.end()
  expect(frames).toBe(0)
})

test('what ended is not declared dead', async () => {
  const { life, worker, kill } = start()
  await life.watch(name)
  life.end()
  kill()
  await pass(600)
  expect(worker).toEqual({ noticed: null, questions: 0 })
  expect(vi.getTimerCount()).toBe(0)
})
