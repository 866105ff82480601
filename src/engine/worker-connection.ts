import { proxy, type Remote, transfer, wrap } from 'comlink'
import { abortable } from '../abortable.js'
import { SimilarItemsError } from '../errors.js'
import {
  type Outcome,
  unwrap,
  type WorkerApi,
  type WorkerConfig,
  type WorkerEvent,
} from '../worker/protocol.js'
import { pageIdle } from './page-idle.js'
import { PageThreads } from './page-threads.js'
import { pageVisited } from './page-visited.js'
import { explainStart, startWorker, startWorkerAgain } from './start-worker.js'
import { WorkerLife } from './worker-life.js'

/** The calls of the worker that are named and can be aborted. */
export type NamedCall = Exclude<keyof WorkerApi, 'live' | 'open' | 'close' | 'abort'>
export type CallArguments<K extends NamedCall> =
  Parameters<WorkerApi[K]> extends [number, ...infer Rest] ? Rest : never
export type CallResult<K extends NamedCall> =
  Awaited<ReturnType<WorkerApi[K]>> extends Outcome<infer T> ? T : never

/**
 * How many seconds a new worker may take until its script runs: the first, and the one that is started in its place.
 * One that dies before it runs says nothing, and neither does a script that does not come.
 */
const startLimits = [7, 21] as const

/**
 * One worker and the calls to it. Every call settles: with its result, with the reason of its signal, or with
 * `worker-died` when the worker is gone.
 */
export class WorkerConnection {
  readonly #worker: Worker
  readonly #assets: string | null
  readonly #api: Remote<WorkerApi>
  /** Those of `#api` that were called. */
  readonly #methods: Partial<Remote<WorkerApi>> = {}
  readonly #onEvent: (event: WorkerEvent) => void
  /** Aborted when the worker is gone, with the error that says why. */
  readonly #life = new AbortController()
  readonly #threads = new PageThreads()
  readonly #watch = new WorkerLife({
    isWaitedFor: () => this.#waiting > 0,
    died: () => this.#end(died()),
  })
  #nextCall = 0
  /** Calls under way. */
  #waiting = 0
  #isSpent = false
  /** Number of the newest status. */
  #newestStatus = -1

  private constructor(worker: Worker, assets: string | null, onEvent: (event: WorkerEvent) => void) {
    this.#worker = worker
    this.#assets = assets
    this.#onEvent = onEvent
    this.#api = wrap<WorkerApi>(worker)
  }

  /**
   * Starts a worker and opens the catalogue in it.
   * @param end ends the worker at once, also later; calls under way then reject with its reason.
   * @throws SimilarItemsError `worker-unavailable`, and what opening the catalogue throws.
   */
  static async open(
    config: WorkerConfig,
    onEvent: (event: WorkerEvent) => void,
    end: AbortSignal,
    signal?: AbortSignal,
  ): Promise<WorkerConnection> {
    const [limit, lastLimit] = startLimits
    return WorkerConnection.#open(config, onEvent, end, signal, { limit, isLast: false }).catch(
      (error: unknown) => {
        if (error !== noSign) throw error
        return WorkerConnection.#open(config, onEvent, end, signal, { limit: lastLimit, isLast: true })
      },
    )
  }

  static async #open(
    config: WorkerConfig,
    onEvent: (event: WorkerEvent) => void,
    end: AbortSignal,
    signal: AbortSignal | undefined,
    start: StartLimit,
  ): Promise<WorkerConnection> {
    await abortable(pageVisited(end), signal)
    signal?.throwIfAborted()
    end.throwIfAborted()
    const { assets } = config
    const worker = start.isLast ? await startWorkerAgain(assets) : startWorker(assets)
    const connection = new WorkerConnection(worker, assets, onEvent)
    if (end.aborted) connection.#end(end.reason)
    end.addEventListener('abort', () => connection.#end(end.reason), { signal: connection.#life.signal })
    try {
      const page = proxy({
        notify: (event: WorkerEvent) => connection.#tell(event),
        idle: () => pageIdle(connection.#life.signal),
        startThread: connection.#threads.startThread,
        endThread: connection.#threads.endThread,
      })
      await Promise.all([
        connection.#started(signal, start),
        connection.#named((call) => connection.#method('open')(call, config, page), signal),
      ])
      return connection
    } catch (error) {
      connection.#end(error)
      throw error
    }
  }

  /** False where the next call needs another worker: this one is dead, or cannot start what it needs any more. */
  get isUsable(): boolean {
    return !this.#life.signal.aborted && !this.#isSpent
  }

  /** Aborted when the worker is gone, with the error that says why. */
  get life(): AbortSignal {
    return this.#life.signal
  }

  /** Calls the worker. Aborting the signal ends the work there as well. */
  call<K extends NamedCall>(name: K, args: CallArguments<K>, signal?: AbortSignal): Promise<CallResult<K>> {
    const method = this.#method(name) as unknown as (
      call: number,
      ...rest: CallArguments<K>
    ) => Promise<Outcome<CallResult<K>>>
    return this.#named((call) => method(call, ...args), signal)
  }

  /** Lets the worker store what it has, and ends it. Calls under way reject with `engine-closed`. */
  async close(): Promise<void> {
    const closed = new SimilarItemsError('engine-closed', 'The engine was closed.')
    // A worker in the middle of something is given a moment to write its vectors down, not more.
    const moment = new Promise<void>((resolve) => setTimeout(resolve, 1000))
    const closing = abortable(this.#method('close')(), this.#life.signal)
    await Promise.race([closing.catch(() => undefined), moment])
    this.#end(closed)
  }

  async #named<T>(send: (call: number) => Promise<Outcome<T>>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const call = this.#nextCall++
    this.#waiting++
    const abort = () => void this.#method('abort')(call)
    signal?.addEventListener('abort', abort)
    try {
      // The status is told also where nobody waits for the result any more.
      const outcome = send(call).then(({ report, ...settlement }) => {
        if (report) this.#tell({ type: 'status', report })
        return settlement
      })
      return unwrap(await abortable(abortable(outcome, this.#life.signal), signal))
    } catch (error) {
      throw isNotSendable(error) ? notSendable(error) : error
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#waiting--
      this.#retire()
    }
  }

  /** Ends a worker that is of no use any more once nobody waits for it. */
  #retire(): void {
    if (this.#isSpent && this.#waiting === 0) void this.close()
  }

  #tell(event: WorkerEvent): void {
    if (event.type === 'status') {
      if (event.report.number < this.#newestStatus) return
      this.#newestStatus = event.report.number
    }
    if (event.type === 'spent') this.#isSpent = true
    this.#onEvent(event)
    this.#retire()
  }

  /** Waits until the worker's script runs. */
  async #started(signal: AbortSignal | undefined, { limit, isLast }: StartLimit): Promise<void> {
    const starting = new AbortController()
    const fail = async (event?: ErrorEvent) => {
      // One that ran and threw says itself what is wrong.
      const why = event?.message || (await explainStart(this.#assets))
      if (!starting.signal.aborted) this.#end(failedToStart(why))
    }
    this.#worker.addEventListener('error', fail, { signal: starting.signal })
    // Ticks are counted, not time: while the page computes, no answer can arrive.
    let seconds = 0
    const clock = setInterval(() => {
      if (++seconds === limit) void (isLast ? fail() : this.#end(noSign))
    }, 1000)
    try {
      const { sign } = this.#watch
      const lock = await abortable(
        abortable(this.#method('live')(transfer(sign, [sign])), this.#life.signal),
        signal,
      )
      void this.#watch.watch(lock)
    } finally {
      starting.abort()
      clearInterval(clock)
    }
  }

  /**
   * A method of the worker. Comlink makes another proxy at each mention and has the browser call back when that is
   * garbage, which in the back/forward cache would end the page; so each is kept.
   */
  #method<K extends keyof WorkerApi>(name: K): Remote<WorkerApi>[K] {
    this.#methods[name] ??= this.#api[name]
    return this.#methods[name] as Remote<WorkerApi>[K]
  }

  #end(reason: unknown): void {
    this.#watch.end()
    this.#life.abort(reason)
    this.#worker.terminate()
    this.#threads.end()
  }
}

interface StartLimit {
  /** In seconds. */
  readonly limit: number
  readonly isLast: boolean
}

/** A worker gave no sign of life in time; another one is started. */
const noSign = new Error('The worker gave no sign of life.')

function isNotSendable(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError'
}

function notSendable(cause: unknown): SimilarItemsError {
  const message =
    'The worker cannot be sent what was passed. Pass text, numbers and pictures themselves, no proxies of them.'
  return new SimilarItemsError('invalid-argument', message, { cause })
}

function failedToStart(why: string): SimilarItemsError {
  return new SimilarItemsError('worker-unavailable', `The worker did not start. ${why}`, {
    mayPass: true,
  })
}

function died(): SimilarItemsError {
  const message = 'The worker died, perhaps for lack of memory. The next call starts a new one.'
  return new SimilarItemsError('worker-died', message, { mayPass: true })
}
