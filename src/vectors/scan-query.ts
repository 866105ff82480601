/** A query in whole numbers: component `j` is about `levels[j] * scale`. */
export interface QuantizedQuery {
  readonly levels: Int16Array
  readonly scale: number
  /** Euclidean norm of what rounding took: a dot product with a row is off by at most that times the row's norm. */
  readonly error: number
}

/** Sums of products with bytes stay below 2^31 while the magnitudes of the levels add up to less than this. */
const largestTotal = 2 ** 24

/** Rounds `query` to whole numbers between `-largestLevel` and `largestLevel`, which is at most 32767. */
export function quantizeQuery(query: Float32Array, largestLevel: number): QuantizedQuery {
  let largest = 0
  let total = 0
  for (const component of query) {
    largest = Math.max(largest, Math.abs(component))
    total += Math.abs(component)
  }
  // Rounding adds half a level per component.
  const scale = Math.max(largest / largestLevel, total / (largestTotal - query.length))
  const levels = new Int16Array(query.length)
  if (scale === 0) return { levels, scale, error: 0 }
  let squares = 0
  for (const [index, component] of query.entries()) {
    const level = Math.round(component / scale)
    levels[index] = level
    squares += (component - level * scale) ** 2
  }
  return { levels, scale, error: Math.sqrt(squares) }
}

/**
 * How far a sum of products of 32-bit floats may be off, per norm of the row: `roundings` in a row, each of at most
 * 2^-24 of the magnitude (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), with as much to spare for
 * the bound itself; and what underflows.
 */
export function floatError(query: Float32Array, roundings: number): number {
  let squares = 0
  for (const component of query) squares += component * component
  return Math.sqrt(squares) * (roundings + 1) * 2 ** -23 + 2 ** -120
}
