import type { SeededRandom } from './seeded-random.js'

/** A mean with its confidence interval. */
export interface Estimate {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/**
 * Values of independent units: unit `u` contributes `sums[u]` with weight `weights[u]`; the mean is the sum of the
 * sums over that of the weights. Queries of one product are one unit, because they are not independent.
 */
export interface Units {
  readonly sums: Float64Array
  readonly weights: Float64Array
}

/**
 * The mean with its percentile bootstrap interval (Efron and Tibshirani: An Introduction to the Bootstrap, 1993):
 * units are drawn with replacement `samples` times.
 * @param level probability of the interval, e.g. 0.95.
 */
export function bootstrapMean(
  { sums, weights }: Units,
  random: SeededRandom,
  { samples, level }: { samples: number; level: number },
): Estimate {
  const means = new Float64Array(samples)
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0
    let weight = 0
    for (let draw = 0; draw < sums.length; draw++) {
      const unit = random.below(sums.length)
      sum += sums[unit] as number
      weight += weights[unit] as number
    }
    means[sample] = sum / weight
  }
  means.sort()
  const at = (probability: number) => means[Math.round(probability * (samples - 1))] as number
  return { mean: total(sums) / total(weights), low: at((1 - level) / 2), high: at((1 + level) / 2) }
}

/**
 * The two-sided p-value of the paired randomisation test of Fisher, which Smucker, Allan and Carterette (CIKM 2007)
 * recommend for retrieval: were both systems equal, each unit's difference could as well have the other sign. The
 * observed assignment counts as one of the `samples` + 1, so that p is never 0.
 * @param differences per unit, weighted.
 */
export function randomizationPValue(
  differences: Float64Array,
  random: SeededRandom,
  samples: number,
): number {
  const observed = Math.abs(total(differences))
  // Sums in another order differ in their last bits; what is equal must count as equal.
  const threshold = observed * (1 - 1e-12)
  let asExtreme = 0
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0
    let bits = 0
    for (let unit = 0; unit < differences.length; unit++) {
      if ((unit & 31) === 0) bits = random.bits()
      sum += bits & 1 ? (differences[unit] as number) : -(differences[unit] as number)
      bits >>>= 1
    }
    if (Math.abs(sum) >= threshold) asExtreme++
  }
  return (asExtreme + 1) / (samples + 1)
}

function total(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
