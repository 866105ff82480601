import { abortable } from '../abortable.js'
import { webLocks } from './web-locks.js'

/** What tabs that share vectors tell each other. */
type TabMessage =
  /** There are new vectors in the store. */
  | { readonly type: 'stored' }
  /** Somebody looks at a product with this picture: encode it next. */
  | { readonly type: 'wanted'; readonly contentKey: string }

export interface TabEvents {
  readonly stored: () => void
  readonly wanted: (contentKey: string) => void
  /** This tab leads from now on: its tasks begin when this has ended. */
  readonly elected: () => Promise<void>
  /** The last task of this tab has ended: another may lead when this has. */
  readonly resigning: () => Promise<void>
}

/** A time in which this tab leads, or waits to. */
interface Term {
  readonly begun: Promise<void>
  tasks: number
  readonly end: () => void
}

/**
 * Keeps tabs from doing the same work: one of them leads, found by a Web Lock, and the others hear what it did.
 * Where the browser has no Web Locks or denies them, every tab leads.
 */
export class TabChannel {
  readonly #name: string
  readonly #events: TabEvents
  readonly #channel: BroadcastChannel | null
  #term: Term | null = null
  #isLeading = false

  constructor(name: string, events: TabEvents) {
    this.#name = name
    this.#events = events
    this.#channel = openChannel(name)
    if (!this.#channel) return
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
      if (data.type === 'stored') events.stored()
      else events.wanted(data.contentKey)
    }
  }

  get isLeading(): boolean {
    return this.#isLeading
  }

  /**
   * Runs `task` once no other tab leads; until then it waits. This tab leads until the last of the tasks that overlap
   * has ended; a tab that dies stops leading.
   */
  async lead<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    this.#term ??= this.#standForTerm()
    const term = this.#term
    term.tasks++
    try {
      await abortable(term.begun, signal)
      return await task()
    } finally {
      if (--term.tasks === 0) term.end()
    }
  }

  async isLedElsewhere(): Promise<boolean> {
    const locks = this.#isLeading ? null : await webLocks()
    if (!locks) return false
    const { held = [] } = await locks.query()
    return held.some(({ name }) => name === this.#name)
  }

  announceStored(): void {
    this.#post({ type: 'stored' })
  }

  want(contentKey: string): void {
    this.#post({ type: 'wanted', contentKey })
  }

  close(): void {
    this.#channel?.close()
  }

  #standForTerm(): Term {
    const ending = new AbortController()
    const { signal } = ending
    const begun = new Promise<void>((resolve, reject) => {
      const leading = async () => {
        this.#isLeading = true
        try {
          await this.#events.elected()
          resolve()
          if (!signal.aborted) await new Promise((ended) => signal.addEventListener('abort', ended))
          await this.#events.resigning()
        } finally {
          this.#isLeading = false
        }
      }
      const term = async () => {
        const locks = await webLocks()
        await (locks ? locks.request(this.#name, { signal }, leading) : leading())
      }
      term().catch(reject)
    })
    const end = () => {
      this.#term = null
      ending.abort()
    }
    return { begun, tasks: 0, end }
  }

  #post(message: TabMessage): void {
    this.#channel?.postMessage(message)
  }
}

/** Null where the browser denies it, as it denies storage: then there is nothing that tabs could share. */
function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name)
  } catch {
    return null
  }
}
