import { abortable } from '../../abortable.js'

/** Tells when there is time for work that nobody waits for: the page is idle, and nobody waits for the worker. */
export class Leisure {
  readonly #pageIdle: () => Promise<void>
  #waiting = 0
  #nobodyWaits: Promise<void> = Promise.resolve()
  #endWait: () => void = () => undefined

  /** @param pageIdle resolves when the page has time. */
  constructor(pageIdle: () => Promise<void>) {
    this.#pageIdle = pageIdle
  }

  /** Runs a task that somebody waits for; there is no leisure until it ends. */
  async interrupt<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) {
      this.#nobodyWaits = new Promise((resolve) => {
        this.#endWait = resolve
      })
    }
    try {
      return await task()
    } finally {
      if (--this.#waiting === 0) this.#endWait()
    }
  }

  /** Resolves when nobody waits for the worker. */
  unasked(): Promise<void> {
    return this.#nobodyWaits
  }

  /** Resolves when there is leisure. Rejects with the signal's reason, or as `pageIdle` does. */
  async wait(signal: AbortSignal): Promise<void> {
    do {
      await abortable(this.#nobodyWaits, signal)
      await abortable(this.#pageIdle(), signal)
    } while (this.#waiting > 0)
  }
}
