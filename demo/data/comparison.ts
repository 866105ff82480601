import type { Difference } from '../../src/measure/evaluation/evaluation.js'
import type { Estimate } from '../../src/measure/statistics/resampling.js'

/** The ways of choosing similar products that are compared, from none to the best that this project has. */
export const METHODS = ['random', 'colours', 'encoder', 'tuned'] as const
export type Method = (typeof METHODS)[number]

/** How many products a list shows. */
export const LIST_LENGTH = 5

/** What was measured on a catalogue while the demo was built. */
export interface Comparison {
  readonly products: number
  readonly shelves: number
  /** Products that others share a shelf with: each was a query. */
  readonly queries: number
  /** nDCG@5, P@1 and P@3. */
  readonly metrics: readonly string[]
  /** Probability of all intervals. */
  readonly level: number
  /** By method, then by metric. */
  readonly estimates: Readonly<Record<Method, Readonly<Record<string, Estimate>>>>
  /** Differences of the first metric, query by query. */
  readonly encoderOverColours: Difference
  readonly tunedOverEncoder: Difference
  readonly tuning: Tuning
  /** By method, then by query in the order of the feed: positions in the feed of the first products, best first. */
  readonly lists: Readonly<Record<Method, readonly (readonly number[])[]>>
}

export interface Tuning {
  /** Parts of the catalogue; the projection that answers for one was fitted to the others. */
  readonly folds: number
  /** In how many of them no projection was better than the encoder as it is, which was then kept. */
  readonly kept: number
}

/** What `npm run bench` measured on a public labelled set. */
export interface MeasuredTask {
  readonly name: string
  readonly queries: number
  /** nDCG@5 of MobileNetV2 with PCA to 128 dimensions; null where it was not measured. */
  readonly mobileNet: number | null
  readonly encoder: Estimate
}

export interface Measured {
  readonly date: string
  readonly level: number
  readonly tasks: readonly MeasuredTask[]
}

/** Files of the site that hold these, below its root. */
export const comparisonPath = (catalogue: string) => `data/${catalogue}/comparison.json`
export const measuredPath = 'data/measured.json'
