import { startScript } from '../../start-script.js'
import { type ThreadTask, threadName } from './thread-task.js'

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
  readonly #events: ThreadEvents
  readonly #ends: (() => void)[] = []

  constructor(tasks: readonly ThreadTask[], events: ThreadEvents) {
    this.#events = events
    for (const task of tasks) if (!this.areOver) this.#start(task)
  }

  close(): void {
    this.areOver = true
    for (const end of this.#ends.splice(0)) end()
  }

  /** As a module, as which the package publishes the script; bundlers may have made a classic script of it. */
  #start(task: ThreadTask, type: WorkerType = 'module'): void {
    let thread: Worker
    try {
      thread = startScript(ownScript(), { name: threadName, type })
    } catch (error) {
      this.#fail(String(error))
      return
    }
    let hasJoined = false
    const clock = setTimeout(() => this.#fail('it did not start in time'), startLimit)
    const end = () => {
      clearTimeout(clock)
      thread.terminate()
    }
    this.#ends.push(end)
    // It says one thing only: that it is there.
    thread.onmessage = () => {
      hasJoined = true
      clearTimeout(clock)
      this.#events.joined()
    }
    thread.onerror = (event) => {
      event.preventDefault()
      if (this.areOver) return
      end()
      if (!hasJoined && type === 'module' && mayBeClassic()) this.#start(task, 'classic')
      else this.#fail(event.message || 'its script was refused')
    }
    thread.postMessage(task)
  }

  #fail(why: string): void {
    if (this.areOver) return
    this.close()
    this.#events.failed(why)
  }
}

/** The address of the worker's script, also where a blob imported it from another origin. */
function ownScript(): URL {
  const own = new URL(location.href)
  return own.protocol.startsWith('http') ? own : new URL(workerFile, scriptUrl)
}

/** Whether this script may be a classic one: in modules `importScripts` fails, though in Firefox not without an address. */
function mayBeClassic(): boolean {
  try {
    ;(globalThis as { importScripts?: () => void }).importScripts?.()
    return true
  } catch {
    return false
  }
}

/** Kept in variables, so that bundlers do not copy the worker a second time, or warn that they cannot. */
const workerFile = './worker.js'
const { url: scriptUrl } = import.meta
