import { SimilarItemsError } from '../../errors.js'

/** A mean that has moved no farther than this still serves: it is kept, and with it the vectors of shoppers. */
export const farthestMove = 0.1

/** Pictures whose mean is longer differ by so little that rounding is much of what would be left of them. */
export const longestMean = 0.95

/**
 * The mean to subtract from the unit vectors of a catalogue. Vectors given more than once (the picture of several
 * products, the one that says that there is none) count once.
 * @param earlier the mean of the run before, if any: it stays while that of the catalogue is near.
 * @throws SimilarItemsError `invalid-argument` where the pictures are all alike.
 */
export function chooseMean(vectors: readonly Float32Array[], earlier: Float32Array | null): Float32Array {
  const distinct = new Set(vectors)
  const mean = meanOf(distinct)
  if (earlier && distance(earlier, mean) <= farthestMove) return earlier
  if (Math.hypot(...mean) <= longestMean) return mean
  throw new SimilarItemsError(
    'invalid-argument',
    `The ${distinct.size} pictures are too much alike to be centered on their mean. Leave that out.`,
  )
}

function meanOf(vectors: ReadonlySet<Float32Array>): Float32Array {
  const [first = new Float32Array()] = vectors
  const sums = new Float64Array(first.length)
  for (const vector of vectors) {
    for (let index = 0; index < sums.length; index++) {
      sums[index] = (sums[index] as number) + (vector[index] as number)
    }
  }
  return Float32Array.from(sums, (sum) => sum / vectors.size)
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((component, index) => component - (b[index] as number)))
}
