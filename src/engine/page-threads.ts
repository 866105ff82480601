import { startScript } from '../start-script.js'
import type { PageApi } from '../worker/protocol.js'

/** Threads of a worker, which the page starts for it; all end with the worker. */
export class PageThreads {
  /** What ends each. */
  readonly #ends = new Map<number, () => void>()
  #isOver = false

  readonly startThread: PageApi['startThread'] = (thread, { url, name, types }, port) =>
    new Promise((resolve) => {
      const fail = (why: string) => {
        this.#ends.delete(thread)
        resolve(why)
      }
      const start = ([type, ...others]: readonly WorkerType[]) => {
        if (this.#isOver) return fail('its worker has ended')
        let worker: Worker
        try {
          worker = startScript(new URL(url), { name, ...(type && { type }) })
        } catch (error) {
          return fail(String(error))
        }
        const end = () => {
          worker.onerror = null
          worker.terminate()
        }
        this.#ends.set(thread, () => {
          end()
          fail('it was ended')
        })
        let isRunning = false
        worker.onmessage = () => {
          isRunning = true
          worker.postMessage(null, [port])
        }
        worker.onerror = (event) => {
          event.preventDefault()
          end()
          if (isRunning || others.length === 0) fail(event.message || 'its script was refused')
          else start(others)
        }
      }
      start(types)
    })

  readonly endThread: PageApi['endThread'] = (thread) => this.#ends.get(thread)?.()

  end(): void {
    this.#isOver = true
    for (const end of [...this.#ends.values()]) end()
  }
}
