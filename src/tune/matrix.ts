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

export function transpose({ rows, columns, data }: Matrix): Matrix {
  const transposed = zeros(columns, rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed.data[column * rows + row] = data[row * columns + column] as number
    }
  }
  return transposed
}

/** The columns from `from` to before `to`. */
export function columnsOf({ rows, columns, data }: Matrix, from: number, to: number): Matrix {
  const part = zeros(rows, to - from)
  for (let row = 0; row < rows; row++) {
    part.data.set(data.subarray(row * columns + from, row * columns + to), row * part.columns)
  }
  return part
}

/** These rows, in this order. */
export function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const picked = zeros(rows.length, columns)
  for (const [index, row] of rows.entries()) {
    picked.data.set(data.subarray(row * columns, (row + 1) * columns), index * columns)
  }
  return picked
}

/** `a` times the transpose of `b`: one dot product of rows per element. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  const product = zeros(a.rows, b.rows)
  addDotProducts(product, a, b)
  return product
}

/** Adds `a` times `b` to `target`. */
export function addProduct(target: Matrix, a: Matrix, b: Matrix): void {
  addDotProducts(target, a, transpose(b))
}

/** Adds the transpose of `a` times `b` to `target`. */
export function addTransposedProduct(target: Matrix, a: Matrix, b: Matrix): void {
  addDotProducts(target, transpose(a), transpose(b))
}

/**
 * Adds the dot product of row i of `a` with row j of `b` to element i, j of `target`. Eight at a time: one alone waits
 * for its last addition before the next, and each number that is read serves several.
 * @param below leave out what lies above the diagonal, where the caller knows it: then the rest is what is added.
 */
export function addDotProducts(target: Matrix, a: Matrix, b: Matrix, below = false): void {
  const { data } = target
  const width = b.rows
  for (let column = 0; column < width; column += 4) {
    // Past the last row its own is read again, and what comes of it is not kept.
    const row = (step: number) => rowOf(b, Math.min(column + step, width - 1))
    const [b0, b1, b2, b3] = [row(0), row(1), row(2), row(3)] as const
    for (let top = below ? column : 0; top < a.rows; top += 2) {
      const a0 = rowOf(a, top)
      const a1 = rowOf(a, Math.min(top + 1, a.rows - 1))
      let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0]
      for (let index = 0; index < a0.length; index++) {
        const x = a0[index] as number
        const y = a1[index] as number
        const u0 = b0[index] as number
        const u1 = b1[index] as number
        const u2 = b2[index] as number
        const u3 = b3[index] as number
        s0 += x * u0
        s1 += x * u1
        s2 += x * u2
        s3 += x * u3
        t0 += y * u0
        t1 += y * u1
        t2 += y * u2
        t3 += y * u3
      }
      addFour(data, top * width + column, width - column, s0, s1, s2, s3)
      if (top + 1 < a.rows) addFour(data, (top + 1) * width + column, width - column, t0, t1, t2, t3)
    }
  }
}

/** Adds to four numbers from `at` on, or to as many as there are. */
function addFour(
  data: Float64Array,
  at: number,
  count: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
): void {
  data[at] = (data[at] as number) + s0
  if (count > 1) data[at + 1] = (data[at + 1] as number) + s1
  if (count > 2) data[at + 2] = (data[at + 2] as number) + s2
  if (count > 3) data[at + 3] = (data[at + 3] as number) + s3
}

function rowOf({ data, columns }: Matrix, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns)
}
