import { normalQuantile } from './distributions.js'

export interface SampleSizeOptions {
  /** Share of visitors in the control who do it, between 0 and 1. */
  readonly baseRate: number
  /** Relative difference that is to be found: 0.14 is 14 % more. */
  readonly lift: number
  /** Probability of finding it. Default 0.8. */
  readonly power?: number | undefined
  /** Probability of finding something where there is nothing. Default 0.05, two-sided. */
  readonly significance?: number | undefined
}

/**
 * Visitors needed per variant to find a difference of two shares (J. Fleiss, B. Levin, M. Paik: Statistical Methods
 * for Rates and Proportions, 3rd edition, formula 4.14 without the continuity correction).
 * @throws RangeError for rates that are not between 0 and 1, or a lift of 0.
 */
export function sampleSizePerVariant({
  baseRate,
  lift,
  power = 0.8,
  significance = 0.05,
}: SampleSizeOptions): number {
  const treated = baseRate * (1 + lift)
  if (!(baseRate > 0 && baseRate < 1 && treated > 0 && treated < 1) || lift === 0) {
    throw new RangeError(
      `a rate of ${baseRate} with a lift of ${lift} does not compare two rates between 0 and 1`,
    )
  }
  const mean = (baseRate + treated) / 2
  const underNothing = normalQuantile(1 - significance / 2) * Math.sqrt(2 * mean * (1 - mean))
  const underLift = normalQuantile(power) * Math.sqrt(baseRate * (1 - baseRate) + treated * (1 - treated))
  return Math.ceil(((underNothing + underLift) / (treated - baseRate)) ** 2)
}
