/**
 * Where a page was scrolled to, per entry of the session history: the way back finds the same place, a new page
 * starts at its top. The browser's own memory restores before this shop has drawn the page.
 */
export class ScrollMemory {
  readonly #positions = new Map<string, number>()
  #key = entryKey()

  constructor() {
    history.scrollRestoration = 'manual'
    addEventListener('scroll', () => this.#positions.set(this.#key, scrollY), { passive: true })
  }

  /** To be called when the page of the current history entry has been drawn. */
  restore(): void {
    this.#key = entryKey()
    scrollTo({ top: this.#positions.get(this.#key) ?? 0, behavior: 'instant' })
  }
}

/** The history entry's own name, given to it here on the first visit. */
function entryKey(): string {
  const state: unknown = history.state
  if (typeof state === 'string') return state
  const key = String(performance.now())
  history.replaceState(key, '')
  return key
}
