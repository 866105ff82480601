import { type Gain, ndcgAtK, precisionAtK, recallAtK, reciprocalRank } from './ranking-metrics.js'

/** A number per ranked list. */
export interface Metric {
  readonly name: string
  /** @param grades of all candidates, best rank first; at least one is above 0. */
  readonly value: (grades: readonly number[]) => number
}

/** nDCG@5, P@1, P@3, MRR and recall@10. */
export function standardMetrics(gain: Gain = 'linear'): Metric[] {
  return [
    { name: 'nDCG@5', value: (grades) => ndcgAtK(grades, 5, { gain }) },
    { name: 'P@1', value: (grades) => precisionAtK(grades, 1) },
    { name: 'P@3', value: (grades) => precisionAtK(grades, 3) },
    { name: 'MRR', value: reciprocalRank },
    { name: 'recall@10', value: (grades) => recallAtK(grades, 10) },
  ]
}
