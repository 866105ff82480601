import type { Progress } from '../../types.js'
import { toErrorMessage, type WorkerEvent } from '../protocol.js'
import type { StatusBoard } from './status-board.js'

/** Elements ask again after a change, so changes are told at most this often. */
const changeInterval = 250

/** What a session tells its page without being asked. */
export class SessionReports {
  readonly #notify: (event: WorkerEvent) => void
  readonly #status: StatusBoard
  readonly #revision: () => number
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param revision of the catalogue, which goes with every change. */
  constructor(notify: (event: WorkerEvent) => void, status: StatusBoard, revision: () => number) {
    this.#notify = notify
    this.#status = status
    this.#revision = revision
  }

  progress(progress: Progress): void {
    this.#notify({ type: 'progress', progress })
  }

  /** Other products can be ranked than before. */
  changed(): void {
    this.#status.changed()
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#notify({ type: 'change', revision: this.#revision() })
    }, changeInterval)
  }

  /** Something failed that no call waits for, and that may succeed the next time. */
  failed(error: unknown): void {
    this.#notify({ type: 'warning', error: toErrorMessage(error) })
  }

  /** Something is out of use from now on, which the status goes on to say. */
  gaveUp(error: unknown): void {
    const message = toErrorMessage(error)
    if (this.#status.warnings.includes(message.message)) return
    this.#status.warnings.push(message.message)
    this.#notify({ type: 'warning', error: message })
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
