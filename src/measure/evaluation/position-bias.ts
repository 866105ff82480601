/**
 * How attention falls with the position: the propensity of position p to be looked at is (1 / p) ^ `severity`
 * (Joachims et al., WSDM 2017). 0 is no bias; 1 is what they found for a search page. Estimate it for a carousel by
 * swapping positions at random for some visitors.
 */
export interface PositionBias {
  readonly severity: number
  /** Propensities below count as this one: it bounds the variance at the price of some bias. Default 0.05. */
  readonly least?: number | undefined
}

/** Probability that a shopper looks at `position` (from 1), relative to position 1. */
export function propensity(position: number, { severity, least = 0.05 }: PositionBias): number {
  return Math.max(least, position ** -severity)
}
