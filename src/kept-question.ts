import type { RankingOptions } from './types.js'

/** What a list of similar items depends on besides what is stored of its catalogue; URLs are absolute. */
export interface KeptQuestion {
  readonly id: string
  readonly options: RankingOptions
  readonly model: string | null
  readonly projection: string | null
  readonly format: string
}

/** Text that is equal for questions with the same answer. */
export function keptQuestion({ id, options, model, projection, format }: KeptQuestion): string {
  const { limit, minScore, nearDuplicate, perGroup, diversity } = options
  // As text: JSON has no infinity.
  const numbers = [limit, minScore, nearDuplicate, perGroup, diversity].map(String)
  return JSON.stringify([id, numbers, model, projection, format])
}
