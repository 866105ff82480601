/**
 * A signal that is aborted with another one, where there is one, or when its time is over. `clear` has to be called at
 * the end: of a thousand requests a second, none leaves a timer.
 */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #parent: AbortSignal | undefined
  readonly #timer: ReturnType<typeof setTimeout>
  readonly #abort = () => this.#controller.abort(this.#parent?.reason)
  #isOver = false

  constructor(parent: AbortSignal | undefined, milliseconds: number) {
    this.#parent = parent
    this.#timer = setTimeout(() => {
      this.#isOver = true
      this.#controller.abort(new DOMException('The time is over.', 'TimeoutError'))
    }, milliseconds)
    if (parent?.aborted) this.#abort()
    else parent?.addEventListener('abort', this.#abort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether the time was over before anything else ended it. */
  get isOver(): boolean {
    return this.#isOver
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#parent?.removeEventListener('abort', this.#abort)
  }
}
