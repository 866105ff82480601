import { seededRandom, shuffledIndices } from '../../src/measure/statistics/seeded-random.js'
import type { FitOptions } from '../../src/tune/fit-options.js'
import { fitProjection } from '../../src/tune/fit-projection.js'
import { multiplyTransposed } from '../../src/tune/matrix.js'
import { relationsFromLabels } from '../../src/tune/relations.js'
import { normalize } from '../../src/vectors/normalize.js'
import type { Tuning } from './comparison.js'

/** Fewer and smaller steps than a shop would take: a demo should be built in seconds. */
const OPTIONS: FitOptions = { batchSize: 64, steps: 80 }
const FOLDS = 3
const SEED = 1

export interface CrossFit extends Tuning {
  /** All products as the projection sees them that was fitted without product `query` and its label. */
  vectorsFor(query: number): readonly Float32Array[]
}

/**
 * Fits projections to pairs of products with one label, each to all parts of the catalogue but one, so that for every
 * product there is a projection to which it and its label are new.
 */
export function crossFit(vectors: readonly Float32Array[], labels: readonly string[]): CrossFit {
  const order = shuffledIndices(vectors.length, seededRandom(SEED))
  const foldOf = new Map(Array.from(order, (product, position) => [product, position % FOLDS]))
  let kept = 0
  const byFold = Array.from({ length: FOLDS }, (_, fold) => {
    const known = Array.from(order).filter((product) => foldOf.get(product) !== fold)
    const fitted = fitProjection(
      {
        vectors: known.map((product) => vectors[product] as Float32Array),
        relations: relationsFromLabels(
          known.map((product) => labels[product]),
          seededRandom(SEED),
        ),
      },
      OPTIONS,
    )
    if (fitted.chosen === 0) kept++
    return projectAll(vectors, fitted.matrix)
  })
  return {
    folds: FOLDS,
    kept,
    vectorsFor: (query) => byFold[foldOf.get(query) as number] as readonly Float32Array[],
  }
}

function projectAll(vectors: readonly Float32Array[], matrix: Float32Array): Float32Array[] {
  const columns = vectors[0]?.length ?? 0
  const rows = matrix.length / columns
  const stacked = new Float64Array(vectors.length * columns)
  for (const [row, vector] of vectors.entries()) stacked.set(vector, row * columns)
  const { data } = multiplyTransposed(
    { rows: vectors.length, columns, data: stacked },
    { rows, columns, data: Float64Array.from(matrix) },
  )
  return vectors.map((_, row) => normalize(data.subarray(row * rows, (row + 1) * rows)))
}
