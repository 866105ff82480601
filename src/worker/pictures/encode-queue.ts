import { abortable } from '../../abortable.js'

/** Who waits for a picture: a shopper, the page being looked at, or nobody yet. */
export type Priority = 'user' | 'page' | 'background'

interface Entry {
  readonly priority: Priority
  readonly start: () => Promise<void>
}

/**
 * Runs one task at a time, since an inference session is not re-entrant. The next one is the newest of the
 * shopper's, else the newest of the page's, else the oldest of the background's. A task whose signal is aborted
 * while it waits never starts.
 */
export class EncodeQueue {
  #waiting: Entry[] = []
  #isRunning = false

  /**
   * The result of `task`, when its turn has come.
   * Rejects with the signal's reason as soon as that is aborted, also while the task runs; the queue itself waits
   * for the task to end before it starts another.
   */
  run<T>(priority: Priority, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    let entry: Entry | undefined
    const result = new Promise<T>((resolve, reject) => {
      if (signal.aborted) return
      entry = { priority, start: () => task().then(resolve, reject) }
      this.#waiting.push(entry)
      void this.#drain()
    })
    return abortable(result, signal).finally(() => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    })
  }

  async #drain(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (let entry = this.#takeNext(); entry; entry = this.#takeNext()) await entry.start()
    this.#isRunning = false
  }

  #takeNext(): Entry | undefined {
    const next =
      this.#waiting.findLast(({ priority }) => priority === 'user') ??
      this.#waiting.findLast(({ priority }) => priority === 'page') ??
      this.#waiting[0]
    this.#waiting = this.#waiting.filter((entry) => entry !== next)
    return next
  }
}
