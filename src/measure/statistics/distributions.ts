/** The probability that a standard normal variable is at most `z`. */
export function normalCdf(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2
  return z > 0 ? 1 - tail : tail
}

/** The probability that a standard normal variable is at least as far from 0 as `z`: a two-sided p-value. */
export function twoSidedPValue(z: number): number {
  return upperGamma(0.5, (z * z) / 2)
}

/** The `z` below which a standard normal variable is with `probability`, which lies between 0 and 1. */
export function normalQuantile(probability: number): number {
  let low = -40
  let high = 40
  // Bisection: 60 halvings reach the last bits of a double, and no start value has to be good.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The probability that a chi-square variable with `degrees` of freedom is at least `value`. */
export function chiSquareUpperTail(value: number, degrees: number): number {
  return upperGamma(degrees / 2, value / 2)
}

/**
 * The regularised upper incomplete gamma function Q(a, x), by its series for small x and its continued fraction for
 * large (W. Press et al.: Numerical Recipes, 3rd edition, section 6.2).
 */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const factor = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - factor * lowerSeries(a, x) : factor * upperFraction(a, x)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** Lentz's evaluation of the continued fraction. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let result = d
  for (let n = 1; n < 10_000; n++) {
    const coefficient = -n * (n - a)
    b += 2
    d = 1 / (coefficient * d + b || tiny)
    c = b + coefficient / c || tiny
    const change = d * c
    result *= change
    if (Math.abs(change - 1) < Number.EPSILON) break
  }
  return result
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** The logarithm of the gamma function for positive `x` (Lanczos approximation, g = 7). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  const sum = lanczos.reduce(
    (total, coefficient, index) => total + coefficient / (shifted + index + 1),
    0.9999999999998099,
  )
  const base = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum)
}
