import { SimilarItemsError } from '../../errors.js'
import { bootstrapMean, randomizationPValue, type Units } from '../statistics/resampling.js'
import { seededRandom } from '../statistics/seeded-random.js'
import { type Computation, complete } from './computation.js'
import type {
  CategoryResult,
  Difference,
  Evaluation,
  System,
  SystemResult,
  WorstQuery,
} from './evaluation.js'
import type { EvaluationQuery } from './evaluation-query.js'
import { type Metric, standardMetrics } from './metrics.js'
import { rankCandidates, relevantGrades } from './rank-candidates.js'

/** Orders everything at random: what no system should be worse than. */
export const randomSystem: System = {
  name: 'random',
  score: (_, candidates) => new Uint8Array(candidates.length),
}

export interface EvaluateOptions {
  /** Name of the system that the others are compared with. Default: the first. */
  readonly baseline?: string | undefined
  /** Default `standardMetrics()`; the first is the one by which queries are called worst. */
  readonly metrics?: readonly Metric[] | undefined
  /** Bootstrap samples; the randomisation test takes five times as many. Default 2000. */
  readonly samples?: number | undefined
  /** Probability of the confidence intervals. Default 0.95. */
  readonly level?: number | undefined
  readonly seed?: number | undefined
  /** How many of its worst queries are listed per system. Default 10. */
  readonly worst?: number | undefined
}

const shownOfWorst = 5

/**
 * Measures how well each system ranks the candidates of each query. `random` is always among them.
 * @throws SimilarItemsError `invalid-argument` where no query has a relevant candidate, or names repeat or are
 * unknown.
 */
export function evaluate(
  queries: readonly EvaluationQuery[],
  systems: readonly System[],
  options: EvaluateOptions = {},
): Evaluation {
  return complete(evaluating(queries, systems, options))
}

/** `evaluate` in pieces: a system ranks some queries, or one number is resampled. */
export function* evaluating(
  queries: readonly EvaluationQuery[],
  systems: readonly System[],
  options: EvaluateOptions = {},
): Computation<Evaluation> {
  const { metrics = standardMetrics(), samples = 2000, level = 0.95, seed = 1, worst = 10 } = options
  const all = [...systems.filter(({ name }) => name !== randomSystem.name), randomSystem]
  const { baseline = (all[0] as System).name } = options
  assertNames(all, baseline)
  const relevant = queries.filter((query) => relevantGrades(query).length > 0)
  const measured = relevant.filter(hasContrast)
  if (relevant.length === 0) {
    throw new SimilarItemsError(
      'invalid-argument',
      'No query has a relevant candidate, so that nothing can be measured. Check the ids of queries and items.',
    )
  }
  if (measured.length === 0) {
    throw new SimilarItemsError(
      'invalid-argument',
      'Every query has one candidate, or all of its candidates are equally relevant: no order is better than another.',
    )
  }
  const values = new Map<string, Float64Array[]>()
  for (const system of all) values.set(system.name, yield* measureQueries(measured, system, metrics))
  const valuesOf = (system: string, metric: number) => values.get(system)?.[metric] as Float64Array
  const resampling = { samples, level }

  const estimate = (name: string, metric: number) =>
    bootstrapMean(toUnits(measured, valuesOf(name, metric)), seededRandom(seed), resampling)
  const compare = (name: string, metric: number): Difference => {
    const theirs = valuesOf(baseline, metric)
    const differences = valuesOf(name, metric).map((value, query) => value - (theirs[query] as number))
    const units = toUnits(measured, differences)
    const pValue = randomizationPValue(units.sums, seededRandom(seed), 5 * samples)
    return { ...bootstrapMean(units, seededRandom(seed), resampling), pValue }
  }
  const results: SystemResult[] = []
  for (const { name } of all) {
    const estimates = yield* byMetric(metrics, (metric) => estimate(name, metric))
    const differences = name === baseline ? null : yield* byMetric(metrics, (metric) => compare(name, metric))
    results.push({ name, estimates, differences })
  }
  return {
    metrics: metrics.map(({ name }) => name),
    baseline,
    level,
    seed,
    queries: measured.length,
    withoutRelevant: queries.length - relevant.length,
    withoutContrast: relevant.length - measured.length,
    systems: results,
    categories: breakDown(measured, all, metrics, valuesOf),
    worst: all
      .filter((system) => system !== randomSystem)
      .flatMap((system) => worstQueries(system, measured, all, valuesOf(system.name, 0), worst)),
  }
}

/** Whether one order of the candidates is better than another. */
function hasContrast({ product, candidates, grades }: EvaluationQuery): boolean {
  const [first, ...others] = candidates.filter((candidate) => candidate !== product)
  const grade = first === undefined ? 0 : (grades.get(first) ?? 0)
  return others.some((candidate) => (grades.get(candidate) ?? 0) !== grade)
}

/** By metric, one value per query. */
function* measureQueries(
  queries: readonly EvaluationQuery[],
  system: System,
  metrics: readonly Metric[],
): Computation<Float64Array[]> {
  const values = metrics.map(() => new Float64Array(queries.length))
  for (const [index, query] of queries.entries()) {
    const grades = rankCandidates(query, system).map(({ grade }) => grade)
    for (const [metric, { value }] of metrics.entries()) {
      ;(values[metric] as Float64Array)[index] = value(grades)
    }
    yield
  }
  return values
}

function toUnits(queries: readonly EvaluationQuery[], values: Float64Array): Units {
  const unitOf = new Map<string, number>()
  for (const { product } of queries) if (!unitOf.has(product)) unitOf.set(product, unitOf.size)
  const sums = new Float64Array(unitOf.size)
  const weights = new Float64Array(unitOf.size)
  for (const [index, { product, weight = 1 }] of queries.entries()) {
    const unit = unitOf.get(product) as number
    sums[unit] = (sums[unit] as number) + weight * (values[index] as number)
    weights[unit] = (weights[unit] as number) + weight
  }
  return { sums, weights }
}

function breakDown(
  queries: readonly EvaluationQuery[],
  systems: readonly System[],
  metrics: readonly Metric[],
  valuesOf: (system: string, metric: number) => Float64Array,
): CategoryResult[] {
  const members = new Map<string, number[]>()
  for (const [index, { category }] of queries.entries()) {
    if (category === undefined) continue
    const known = members.get(category)
    if (known) known.push(index)
    else members.set(category, [index])
  }
  const weightedMean = (values: Float64Array, indices: readonly number[]) => {
    const weightOf = (index: number) => queries[index]?.weight ?? 1
    const sum = indices.reduce((total, index) => total + weightOf(index) * (values[index] as number), 0)
    return sum / indices.reduce((total, index) => total + weightOf(index), 0)
  }
  return [...members]
    .map(([category, indices]) => ({
      category,
      queries: indices.length,
      means: Object.fromEntries(
        systems.map(({ name }) => [
          name,
          complete(byMetric(metrics, (metric) => weightedMean(valuesOf(name, metric), indices))),
        ]),
      ),
    }))
    .sort((a, b) => b.queries - a.queries || (a.category < b.category ? -1 : 1))
}

function worstQueries(
  system: System,
  queries: readonly EvaluationQuery[],
  systems: readonly System[],
  values: Float64Array,
  count: number,
): WorstQuery[] {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number))
  return order.slice(0, count).map((index) => {
    const query = queries[index] as EvaluationQuery
    const top = systems.map(({ name }, position) => {
      const ranking = rankCandidates(query, systems[position] as System).slice(0, shownOfWorst)
      return [name, ranking] as const
    })
    return {
      system: system.name,
      product: query.product,
      category: query.category ?? null,
      value: values[index] as number,
      top: Object.fromEntries(top),
    }
  })
}

function* byMetric<T>(metrics: readonly Metric[], of: (metric: number) => T): Computation<Record<string, T>> {
  const values: Record<string, T> = {}
  for (const [index, { name }] of metrics.entries()) {
    values[name] = of(index)
    yield
  }
  return values
}

function assertNames(systems: readonly System[], baseline: string): void {
  const names = systems.map(({ name }) => name)
  if (new Set(names).size < names.length) {
    throw new SimilarItemsError('invalid-argument', `Two systems have one name among ${names.join(', ')}.`)
  }
  if (names.includes(baseline)) return
  throw new SimilarItemsError(
    'invalid-argument',
    `The baseline "${baseline}" is none of ${names.join(', ')}.`,
  )
}
