/** Bins per channel: the two highest bits of red, green and blue. */
const BITS = 2
const BINS = 2 ** (3 * BITS)

/**
 * How much of a picture has which colour: 64 shares that sum to 1, from straight RGBA bytes. A pixel counts as much as
 * it is opaque, so that the empty surroundings of a cut-out object have no colour.
 * @throws RangeError for a picture that is wholly transparent.
 */
export function colorHistogram(rgba: Uint8Array): Float64Array {
  const histogram = new Float64Array(BINS)
  let total = 0
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(at, at + 4)
    const bin = (high(red) << (2 * BITS)) | (high(green) << BITS) | high(blue)
    histogram[bin] = (histogram[bin] as number) + alpha
    total += alpha
  }
  if (total === 0) throw new RangeError('a wholly transparent picture has no colours')
  return histogram.map((sum) => sum / total)
}

/**
 * The share of colour that two histograms have in common, 0 to 1.
 *
 * M. Swain, D. Ballard: Color indexing. International Journal of Computer Vision 7, 1991.
 */
export function histogramIntersection(a: Float64Array, b: Float64Array): number {
  let common = 0
  for (let bin = 0; bin < a.length; bin++) common += Math.min(a[bin] as number, b[bin] as number)
  return common
}

const high = (level: number) => level >> (8 - BITS)
