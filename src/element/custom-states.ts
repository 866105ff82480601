/** The custom states of an element, for `:state(ready)` in the page's CSS. Does nothing in browsers without them. */
export class CustomStates {
  readonly #states: Set<string> | undefined

  constructor(internals: ElementInternals) {
    this.#states = internals.states as Set<string> | undefined
  }

  /** Sets this state and clears every other. */
  set(name: string): void {
    this.#states?.clear()
    try {
      this.#states?.add(name)
    } catch (error) {
      // Chromium 90 to 124 has only the older form, `:--ready`.
      if (!(error instanceof DOMException)) throw error
      this.#states?.add(`--${name}`)
    }
  }
}
