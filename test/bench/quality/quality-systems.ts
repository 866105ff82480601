import type { System } from '../../../src/measure/evaluation/evaluation.js'
import type { EvaluationQuery } from '../../../src/measure/evaluation/evaluation-query.js'
import type { Space } from '../../../src/types.js'
import { decodeVector, encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { type Projection, project, projectedSpace } from '../../../src/vectors/projection.js'

/** What a projection of the benchmark does to one vector. */
export type VectorMap = (vector: Float32Array) => Float32Array

/** Subtracts the mean, where there is one, and multiplies by the matrix, where there is one. */
export function mapping(from: Space, { mean, matrix }: Pick<Projection, 'mean' | 'matrix'>): VectorMap {
  const dimensions = matrix ? matrix.length / from.dimensions : from.dimensions
  const to = projectedSpace(from, 'quality', dimensions, mean !== null)
  return (vector) => project({ from, to, method: null, mean, matrix }, { space: from, vector }).vector
}

/** The mean of a catalogue. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) {
    for (const [index, component] of vector.entries()) sums[index] = (sums[index] as number) + component
  }
  return Float32Array.from(sums, (sum) => sum / vectors.length)
}

/** As they are after they were stored in 8 bits. */
export function stored(vectors: readonly Float32Array[]): Float32Array[] {
  const encoded = encodeVectors(vectors, vectors[0]?.length ?? 0, 'int8')
  return vectors.map((_, row) => decodeVector(encoded, row))
}

/** Scores by cosine similarity. */
export function system(name: string, ids: readonly string[], vectors: readonly Float32Array[]): System {
  const vectorOf = new Map(ids.map((id, index) => [id, vectors[index] as Float32Array]))
  return {
    name,
    score(product, candidates) {
      const query = vectorOf.get(product) as Float32Array
      return Float64Array.from(candidates, (id) => dotProduct(query, vectorOf.get(id) as Float32Array))
    },
  }
}

/**
 * The queries with no more candidates than can be among the first `depth` of any system, and as many relevant ones as
 * an ideal list has, and others: metrics of the first `depth` ranks stay what they are, and most of the ranking is saved.
 */
export function pooled(
  queries: readonly EvaluationQuery[],
  systems: readonly System[],
  depth: number,
): EvaluationQuery[] {
  return queries.map((query) => {
    const { product, candidates, grades } = query
    const others = candidates.filter((item) => item !== product)
    const isRelevant = (item: string) => (grades.get(item) ?? 0) > 0
    const kept = new Set(others.filter(isRelevant).slice(0, depth))
    // Where every candidate is relevant there is nothing to get wrong, and `evaluate` leaves the query out.
    for (const item of others.filter((other) => !isRelevant(other)).slice(0, depth)) kept.add(item)
    for (const { score } of systems) {
      const scores = Float64Array.from(score(product, others))
      const least = scores.toSorted().at(-depth) ?? Number.NEGATIVE_INFINITY
      for (const [index, item] of others.entries()) if ((scores[index] as number) >= least) kept.add(item)
    }
    return { ...query, candidates: others.filter((item) => kept.has(item)) }
  })
}

function dotProduct(a: Float32Array, b: Float32Array): number {
  let dot = 0
  for (let index = 0; index < a.length; index++) dot += (a[index] as number) * (b[index] as number)
  return dot
}
