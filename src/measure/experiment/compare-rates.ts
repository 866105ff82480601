import { normalQuantile, twoSidedPValue } from '../statistics/distributions.js'

/**
 * A rate measured on visitors: the sum of what they did over the sum of how often they could have, such as clicks over
 * lists shown. Visitors are independent of each other; lists of one visitor are not. Where every visitor counts once
 * below the line it is a plain share of visitors.
 */
export class Rate {
  visitors = 0
  #done = 0
  #possible = 0
  #doneSquares = 0
  #possibleSquares = 0
  #products = 0

  /** Adds one visitor. */
  add(done: number, possible: number): void {
    this.visitors++
    this.#done += done
    this.#possible += possible
    this.#doneSquares += done * done
    this.#possibleSquares += possible * possible
    this.#products += done * possible
  }

  /** What was done over what was possible; NaN without visitors. */
  get value(): number {
    return this.#done / this.#possible
  }

  get done(): number {
    return this.#done
  }

  get possible(): number {
    return this.#possible
  }

  /**
   * The variance of `value` by the delta method (A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric
   * Analytics, KDD 2018). For a share of visitors it is p (1 - p) / (n - 1).
   */
  get variance(): number {
    const ratio = this.value
    const { visitors: n } = this
    // The residuals done - ratio * possible sum to zero.
    const squares = this.#doneSquares - 2 * ratio * this.#products + ratio * ratio * this.#possibleSquares
    const meanPossible = this.#possible / n
    return Math.max(0, squares) / (n - 1) / n / (meanPossible * meanPossible)
  }
}

/** How a rate differs from that of the control. */
export interface Comparison {
  /** Relative difference: 0.14 is 14 % more. */
  readonly lift: number
  /** Confidence interval of the lift. */
  readonly low: number
  readonly high: number
  /** Two-sided, of the z-test of the difference. */
  readonly pValue: number
}

/**
 * Compares two rates. The p-value is that of the difference divided by its standard error; the interval is that of the
 * ratio on the logarithmic scale, so that it never reaches below -100 %. Near the border they may disagree. Where the
 * treatment's rate is 0, the interval ends at the exact limit (Clopper and Pearson 1934) for visitors who do something
 * once or not at all.
 * @returns null where a rate has fewer than two visitors or the control's is not above 0: there is no ratio then.
 */
export function compareRates(treatment: Rate, control: Rate, level: number): Comparison | null {
  if (treatment.visitors < 2 || control.visitors < 2 || !(treatment.value >= 0) || !(control.value > 0))
    return null
  const difference = treatment.value - control.value
  const deviation = Math.sqrt(treatment.variance + control.variance)
  const pValue = difference === 0 ? 1 : twoSidedPValue(difference / deviation)
  if (treatment.value === 0) {
    const mostDone = treatment.visitors * (1 - ((1 - level) / 2) ** (1 / treatment.visitors))
    return { lift: -1, low: -1, high: mostDone / treatment.possible / control.value - 1, pValue }
  }
  const ratio = treatment.value / control.value
  const error = Math.sqrt(treatment.variance / treatment.value ** 2 + control.variance / control.value ** 2)
  const reach = Math.exp(normalQuantile((1 + level) / 2) * error)
  return { lift: ratio - 1, low: ratio / reach - 1, high: ratio * reach - 1, pValue }
}
