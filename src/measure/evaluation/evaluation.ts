import type { Estimate } from '../statistics/resampling.js'

/** Something that says how similar products are: an encoder, a pack, a tuned projection. */
export interface System {
  readonly name: string
  /** One score per candidate, higher for more similar. Equal scores are ordered at random, by a hash of the ids. */
  score(product: string, candidates: readonly string[]): ArrayLike<number>
}

/** Plain data: what the reports are written from. */
export interface Evaluation {
  readonly metrics: readonly string[]
  readonly baseline: string
  readonly level: number
  readonly seed: number
  /** Queries that were measured, and those left out because nothing was relevant. */
  readonly queries: number
  readonly withoutRelevant: number
  /** Queries left out because they say nothing about an order: all candidates are equally relevant, or there is one. */
  readonly withoutContrast: number
  /** As given, `random` last. */
  readonly systems: readonly SystemResult[]
  readonly categories: readonly CategoryResult[]
  readonly worst: readonly WorstQuery[]
}

export interface SystemResult {
  readonly name: string
  /** By metric. */
  readonly estimates: Readonly<Record<string, Estimate>>
  /** By metric: this system minus the baseline, query by query; null for the baseline itself. */
  readonly differences: Readonly<Record<string, Difference>> | null
}

export interface Difference extends Estimate {
  /** Two-sided, of the paired randomisation test; for one comparison, not corrected for many. */
  readonly pValue: number
}

export interface CategoryResult {
  readonly category: string
  readonly queries: number
  /** Means by system, then by metric. */
  readonly means: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface WorstQuery {
  readonly system: string
  readonly product: string
  readonly category: string | null
  /** Value of the first metric. */
  readonly value: number
  /** What each system puts first. */
  readonly top: Readonly<Record<string, readonly { readonly item: string; readonly grade: number }[]>>
}
