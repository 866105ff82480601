import { addDotProducts, addProduct, addTransposedProduct, columnsOf, type Matrix, zeros } from './matrix.js'

/** Gradients by the rows that were compared; the same shapes. */
export interface RowGradients {
  readonly left: Matrix
  readonly right: Matrix
}

/**
 * The cosine of every row of `left` with every row of `right`, once for each of several prefixes, and the way back
 * from gradients of the cosines to gradients of the rows. A longer prefix goes on from the dot products of the
 * shorter, so that three cost no more than the longest. Where `left` and `right` are one matrix, both [i, j] and
 * [j, i] are computed once.
 */
export class PrefixCosines {
  /** Shortest first, each once. */
  readonly prefixes: readonly number[]
  /** By prefix, `[left.rows, right.rows]`. */
  readonly cosines: readonly Matrix[]
  readonly #leftRows: Matrix
  readonly #rightRows: Matrix
  readonly #left: readonly Segment[]
  readonly #right: readonly Segment[]

  /** @param prefixes not empty; @param left and @param right have at least as many columns, and no zero row. */
  constructor(left: Matrix, right: Matrix, prefixes: readonly number[]) {
    this.#leftRows = left
    this.#rightRows = right
    this.prefixes = [...new Set(prefixes)].sort((a, b) => a - b)
    this.#left = segmentsOf(left, this.prefixes)
    this.#right = left === right ? this.#left : segmentsOf(right, this.prefixes)
    const dots = zeros(left.rows, right.rows)
    this.cosines = this.#left.map((segment, index) => {
      const other = this.#right[index] as Segment
      addDotProducts(dots, segment.part, other.part, segment === other)
      return toCosines(dots, segment.norms, other.norms, segment === other)
    })
  }

  /** @param gradients of the loss by `cosines`. Of one matrix with itself they must be symmetric, as its cosines are. */
  backward(gradients: readonly Matrix[]): RowGradients {
    const isSame = this.#left === this.#right
    const weights = zeros(gradients[0]?.rows ?? 0, gradients[0]?.columns ?? 0)
    const left = new GradientRows(this.#leftRows)
    const right = isSame ? left : new GradientRows(this.#rightRows)
    // A component takes part in its own prefix and in all longer ones.
    for (let index = this.prefixes.length - 1; index >= 0; index--) {
      const [ours, theirs] = [this.#left[index], this.#right[index]] as [Segment, Segment]
      const [gradient, cosines] = [gradients[index], this.cosines[index]] as [Matrix, Matrix]
      for (let row = 0, at = 0; row < gradient.rows; row++) {
        const norm = ours.norms[row] as number
        for (let column = 0; column < gradient.columns; column++, at++) {
          const slope = gradient.data[at] as number
          const otherNorm = theirs.norms[column] as number
          weights.data[at] = (weights.data[at] as number) + slope / (norm * otherNorm)
          const along = slope * (cosines.data[at] as number)
          left.along[row] = (left.along[row] as number) + along / (norm * norm)
          if (!isSame) right.along[column] = (right.along[column] as number) + along / (otherNorm * otherNorm)
        }
      }
      left.add(ours, (target) => addProduct(target, weights, theirs.part))
      if (!isSame) right.add(theirs, (target) => addTransposedProduct(target, weights, ours.part))
    }
    return { left: left.gradient, right: right.gradient }
  }
}

/** The components that a prefix has and the next shorter has not. */
interface Segment {
  readonly from: number
  readonly part: Matrix
  /** Of the whole prefix, by row. */
  readonly norms: Float64Array
}

function segmentsOf(rows: Matrix, prefixes: readonly number[]): Segment[] {
  const squares = new Float64Array(rows.rows)
  return prefixes.map((prefix, index) => {
    const from = prefixes[index - 1] ?? 0
    const part = columnsOf(rows, from, prefix)
    for (let row = 0, at = 0; row < part.rows; row++) {
      for (const end = at + part.columns; at < end; at++) {
        squares[row] = (squares[row] as number) + (part.data[at] as number) ** 2
      }
    }
    return { from, part, norms: squares.map(Math.sqrt) }
  })
}

/** @param mirror read what is above the diagonal from below it. */
function toCosines(
  { rows, columns, data }: Matrix,
  norms: Float64Array,
  otherNorms: Float64Array,
  mirror: boolean,
): Matrix {
  const cosines = zeros(rows, columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = mirror && column > row ? column * columns + row : row * columns + column
      const dot = data[from] as number
      cosines.data[row * columns + column] = dot / ((norms[row] as number) * (otherNorms[column] as number))
    }
  }
  return cosines
}

/** The gradient of one side, segment by segment, the longest prefix first. */
class GradientRows {
  readonly gradient: Matrix
  /** By row: how much of the row itself to take away, for only what is at right angles to it changes its direction. */
  readonly along: Float64Array

  constructor({ rows, columns }: Matrix) {
    this.gradient = zeros(rows, columns)
    this.along = new Float64Array(rows)
  }

  add({ from, part }: Segment, addAcross: (target: Matrix) => void): void {
    const target = zeros(part.rows, part.columns)
    addAcross(target)
    for (let row = 0, at = 0; row < part.rows; row++) {
      const start = row * this.gradient.columns + from
      for (let column = 0; column < part.columns; column++, at++) {
        const along = (this.along[row] as number) * (part.data[at] as number)
        this.gradient.data[start + column] = (target.data[at] as number) - along
      }
    }
  }
}
