import { proxy, type Remote, wrap } from 'comlink'
import { abortable } from '../abortable.js'
import { SimilarItemsError } from '../errors.js'
import {
  type Outcome,
  unwrap,
  type WorkerApi,
  type WorkerConfig,
  type WorkerEvent,
} from '../worker/protocol.js'
import { startWorker } from './start-worker.js'

/** The calls of the worker that are named and can be aborted. */
type NamedCall = Exclude<keyof WorkerApi, 'open' | 'close' | 'abort'>
type Arguments<K extends NamedCall> = Parameters<WorkerApi[K]> extends [number, ...infer Rest] ? Rest : never
type Result<K extends NamedCall> = Awaited<ReturnType<WorkerApi[K]>> extends Outcome<infer T> ? T : never

/** How long a new worker may take until its script runs. */
const startTimeout = 30_000

/**
 * One worker and the calls to it. Every call settles: with its result, with the reason of its signal, or with
 * `worker-died` when the worker is gone.
 */
export class WorkerConnection {
  readonly #worker: Worker
  readonly #api: Remote<WorkerApi>
  readonly #death: Promise<never>
  readonly #die: (error: unknown) => void
  #nextCall = 0
  #isAlive = true

  private constructor(worker: Worker) {
    this.#worker = worker
    this.#api = wrap<WorkerApi>(worker)
    let die: (error: unknown) => void = () => undefined
    this.#death = new Promise<never>((_, reject) => {
      die = reject
    })
    this.#die = (error) => {
      this.#isAlive = false
      die(error)
    }
    // Calls race against it; by itself it is nobody's error.
    this.#death.catch(() => undefined)
  }

  /**
   * Starts a worker and opens the catalogue in it.
   * @throws SimilarItemsError `worker-unavailable`, and what opening the catalogue throws.
   */
  static async open(
    config: WorkerConfig,
    onEvent: (event: WorkerEvent) => void,
    signal?: AbortSignal,
  ): Promise<WorkerConnection> {
    signal?.throwIfAborted()
    const connection = new WorkerConnection(startWorker(config.assets))
    try {
      const listener = proxy(onEvent)
      await Promise.all([
        connection.#watch(signal),
        connection.#named((call) => connection.#api.open(call, config, listener), signal),
      ])
      return connection
    } catch (error) {
      connection.#die(error)
      connection.#terminate()
      throw error
    }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Rejects when the worker dies; never resolves. */
  get death(): Promise<never> {
    return this.#death
  }

  /** Calls the worker. Aborting the signal ends the work there as well. */
  call<K extends NamedCall>(name: K, args: Arguments<K>, signal?: AbortSignal): Promise<Result<K>> {
    const method = this.#api[name] as unknown as (
      call: number,
      ...rest: Arguments<K>
    ) => Promise<Outcome<Result<K>>>
    return this.#named((call) => method(call, ...args), signal)
  }

  /** Lets the worker store what it has, and ends it. Calls under way reject with `engine-closed`. */
  async close(): Promise<void> {
    const closed = new SimilarItemsError('engine-closed', 'The engine was closed.')
    // A worker in the middle of something is given a moment to write its vectors down, not more.
    const moment = new Promise<void>((resolve) => setTimeout(resolve, 1000))
    await Promise.race([this.#api.close().catch(() => undefined), moment, this.#death.catch(() => undefined)])
    this.#die(closed)
    this.#terminate()
  }

  async #named<T>(send: (call: number) => Promise<Outcome<T>>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const call = this.#nextCall++
    const abort = () => void this.#api.abort(call)
    signal?.addEventListener('abort', abort)
    try {
      return unwrap(await abortable(Promise.race([send(call), this.#death]), signal))
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /**
   * Waits until the worker's script runs, then watches over it. The worker holds a Web Lock for as long as it
   * lives, so getting that lock means that it is dead, however it died. Where there are no Web Locks, an error that
   * nobody caught counts as its death.
   */
  async #watch(signal: AbortSignal | undefined): Promise<void> {
    const starting = new AbortController()
    this.#worker.addEventListener('error', (event) => this.#die(failedToStart(event)), {
      signal: starting.signal,
    })
    const timer = setTimeout(() => this.#die(failedToStart()), startTimeout)
    try {
      const lock = await abortable(Promise.race([this.#api.lifeLock(), this.#death]), signal)
      if (lock === null) this.#worker.addEventListener('error', (event) => this.#die(died(event.message)))
      else void navigator.locks.request(lock, () => this.#die(died('perhaps for lack of memory')))
    } finally {
      starting.abort()
      clearTimeout(timer)
    }
  }

  #terminate(): void {
    this.#isAlive = false
    this.#worker.terminate()
  }
}

function failedToStart(event?: ErrorEvent): SimilarItemsError {
  const what = event?.message ? `: ${event.message}` : ''
  return new SimilarItemsError(
    'worker-unavailable',
    `The worker did not start${what}. Check that worker.js is served with the package's other files and, from another ` +
      'origin, with CORS headers.',
  )
}

function died(why: string): SimilarItemsError {
  return new SimilarItemsError('worker-died', `The worker died, ${why}. The next call starts a new one.`)
}
