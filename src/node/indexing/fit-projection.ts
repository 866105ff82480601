import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { SimilarItemsError } from '../../errors.js'

/** Vectors that a fit looks at; more change the axes no more. */
const largestSample = 20_000

/**
 * The principal axes of unit vectors: the matrix `[dimensions, d]` that keeps dot products best in so few dimensions.
 * The vectors are not centred, as a dot product is not: these are the leading eigenvectors of the second moment.
 * @throws SimilarItemsError `invalid-argument` where there are fewer vectors than dimensions.
 */
export function fitPrincipalAxes(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const width = vectors[0]?.length ?? 0
  if (vectors.length < dimensions || dimensions > width) {
    throw new SimilarItemsError(
      'invalid-argument',
      `${dimensions} principal axes need as many pictures and encoder dimensions; there are ${vectors.length} and ` +
        `${width}. Use fewer dimensions, or cut the encoder's vectors instead.`,
    )
  }
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(secondMoment(vectors, width), {
    assumeSymmetric: true,
  })
  const columns = Array.from(realEigenvalues.keys()).sort(
    (a, b) => (realEigenvalues[b] as number) - (realEigenvalues[a] as number),
  )
  const matrix = new Float32Array(dimensions * width)
  for (const [row, column] of columns.slice(0, dimensions).entries()) {
    matrix.set(eigenvectorMatrix.getColumn(column), row * width)
  }
  return matrix
}

function secondMoment(vectors: readonly Float32Array[], width: number): Matrix {
  const step = Math.max(1, Math.ceil(vectors.length / largestSample))
  const sample = vectors.filter((_, index) => index % step === 0)
  const sums = new Float64Array(width * width)
  for (const vector of sample) {
    for (let row = 0; row < width; row++) {
      const component = vector[row] as number
      for (let column = 0; column <= row; column++) {
        const index = row * width + column
        sums[index] = (sums[index] as number) + component * (vector[column] as number)
      }
    }
  }
  return Matrix.from1DArray(width, width, sums).apply(function (this: Matrix, row, column) {
    if (column > row) this.set(row, column, this.get(column, row))
  })
}
