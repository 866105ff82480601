import { evaluate, randomSystem } from '../../src/measure/evaluation/evaluate.js'
import type { Difference, System } from '../../src/measure/evaluation/evaluation.js'
import { queriesFromLabels } from '../../src/measure/evaluation/labelled-relevance.js'
import { standardMetrics } from '../../src/measure/evaluation/metrics.js'
import { rankCandidates } from '../../src/measure/evaluation/rank-candidates.js'
import { cosineSimilarity } from '../../src/vectors/normalize.js'
import { histogramIntersection } from './color-histogram.js'
import { type Comparison, LIST_LENGTH, METHODS, type Method } from './comparison.js'
import { crossFit } from './cross-fit.js'

/** What each method knows of a product, and the shelf by which it is judged. */
export interface DescribedProduct {
  readonly id: string
  readonly shelf: string
  readonly colors: Float64Array
  readonly vector: Float32Array
}

/**
 * Lets every product look for the others of its shelf, with each method, and measures how well that goes: what
 * `similar-items evaluate` computes, with the same code.
 */
export function compareMethods(products: readonly DescribedProduct[]): Comparison {
  const tuning = crossFit(
    products.map(({ vector }) => vector),
    products.map(({ shelf }) => shelf),
  )
  const positions = new Map(products.map(({ id }, position) => [id, position]))
  const system = (name: Method, similarity: (a: number, b: number) => number): System => ({
    name,
    score: (query, candidates) => {
      const from = positions.get(query) as number
      return candidates.map((candidate) => similarity(from, positions.get(candidate) as number))
    },
  })
  const product = (position: number) => products[position] as DescribedProduct
  const systems: Record<Method, System> = {
    random: randomSystem,
    colours: system('colours', (a, b) => histogramIntersection(product(a).colors, product(b).colors)),
    encoder: system('encoder', (a, b) => cosineSimilarity(product(a).vector, product(b).vector)),
    tuned: system('tuned', (a, b) => {
      const vectors = tuning.vectorsFor(a)
      return cosineSimilarity(vectors[a] as Float32Array, vectors[b] as Float32Array)
    }),
  }

  const queries = queriesFromLabels(products.map(({ id, shelf }) => ({ id, label: shelf })))
  const metrics = standardMetrics().slice(0, 3)
  const evaluation = evaluate(queries, Object.values(systems), { baseline: 'encoder', metrics })
  const [metric = ''] = evaluation.metrics
  const resultOf = (method: Method) => evaluation.systems.find(({ name }) => name === method)
  const differenceOf = (method: Method) => resultOf(method)?.differences?.[metric] as Difference
  const byMethod = <T>(of: (method: Method) => T) =>
    Object.fromEntries(METHODS.map((method) => [method, of(method)])) as Record<Method, T>
  return {
    products: products.length,
    shelves: new Set(products.map(({ shelf }) => shelf)).size,
    queries: evaluation.queries,
    metrics: evaluation.metrics,
    level: evaluation.level,
    estimates: byMethod((method) => resultOf(method)?.estimates ?? {}),
    encoderOverColours: opposite(differenceOf('colours')),
    tunedOverEncoder: differenceOf('tuned'),
    tuning: { folds: tuning.folds, kept: tuning.kept },
    lists: byMethod((method) =>
      queries.map((query) =>
        rankCandidates(query, systems[method])
          .slice(0, LIST_LENGTH)
          .map(({ item }) => positions.get(item) as number),
      ),
    ),
  }
}

/** The same difference, seen from the other side. */
function opposite({ mean, low, high, pValue }: Difference): Difference {
  return { mean: -mean, low: -high, high: -low, pValue }
}
