import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TabChannel } from '../../../src/worker/collection/tab-channel.js'
import { FakeLocks } from './fake-locks.js'

const never = new AbortController().signal

/** A channel whose messages arrive at once. */
class FakeChannel {
  static open: FakeChannel[] = []
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly name: string

  constructor(name: string) {
    this.name = name
    FakeChannel.open.push(this)
  }

  postMessage(data: unknown): void {
    for (const other of FakeChannel.open) {
      if (other !== this && other.name === this.name) other.onmessage?.({ data })
    }
  }

  close(): void {
    FakeChannel.open = FakeChannel.open.filter((channel) => channel !== this)
  }
}

let locks: FakeLocks
beforeEach(() => {
  vi.useFakeTimers()
  locks = new FakeLocks()
  FakeChannel.open = []
  vi.stubGlobal('BroadcastChannel', FakeChannel)
  vi.stubGlobal('navigator', { locks })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A tab and what happened in it. */
function openTab(log: string[], name: string, isStarting = () => false) {
  let resigningSeconds = 0
  const note = (what: string) => void log.push(`${name} ${what}`)
  const channel = new TabChannel('vectors', {
    stored: () => note('heard of vectors'),
    wanted: (key) => note(`is to encode ${key}`),
    elected: async () => note('leads'),
    resigning: async () => {
      note('resigns')
      if (resigningSeconds > 0) await new Promise((resolve) => setTimeout(resolve, resigningSeconds * 1000))
    },
    isStarting,
  })
  const work = (seconds: number, task: string, signal = never, patience?: number) =>
    channel.lead(
      signal,
      async () => {
        note(`begins ${task}`)
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
        note(`ends ${task}`)
      },
      patience,
    )
  const resigningTakes = (seconds: number) => {
    resigningSeconds = seconds
  }
  return { channel, work, resigningTakes }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

describe('one tab leads at a time', () => {
  test('and the next when it has resigned', async () => {
    const log: string[] = []
    const [a, b] = [openTab(log, 'a'), openTab(log, 'b')]
    void a.work(50, 'one')
    await pass(0)
    void b.work(1, 'two')
    expect(a.channel.isLeading).toBe(true)
    await pass(49)
    expect(b.channel.isLeading).toBe(false)
    await pass(10)
    expect(log).toEqual([
      'a leads',
      'a begins one',
      'a ends one',
      'a resigns',
      'b leads',
      'b begins two',
      'b ends two',
      'b resigns',
    ])
    expect([a, b].map(({ channel }) => channel.isLeading)).toEqual([false, false])
  })

  test('for all its tasks that overlap', async () => {
    const log: string[] = []
    const a = openTab(log, 'a')
    void a.work(3, 'one')
    await pass(2)
    void a.work(3, 'two')
    await pass(10)
    expect(log).toEqual(['a leads', 'a begins one', 'a begins two', 'a ends one', 'a ends two', 'a resigns'])
    void a.work(1, 'three')
    await pass(5)
    expect(log.slice(6)).toEqual(['a leads', 'a begins three', 'a ends three', 'a resigns'])
  })

  test('a task that comes while it resigns waits until it leads again', async () => {
    const log: string[] = []
    const [a, b] = [openTab(log, 'a'), openTab(log, 'b')]
    a.resigningTakes(5)
    void a.work(1, 'one')
    await pass(0)
    void b.work(1, 'two')
    await pass(2)
    void a.work(1, 'three')
    await pass(20)
    expect(log).toEqual([
      'a leads',
      'a begins one',
      'a ends one',
      'a resigns',
      'b leads',
      'b begins two',
      'b ends two',
      'b resigns',
      'a leads',
      'a begins three',
      'a ends three',
      'a resigns',
    ])
    expect([a, b].map(({ channel }) => channel.isLeading)).toEqual([false, false])
  })

  test('a lock that is stolen, or refused, keeps no task from its end', async () => {
    const log: string[] = []
    const tab = openTab(log, 'a')
    const { request } = locks
    locks.request = async (name, ...rest) => {
      void request(name, ...rest)
      throw new DOMException('stolen', 'AbortError')
    }
    await Promise.all([tab.work(1, 'one'), pass(2)])
    locks.request = async () => {
      throw new DOMException('refused', 'InvalidStateError')
    }
    await Promise.all([tab.work(1, 'two'), pass(2)])
    const term = (task: string) => ['a leads', `a begins ${task}`, `a ends ${task}`, 'a resigns']
    expect(log).toEqual([...term('one'), ...term('two')])
  })

  test('also where a task fails', async () => {
    const log: string[] = []
    const [a, b] = [openTab(log, 'a'), openTab(log, 'b')]
    const failing = a.channel.lead(never, () => Promise.reject(new Error('fails')))
    await expect(failing).rejects.toThrow('fails')
    void b.work(1, 'two')
    await pass(1)
    expect(log).toContain('b leads')
  })
})

describe('a tab that leads and is not heard of', () => {
  test('is waited for half a minute', async () => {
    const log: string[] = []
    const b = openTab(log, 'b')
    void locks.request('vectors', () => new Promise(() => undefined))
    void b.work(1, 'two')
    await pass(29)
    expect(log).toEqual([])
    await pass(3)
    expect(log).toEqual(['b leads', 'b begins two', 'b ends two', 'b resigns'])
  })

  test('and five seconds by who looks at the product', async () => {
    const log: string[] = []
    const b = openTab(log, 'b')
    void locks.request('vectors', () => new Promise(() => undefined))
    void b.work(1, 'two', never, 5)
    await pass(6)
    expect(log).toContain('b begins two')
  })

  test('is waited for on while it is heard of every second', async () => {
    const log: string[] = []
    const [a, b] = [openTab(log, 'a'), openTab(log, 'b')]
    void a.work(100, 'one')
    await pass(0)
    void b.work(1, 'two', never, 5)
    await pass(99)
    expect(log).toEqual(['a leads', 'a begins one'])
  })
})

describe('a tab whose thread its encoder keeps busy', () => {
  const silence = (log: string[]) => {
    let isStarting = true
    const a = openTab(log, 'a', () => isStarting)
    void a.work(100, 'one')
    const say = FakeChannel.prototype.postMessage
    return {
      becomesBusy: () => Object.assign(FakeChannel.prototype, { postMessage: () => undefined }),
      isThere: () => {
        isStarting = false
        Object.assign(FakeChannel.prototype, { postMessage: say })
      },
    }
  }

  test('is waited for where it said that it starts', async () => {
    const log: string[] = []
    const b = openTab(log, 'b')
    const a = silence(log)
    await pass(1)
    void b.work(1, 'two', never, 5)
    a.becomesBusy()
    await pass(20)
    expect(b.channel.isLeading).toBe(false)
    a.isThere()
    await pass(2)
    // From now on it is to be heard of again.
    a.becomesBusy()
    await pass(6)
    a.isThere()
    expect(log).toEqual(['a leads', 'a begins one', 'b leads', 'b begins two', 'b ends two', 'b resigns'])
  })

  test('but not for longer than half a minute', async () => {
    const log: string[] = []
    const b = openTab(log, 'b')
    const a = silence(log)
    await pass(1)
    void b.work(1, 'two', never, 5)
    a.becomesBusy()
    await pass(28)
    expect(b.channel.isLeading).toBe(false)
    await pass(4)
    a.isThere()
    expect(log).toContain('b begins two')
  })
})

test('who waits to lead can be told to stop; the next can lead then', async () => {
  const log: string[] = []
  const [a, b, c] = [openTab(log, 'a'), openTab(log, 'b'), openTab(log, 'c')]
  void a.work(10, 'one')
  await pass(0)
  const controller = new AbortController()
  const waiting = b.work(1, 'two', controller.signal)
  await pass(1)
  void c.work(1, 'three')
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await pass(20)
  expect(log.filter((what) => !what.startsWith('a'))).toEqual([
    'c leads',
    'c begins three',
    'c ends three',
    'c resigns',
  ])
})

test('a tab that could not read the store does not begin', async () => {
  const channel = new TabChannel('vectors', {
    stored: () => undefined,
    wanted: () => undefined,
    elected: () => Promise.reject(new Error('no store')),
    resigning: async () => undefined,
    isStarting: () => false,
  })
  await expect(channel.lead(never, async () => 'begun')).rejects.toThrow('no store')
  expect(channel.isLeading).toBe(false)
})

test.each([
  ['there are no locks', () => vi.stubGlobal('navigator', {})],
  ['locks are denied', () => Object.assign(locks, { isDenied: true })],
])('every tab leads where %s', async (_, deny) => {
  deny()
  const log: string[] = []
  const [a, b] = [openTab(log, 'a'), openTab(log, 'b')]
  void a.work(10, 'one')
  void b.work(10, 'two')
  await pass(1)
  expect([a, b].map(({ channel }) => channel.isLeading)).toEqual([true, true])
})

test('without channels a tab works for itself', async () => {
  vi.stubGlobal('BroadcastChannel', () => {
    throw new DOMException('denied', 'SecurityError')
  })
  const log: string[] = []
  const a = openTab(log, 'a')
  a.channel.announceStored()
  a.channel.want('/a.jpg')
  void a.work(1, 'one')
  await pass(5)
  a.channel.close()
  expect(log).toEqual(['a leads', 'a begins one', 'a ends one', 'a resigns'])
})

test('tabs hear of vectors and of wishes, and of nothing else', () => {
  const log: string[] = []
  const [a] = [openTab(log, 'a'), openTab(log, 'b')]
  a.channel.announceStored()
  a.channel.want('/picture.jpg')
  const stranger = new FakeChannel('vectors')
  const others = openTab(log, 'c')
  others.channel.close()
  for (const message of [
    null,
    undefined,
    7,
    'stored',
    [],
    {},
    { type: 'wanted' },
    { type: 'wanted', contentKey: 7 },
  ]) {
    stranger.postMessage(message)
  }
  expect(log).toEqual(['b heard of vectors', 'b is to encode /picture.jpg'])
})
