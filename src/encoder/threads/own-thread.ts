import type { StartThread, ThreadName } from './thread-script.js'

interface ThreadEvents<Reply> {
  replied(reply: Reply): void
  /** It does not start, or has failed; told once, and not after `end`. */
  failed(why: string): void
}

/** A thread of the worker: it is sent one task, answers, and ends with this worker at the latest. */
export class OwnThread<Task, Reply> {
  readonly #port: MessagePort
  readonly #endThread: () => void
  #isOver = false

  constructor(name: ThreadName, startThread: StartThread, { replied, failed }: ThreadEvents<Reply>) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (!this.#isOver) replied(data)
    }
    const script = { name, url: ownScript().href, types: scriptTypes() }
    this.#endThread = startThread(script, port2, (why) => {
      if (this.#isOver) return
      this.end()
      failed(why)
    })
  }

  send(task: Task, transfer: Transferable[] = []): void {
    this.#port.postMessage(task, transfer)
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#port.close()
    this.#endThread()
  }
}

/** The address of the worker's script, also where a blob imported it from another origin. */
function ownScript(): URL {
  const own = new URL(location.href)
  return own.protocol.startsWith('http') ? own : new URL(workerFile, scriptUrl)
}

/** A module, as which the package publishes the script, unless this runs as a classic one. */
function scriptTypes(): WorkerType[] {
  return mayBeClassic() ? ['module', 'classic'] : ['module']
}

/** In modules `importScripts` fails, though in Firefox not without an address. */
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
