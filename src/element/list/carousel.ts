import { focusedIn } from '../focus.js'
import { focusTarget } from './render-list.js'

interface CarouselParts {
  readonly list: HTMLOListElement
  readonly controls: HTMLElement
  readonly previous: HTMLButtonElement
  readonly next: HTMLButtonElement
}

/** Part of the list's width that one press of a button scrolls: the last card seen stays as a landmark. */
const pageRatio = 0.9

/**
 * Turns a scrolling list into a carousel: buttons that scroll by a page, arrow keys that walk the cards.
 * Every card stays in the tab order, as in any list of links.
 */
export class Carousel {
  readonly #parts: CarouselParts
  #frame = 0
  #rewinds = false

  constructor(parts: CarouselParts) {
    this.#parts = parts
  }

  /** Listens until the signal aborts. */
  connect(signal: AbortSignal): void {
    const { list, previous, next } = this.#parts
    const resize = new ResizeObserver(() => this.#measure())
    resize.observe(list)
    signal.addEventListener('abort', () => resize.disconnect(), { once: true })
    list.addEventListener('scroll', () => this.#measure(), { passive: true, signal })
    list.addEventListener('keydown', (event) => this.#walk(event), { signal })
    previous.addEventListener('click', () => this.#page(-1), { signal })
    next.addEventListener('click', () => this.#page(1), { signal })
  }

  /**
   * Brings the buttons in line with the scroll position. Call after the list has changed. The next frame measures:
   * to measure now would lay the whole page out once more.
   */
  refresh(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#measure()
    })
  }

  /** Back to the first card, without animation, with the next `refresh`: or once the list has a box to scroll in. */
  rewind(): void {
    this.#rewinds = true
  }

  /** How many leading cards must not change under the shopper's eyes, pointer or focus: 0 while nobody uses it. */
  get held(): number {
    const { list } = this.#parts
    const inUse =
      list.matches(':hover') || focusedIn(list) !== null || (!this.#rewinds && Math.abs(list.scrollLeft) > 1)
    if (!inUse) return 0
    const box = list.getBoundingClientRect()
    const visible = [...list.children].map((card) => {
      const { left, right } = card.getBoundingClientRect()
      return left < box.right && right > box.left
    })
    const focused = [...list.children].findIndex((card) => focusedIn(card) !== null)
    return Math.max(visible.lastIndexOf(true), focused) + 1
  }

  #measure(): void {
    const { list, controls, previous, next } = this.#parts
    // Without a box there is nothing to scroll, and the browser restores the old place with the box.
    if (this.#rewinds && list.clientWidth > 0) {
      this.#rewinds = false
      list.scrollTo({ left: 0, behavior: 'instant' })
    }
    const scrolled = Math.abs(list.scrollLeft)
    const end = list.scrollWidth - list.clientWidth
    // At the start nothing snaps: browsers follow the card that they snapped to when better ones come before it.
    list.classList.toggle('scrolled', scrolled > 1)
    controls.classList.toggle('needless', end <= 1)
    controls.classList.toggle('rtl', this.#isRightToLeft)
    // aria-disabled, not disabled: the button under the shopper's finger or focus must not lose it at the end.
    previous.setAttribute('aria-disabled', String(scrolled <= 1))
    next.setAttribute('aria-disabled', String(scrolled >= end - 1))
  }

  get #isRightToLeft(): boolean {
    return getComputedStyle(this.#parts.list).direction === 'rtl'
  }

  #page(direction: 1 | -1): void {
    const { list } = this.#parts
    const sign = this.#isRightToLeft ? -direction : direction
    list.scrollBy({ left: sign * list.clientWidth * pageRatio })
  }

  #walk(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTextField(event.target)) return
    const cards = [...this.#parts.list.children]
    const current = cards.findIndex((card) => focusedIn(card) !== null)
    const wanted = this.#destination(event.key, current, cards.length)
    if (current < 0 || wanted === null) return
    event.preventDefault()
    const card = cards[Math.min(Math.max(wanted, 0), cards.length - 1)]
    focusTarget(card)?.focus({ preventScroll: true })
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  #destination(key: string, current: number, count: number): number | null {
    const forward = this.#isRightToLeft ? 'ArrowLeft' : 'ArrowRight'
    const backward = this.#isRightToLeft ? 'ArrowRight' : 'ArrowLeft'
    if (key === forward) return current + 1
    if (key === backward) return current - 1
    if (key === 'Home') return 0
    return key === 'End' ? count - 1 : null
  }
}

/** A custom card may hold a field that needs these keys itself. */
function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]')
}
