import { OwnThread } from '../threads/own-thread.js'
import { type StartThread, threadNames } from '../threads/thread-script.js'
import type { ThreadTask } from './thread-task.js'

export interface ThreadEvents {
  joined(): void
  /** It does not start, or has failed. */
  failed(why: string): void
}

/** How long a thread may take to start, in milliseconds. Nobody waits for it. */
const startLimit = 15_000

/** Threads that help this one; all end with it. */
export class TowerThreads {
  /** Whether all were ended. */
  areOver = false
  readonly #startThread: StartThread
  readonly #events: ThreadEvents
  readonly #ends: (() => void)[] = []

  constructor(tasks: readonly ThreadTask[], startThread: StartThread, events: ThreadEvents) {
    this.#startThread = startThread
    this.#events = events
    for (const task of tasks) this.#start(task)
  }

  close(): void {
    this.areOver = true
    for (const end of this.#ends.splice(0)) end()
  }

  #start(task: ThreadTask): void {
    const clock = setTimeout(() => this.#fail('it did not start in time'), startLimit)
    const thread = new OwnThread<ThreadTask, 'joined'>(threadNames.kernel, this.#startThread, {
      // It says one thing only: that it is there.
      replied: () => {
        clearTimeout(clock)
        this.#events.joined()
      },
      failed: (why) => this.#fail(why),
    })
    this.#ends.push(() => {
      clearTimeout(clock)
      thread.end()
    })
    thread.send(task)
  }

  #fail(why: string): void {
    if (this.areOver) return
    this.close()
    this.#events.failed(why)
  }
}
