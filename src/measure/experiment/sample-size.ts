import { normalQuantile } from '../statistics/distributions.js'
import type { Rate } from './compare-rates.js'

/** What an experiment is to find. */
export interface Sought {
  /** Relative difference that is to be found: 0.14 is 14 % more. */
  readonly lift: number
  /** Probability of finding it. Default 0.8. */
  readonly power?: number | undefined
  /** Probability of finding something where there is nothing. Default 0.05, two-sided. */
  readonly significance?: number | undefined
}

export interface SampleSizeOptions extends Sought {
  /** Share of visitors in the control who do it, between 0 and 1. */
  readonly baseRate: number
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

/**
 * Visitors needed per variant where the control's rate was measured: 2 (z + z')^2 times the variance of one visitor,
 * divided by the squared difference (R. Kohavi et al.: Controlled experiments on the web, Data Mining and Knowledge
 * Discovery 18, 2009, who round 2 (z + z')^2 to 16). The variance is taken to be the same in the other variant.
 * @returns null where the rate is not above 0 or has fewer than two visitors.
 */
export function sampleSizeForRate(
  rate: Rate,
  { lift, power = 0.8, significance = 0.05 }: Sought,
): number | null {
  if (rate.visitors < 2 || !(rate.value > 0)) return null
  const quantiles = normalQuantile(1 - significance / 2) + normalQuantile(power)
  const ofOneVisitor = rate.variance * rate.visitors
  return Math.ceil((2 * quantiles ** 2 * ofOneVisitor) / (rate.value * lift) ** 2)
}
