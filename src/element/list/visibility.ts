/**
 * When to begin, and what the shopper has seen.
 */
import { pageLoaded, settle, threadIdle } from '../../engine/page-moments.js'
import type { LoadingMode } from '../attributes.js'

/** How far from the viewport a lazy element begins its work. */
const nearViewport = '200px'
const impressionRatio = 0.5
const impressionMilliseconds = 1000

/**
 * Resolves when an element with this loading mode should begin: `eager` at once, `lazy` near the viewport,
 * `auto` as `lazy` or, when the element is on the screen from the start, once the page has loaded and is idle.
 * Rejects with the signal's reason.
 */
export async function whenToLoad(element: Element, mode: LoadingMode, signal: AbortSignal): Promise<void> {
  if (mode === 'eager') return
  const onScreenAtOnce = await nextIntersection(element, signal)
  if (mode === 'auto' && onScreenAtOnce) {
    await pageLoaded(signal)
    await threadIdle(signal)
  }
}

/** Resolves when the element is near the viewport: true if it was so at the first look. */
function nextIntersection(element: Element, signal: AbortSignal): Promise<boolean> {
  return settle(signal, (resolve) => {
    let looks = 0
    const observer = new IntersectionObserver(
      (entries) => {
        looks += 1
        if (entries.some((entry) => entry.isIntersecting)) resolve(looks === 1)
      },
      { rootMargin: nearViewport },
    )
    observer.observe(element)
    return () => observer.disconnect()
  })
}

/** Reports each card once after at least half of it has been visible for one second without a break. */
export class ImpressionObserver {
  readonly #report: (card: Element) => void
  readonly #observer: IntersectionObserver
  readonly #watched = new Set<Element>()
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>()

  constructor(report: (card: Element) => void, signal: AbortSignal) {
    this.#report = report
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), {
      threshold: impressionRatio,
    })
    signal.addEventListener('abort', () => this.#close(), { once: true })
  }

  /** Watches these cards and no others. A card that stays keeps the time it has been visible. */
  watch(cards: readonly Element[]): void {
    const wanted = new Set(cards)
    for (const card of this.#watched) if (!wanted.has(card)) this.#unobserve(card)
    for (const card of wanted) {
      this.#watched.add(card)
      this.#observer.observe(card)
    }
  }

  #unobserve(card: Element): void {
    this.#watched.delete(card)
    this.#observer.unobserve(card)
    this.#stopTimer(card)
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, intersectionRatio } of entries) {
      this.#stopTimer(target)
      if (intersectionRatio >= impressionRatio) this.#startTimer(target)
    }
  }

  #startTimer(card: Element): void {
    const timer = setTimeout(() => {
      // Timers go on in a background tab, where nobody sees the card.
      if (document.visibilityState !== 'visible') return this.#startTimer(card)
      this.#unobserve(card)
      this.#report(card)
    }, impressionMilliseconds)
    this.#timers.set(card, timer)
  }

  #stopTimer(card: Element): void {
    clearTimeout(this.#timers.get(card))
    this.#timers.delete(card)
  }

  #close(): void {
    this.#observer.disconnect()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
