import { nextPriceChange } from '../../catalog/price.js'
import type { Product } from '../../types.js'

/** Timers cannot be set for longer. */
const longest = 2 ** 31 - 1

/** Tells when one of some prices changes because a sale begins or ends. */
export class PriceClock {
  readonly #onChange: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #next = Number.POSITIVE_INFINITY

  /** @param signal ends it. */
  constructor(onChange: () => void, signal: AbortSignal) {
    this.#onChange = onChange
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
    // The timers of a page that is not looked at, or of a computer that sleeps, are late.
    document.addEventListener('visibilitychange', () => Date.now() >= this.#next && this.#onChange(), {
      signal,
    })
  }

  /** The prices of these products count from now on, as they are now. */
  watch(products: readonly Product[]): void {
    clearTimeout(this.#timer)
    const now = Date.now()
    this.#next = products.reduce(
      (next, product) => Math.min(next, nextPriceChange(product, now)),
      Number.POSITIVE_INFINITY,
    )
    const wait = this.#next - now
    if (wait < Number.POSITIVE_INFINITY) this.#timer = setTimeout(this.#onChange, Math.min(wait, longest))
  }
}
