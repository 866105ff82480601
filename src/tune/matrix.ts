/** A matrix of 64-bit floats, row after row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

/** Ones on the diagonal, zeros elsewhere; where it is not square, the larger side is cut off. */
export function identity(rows: number, columns: number): Matrix {
  const matrix = zeros(rows, columns)
  for (let index = 0; index < Math.min(rows, columns); index++) matrix.data[index * columns + index] = 1
  return matrix
}

/*
 * The products do four rows at a time: one alone waits for the last addition before the next, which costs two thirds
 * of the speed.
 */

/** `a` times the transpose of `b`: one dot product of rows per element. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  const { columns } = a
  const product = zeros(a.rows, b.rows)
  for (let column = 0; column < b.rows; column += 4) {
    // Past the last row its own is read again, and what comes of it is not kept.
    const [b0, b1, b2, b3] = [0, 1, 2, 3].map((step) =>
      rowOf(b, Math.min(column + step, b.rows - 1)),
    ) as FourRows
    for (let row = 0; row < a.rows; row++) {
      const start = row * columns
      let [dot0, dot1, dot2, dot3] = [0, 0, 0, 0]
      for (let index = 0; index < columns; index++) {
        const value = a.data[start + index] as number
        dot0 += value * (b0[index] as number)
        dot1 += value * (b1[index] as number)
        dot2 += value * (b2[index] as number)
        dot3 += value * (b3[index] as number)
      }
      const at = row * b.rows + column
      product.data[at] = dot0
      if (column + 1 < b.rows) product.data[at + 1] = dot1
      if (column + 2 < b.rows) product.data[at + 2] = dot2
      if (column + 3 < b.rows) product.data[at + 3] = dot3
    }
  }
  return product
}

/** Adds `a` times `b` to `target`. */
export function addProduct(target: Matrix, a: Matrix, b: Matrix): void {
  addCombinations(target, b, (row, inner) => a.data[row * a.columns + inner] as number)
}

/** Adds the transpose of `a` times `b` to `target`. */
export function addTransposedProduct(target: Matrix, a: Matrix, b: Matrix): void {
  addCombinations(target, b, (row, inner) => a.data[inner * a.columns + row] as number)
}

type FourRows = [Float64Array, Float64Array, Float64Array, Float64Array]

/** Adds to every row of `target` the sum of the rows of `b`, each times its `factor`. */
function addCombinations(target: Matrix, b: Matrix, factor: (row: number, inner: number) => number): void {
  const nothing = new Float64Array(b.columns)
  for (let inner = 0; inner < b.rows; inner += 4) {
    const [b0, b1, b2, b3] = [0, 1, 2, 3].map((step) =>
      inner + step < b.rows ? rowOf(b, inner + step) : nothing,
    ) as FourRows
    const factorOf = (row: number, step: number) => (inner + step < b.rows ? factor(row, inner + step) : 0)
    for (let row = 0; row < target.rows; row++) {
      const factors = [factorOf(row, 0), factorOf(row, 1), factorOf(row, 2), factorOf(row, 3)] as const
      const sums = rowOf(target, row)
      for (let column = 0; column < sums.length; column++) {
        sums[column] =
          (sums[column] as number) +
          factors[0] * (b0[column] as number) +
          factors[1] * (b1[column] as number) +
          factors[2] * (b2[column] as number) +
          factors[3] * (b3[column] as number)
      }
    }
  }
}

function rowOf({ data, columns }: Matrix, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns)
}
