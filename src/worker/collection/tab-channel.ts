import { abortable } from '../../abortable.js'
import { webLocks } from '../web-locks.js'

/** What tabs that share vectors tell each other. */
type TabMessage =
  /** The sender leads, and is at it; while its encoder starts it may not be heard of for a while. */
  | { readonly type: 'leading'; readonly isStarting: boolean }
  /** There are new vectors in the store. */
  | { readonly type: 'stored' }
  /** Somebody looks at a product with this picture: encode it next. */
  | { readonly type: 'wanted'; readonly contentKey: string }

/** Seconds of silence after which a tab is not waited for, also one that said that it starts its encoder. */
const longestSilence = 30

export interface TabEvents {
  readonly stored: () => void
  readonly wanted: (contentKey: string) => void
  /** This tab leads from now on: its tasks begin when this has ended. */
  readonly elected: () => Promise<void>
  /** The last task of this tab has ended: another may lead when this has. */
  readonly resigning: () => Promise<void>
  /** Whether this tab's encoder has yet to start, which may keep its thread busy for seconds. */
  readonly isStarting: () => boolean
}

/** A time in which this tab leads, or waits to. */
interface Term {
  readonly begun: Promise<void>
  /** Begins without being elected. */
  readonly usurp: () => void
  tasks: number
  readonly end: () => void
}

/**
 * Keeps tabs from doing the same work: one of them leads, found by a Web Lock, and the others hear what it did.
 * Where the browser has no Web Locks or denies them, every tab leads. Any script of the origin can hold a lock, and a tab
 * that sleeps keeps its own: one that leads is heard of every second, and is not waited for when it falls silent.
 */
export class TabChannel {
  readonly #name: string
  readonly #events: TabEvents
  /** Null where there is none, and once it is closed. */
  #channel: BroadcastChannel | null
  #term: Term | null = null
  /** Terms in which this tab leads: one may begin while another resigns. */
  #leading = 0
  /** How often a tab that leads was heard of. */
  #heard = 0
  /** Whether the one that leads said so when it was last heard of. */
  #isStarting = false

  constructor(name: string, events: TabEvents) {
    this.#name = name
    this.#events = events
    this.#channel = openChannel(name)
    if (!this.#channel) return
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      // Any script of the origin may say anything here.
      const { type, contentKey, isStarting } = (data ?? {}) as Partial<
        Record<'type' | 'contentKey' | 'isStarting', unknown>
      >
      if (type === 'leading') {
        this.#heard++
        this.#isStarting = isStarting === true
      } else if (type === 'stored') events.stored()
      else if (type === 'wanted' && typeof contentKey === 'string') events.wanted(contentKey)
    }
  }

  get isLeading(): boolean {
    return this.#leading > 0
  }

  /**
   * Runs `task` once no other tab leads; until then it waits. This tab leads until the last of the tasks that overlap
   * has ended; a tab that dies stops leading.
   * @param patience seconds of silence after which another tab is not waited for, where its encoder is not just starting.
   */
  async lead<T>(signal: AbortSignal, task: () => Promise<T>, patience = longestSilence): Promise<T> {
    this.#term ??= this.#standForTerm()
    const term = this.#term
    term.tasks++
    try {
      await this.#untilBegun(term, signal, patience)
      return await task()
    } finally {
      if (--term.tasks === 0) term.end()
    }
  }

  announceStored(): void {
    this.#post({ type: 'stored' })
  }

  want(contentKey: string): void {
    this.#post({ type: 'wanted', contentKey })
  }

  close(): void {
    this.#channel?.close()
    this.#channel = null
  }

  async #untilBegun(term: Term, signal: AbortSignal, patience: number): Promise<void> {
    let heard = this.#heard
    let silence = 0
    const clock = setInterval(() => {
      silence = heard === this.#heard ? silence + 1 : 0
      heard = this.#heard
      if (silence >= (this.#isStarting ? longestSilence : patience)) term.usurp()
    }, 1000)
    try {
      await abortable(term.begun, signal)
    } finally {
      clearInterval(clock)
    }
  }

  #standForTerm(): Term {
    const standing = new AbortController()
    const ending = new AbortController()
    const { signal } = ending
    const begun = new Promise<void>((resolve, reject) => {
      const leading = async () => {
        this.#leading++
        const saying = () => this.#post({ type: 'leading', isStarting: this.#events.isStarting() })
        const clock = setInterval(saying, 1000)
        saying()
        try {
          await this.#events.elected()
          resolve()
          if (!signal.aborted) await new Promise((ended) => signal.addEventListener('abort', ended))
          await this.#events.resigning()
        } finally {
          clearInterval(clock)
          this.#leading--
        }
      }
      const term = async () => {
        const locks = await webLocks()
        if (!locks) return leading()
        let led: Promise<void> | undefined
        const granted = () => {
          led = leading()
          return led
        }
        // Once it is granted, the signal has no effect any more.
        await locks.request(this.#name, { signal: standing.signal }, granted).catch((error: unknown) => {
          // A lock that is stolen ends no term, and one that is refused keeps nobody from working.
          if (led) return led
          if (signal.aborted) throw error
          return leading()
        })
      }
      term().catch(reject)
    })
    // Whoever still waits for it hears of it.
    begun.catch(() => undefined)
    const end = () => {
      this.#term = null
      ending.abort()
      standing.abort()
    }
    return { begun, tasks: 0, usurp: () => standing.abort(), end }
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
