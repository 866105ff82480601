/**
 * A copy of `vector` with Euclidean norm 1.
 * @throws RangeError for the zero vector and for components that are not finite: they have no direction.
 */
export function normalize(vector: ArrayLike<number>): Float32Array {
  const unit = Float32Array.from(vector)
  const length = Math.hypot(...unit)
  if (!Number.isFinite(length) || length === 0) {
    throw new RangeError('a vector without direction (zero or not finite) cannot be normalised')
  }
  for (let index = 0; index < unit.length; index++) unit[index] = (unit[index] as number) / length
  return unit
}

/**
 * Cosine of the angle between two vectors of any length, in [-1, 1].
 * @throws RangeError where the vectors differ in length or one has no direction.
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} components`)
  let dot = 0
  let squaresOfA = 0
  let squaresOfB = 0
  for (let index = 0; index < a.length; index++) {
    const x = a[index] as number
    const y = b[index] as number
    dot += x * y
    squaresOfA += x * x
    squaresOfB += y * y
  }
  const cosine = dot / Math.sqrt(squaresOfA * squaresOfB)
  if (!Number.isFinite(cosine)) throw new RangeError('a vector without direction has no cosine')
  return Math.min(1, Math.max(-1, cosine))
}
