/** Between two questions whether the worker lives, in seconds. */
const rhythm = 5
/** So many seconds a worker may compute without answering, since it answers nothing meanwhile. */
const silenceLimit = 120
/** The same where nothing else tells that it is dead. */
const weakSilenceLimit = 60
/** So many seconds a worker that seems dead has to say that it is not. */
const doubtLimit = 2

interface LifeEvents {
  /** Whether somebody waits for the worker. */
  isWaitedFor(): boolean
  died(): void
}

/**
 * Notices that a worker is dead, however it died. It holds a Web Lock, and getting that raises a doubt: any script of the
 * origin may steal a lock. Where there are no locks, and for a worker that hangs, there are questions to answer.
 */
export class WorkerLife {
  /** The worker's end of the channel. */
  readonly sign: MessagePort
  readonly #port: MessagePort
  readonly #events: LifeEvents
  readonly #clock: ReturnType<typeof setInterval>
  readonly #ended = new AbortController()
  /** Whether something else than questions tells of its death. */
  #isSure = false
  #frame: HTMLIFrameElement | undefined
  #isAsked = false
  #quiet = 0

  constructor(events: LifeEvents) {
    const { port1, port2 } = new MessageChannel()
    this.sign = port2
    this.#port = port1
    this.#events = events
    port1.onmessage = () => {
      this.#isAsked = false
    }
    // Ticks are counted, not time: a page that sleeps misses no answer.
    this.#clock = setInterval(() => this.#tick(), rhythm * 1000)
  }

  /** Takes note of the Web Lock that the worker holds; null where it has none. */
  async watch(lock: string | null): Promise<void> {
    const locks = lock && (await this.#locksThatHave(lock))
    const { signal } = this.#ended
    if (!locks || signal.aborted) return
    this.#isSure = true
    locks.request(lock, { signal }, () => this.#doubt()).catch(() => this.#doubt())
  }

  /**
   * The page's locks, if that one is among them. After the site's data were cleared, Chromium gives new workers locks
   * apart from the page's; a frame that is new as well shares them.
   */
  async #locksThatHave(lock: string): Promise<LockManager | null> {
    if (await has(navigator.locks, lock)) return navigator.locks
    if (this.#ended.signal.aborted) return null
    this.#frame = document.createElement('iframe')
    this.#frame.hidden = true
    document.documentElement.append(this.#frame)
    const locks = this.#frame.contentWindow?.navigator.locks
    return locks && (await has(locks, lock)) ? locks : null
  }

  end(): void {
    this.#ended.abort()
    clearInterval(this.#clock)
    this.#port.close()
    this.#frame?.remove()
  }

  #tick(): void {
    const limit = this.#isSure ? silenceLimit : weakSilenceLimit
    this.#quiet += rhythm
    if (!this.#isAsked) {
      if (!this.#isSure || this.#events.isWaitedFor()) this.#ask()
    } else if (this.#quiet >= limit) this.#die()
  }

  #ask(): void {
    this.#isAsked = true
    this.#quiet = 0
    this.#port.postMessage(null)
  }

  #doubt(): void {
    if (this.#ended.signal.aborted) return
    this.#isSure = false
    this.#ask()
    let seconds = 0
    const clock = setInterval(() => {
      seconds++
      if (this.#isAsked && seconds < doubtLimit) return
      clearInterval(clock)
      if (this.#isAsked) this.#die()
    }, 1000)
  }

  #die(): void {
    if (!this.#ended.signal.aborted) this.#events.died()
  }
}

/** False also where the page has none, or they are something else. */
async function has(locks: LockManager | undefined, lock: string): Promise<boolean> {
  const query = async () => locks?.query()
  const { held = [] } = (await query().catch(() => undefined)) ?? {}
  return held.some(({ name }) => name === lock)
}
