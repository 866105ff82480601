import { abortable } from '../abortable.js'

/** Why a worker ended that did nothing wrong: the page left the screen, perhaps into the back/forward cache. */
class PageLeft extends Error {}

/**
 * Lets a page into the browser's back/forward cache, from which it comes back as it was: workers that hold locks and
 * open databases would keep it out, or die in there unnoticed. So they end when the page leaves, and what was under way
 * is done anew when it is back.
 */
export class PageCache {
  readonly #life: AbortSignal
  #leaving = new AbortController()
  #back: Promise<void> = Promise.resolve()

  /** @param onBack the page is shown again, without workers. @param life after it, nobody comes back: waiting ends with its reason. */
  constructor(onBack: () => void, life: AbortSignal) {
    this.#life = life
    let shown: () => void = () => undefined
    const leave = () => {
      this.#back = new Promise((resolve) => {
        shown = resolve
      })
      this.#leaving.abort(new PageLeft('The page was left.'))
    }
    const comeBack = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      this.#leaving = new AbortController()
      shown()
      onBack()
    }
    window.addEventListener('pagehide', leave, { signal: life })
    window.addEventListener('pageshow', comeBack, { signal: life })
  }

  /** Aborted when the page leaves: whatever holds resources then has to end at once. */
  get leaving(): AbortSignal {
    return this.#leaving.signal
  }

  /** Runs a task; should the page leave meanwhile, anew when it is back. Rejects with the signal's reason. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (;;) {
      try {
        return await task()
      } catch (error) {
        if (!(error instanceof PageLeft)) throw error
        await abortable(abortable(this.#back, this.#life), signal)
      }
    }
  }
}
