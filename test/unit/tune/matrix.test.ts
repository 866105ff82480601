import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addProduct,
  addTransposedProduct,
  identity,
  type Matrix,
  multiplyTransposed,
  zeros,
} from '../../../src/tune/matrix.js'

/** The definition, element by element. */
function product(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: a.rows * b.columns }, (_, index) => {
    const [row, column] = [Math.floor(index / b.columns), index % b.columns]
    let sum = 0
    for (let inner = 0; inner < a.columns; inner++) {
      sum += (a.data[row * a.columns + inner] as number) * (b.data[inner * b.columns + column] as number)
    }
    return sum
  })
}

function transpose({ rows, columns, data }: Matrix): Matrix {
  const result = zeros(columns, rows)
  for (const [index, value] of data.entries()) {
    result.data[(index % columns) * rows + Math.floor(index / columns)] = value
  }
  return result
}

const size = fc.integer({ min: 1, max: 11 })
/** Whole numbers: sums are exact, in whatever order. */
const matrix = (rows: number, columns: number) =>
  fc
    .array(fc.integer({ min: -99, max: 99 }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values): Matrix => ({ rows, columns, data: Float64Array.from(values) }))
const pair = fc
  .tuple(size, size, size)
  .chain(([rows, inner, columns]) => fc.tuple(matrix(rows, inner), matrix(inner, columns)))

test('the products are those of the definition, whatever the sizes', () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const expected = product(a, b)
      expect([...multiplyTransposed(a, transpose(b)).data]).toEqual(expected.map((value) => value + 0))
      const sum = zeros(a.rows, b.columns)
      addProduct(sum, a, b)
      addTransposedProduct(sum, transpose(a), b)
      expect([...sum.data]).toEqual(expected.map((value) => 2 * value + 0))
    }),
  )
})

test('the identity keeps vectors, a shorter one cuts them', () => {
  const rows = { rows: 1, columns: 3, data: Float64Array.of(1, 2, 3) }
  expect([...multiplyTransposed(rows, identity(3, 3)).data]).toEqual([1, 2, 3])
  expect([...multiplyTransposed(rows, identity(2, 3)).data]).toEqual([1, 2])
})
