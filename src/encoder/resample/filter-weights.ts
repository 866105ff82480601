import type { ResampleFilter } from '../model/preprocessing.js'

/** Which source positions one output position is made of, for every output position along one axis. */
export interface WeightTable {
  /** First source position of each output position, an even number. */
  readonly starts: Uint32Array
  /** How many pairs of neighbouring source positions every output position takes, with weight 0 where it needs less. */
  readonly pairs: number
  /**
   * Fixed-point weights, 22 bits after the point, for each output position and pair as low0 low1 high0 high1:
   * the weight is `high * 2 ** 15 + low`.
   */
  readonly weights: Int16Array
}

const PRECISION_BITS = 22
const LOW_BITS = 15
const LOW_MASK = 2 ** LOW_BITS - 1

/**
 * Weights that resample `sourceSize` positions to `targetSize` with one of Pillow's antialiased filters
 * (`precompute_coeffs` and `normalize_coeffs_8bpc` of its Resample.c, operation by operation: a different order
 * of the same arithmetic gives other bytes).
 *
 * @param mirrored Both axes are counted from the other end. Without it the last bits of some weights would differ
 * from those that Pillow gives the mirrored picture.
 */
export function filterWeights(
  sourceSize: number,
  targetSize: number,
  filter: ResampleFilter,
  mirrored = false,
): WeightTable {
  const kernel = KERNELS[filter]
  const scale = sourceSize / targetSize
  const filterScale = Math.max(scale, 1)
  const support = kernel.support * filterScale
  const pairs = Math.ceil(support) + 1
  const starts = new Uint32Array(targetSize)
  const weights = new Int16Array(targetSize * pairs * 4)
  const exact = new Float64Array(pairs * 2)

  for (let target = 0; target < targetSize; target++) {
    const centre = (target + 0.5) * scale
    const start = Math.max(Math.trunc(centre - support + 0.5), 0)
    const taps = Math.min(Math.trunc(centre + support + 0.5), sourceSize) - start
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const weight = kernel.weight((tap + start - centre + 0.5) * (1 / filterScale))
      exact[tap] = weight
      sum += weight
    }
    const output = mirrored ? targetSize - 1 - target : target
    const first = mirrored ? sourceSize - start - taps : start
    const offset = first & 1
    starts[output] = first - offset
    for (let tap = 0; tap < taps; tap++) {
      const normalised = sum === 0 ? (exact[tap] ?? 0) : (exact[tap] ?? 0) / sum
      const fixed = Math.trunc(normalised * 2 ** PRECISION_BITS + (normalised < 0 ? -0.5 : 0.5))
      const slot = offset + (mirrored ? taps - 1 - tap : tap)
      const position = (output * pairs + (slot >> 1)) * 4 + (slot & 1)
      weights[position] = fixed & LOW_MASK
      weights[position + 2] = fixed >> LOW_BITS
    }
  }
  return { starts, pairs, weights }
}

/** `support` is the distance from which on `weight` is 0, in source positions when enlarging. */
interface FilterKernel {
  readonly support: number
  weight(distance: number): number
}

const KERNELS: Readonly<Record<ResampleFilter, FilterKernel>> = {
  bicubic: { support: 2, weight: bicubic },
  bilinear: { support: 1, weight: bilinear },
}

/** Keys' cubic convolution kernel with a = -0.5. */
function bicubic(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}

function bilinear(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance))
}
