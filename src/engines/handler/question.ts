import type { RankingOptions } from '../../types.js'
import type { Condition, StoredVector } from '../vector-engine.js'

/** What a client asks, read and within the limits. */
export interface Question {
  readonly start:
    | { readonly items: readonly string[]; readonly weights: readonly number[] }
    /** `space` is the fingerprint that the client says the vector is of. */
    | { readonly vector: StoredVector; readonly space: string }
  readonly ranking: RankingOptions
  readonly conditions: readonly Condition[]
}
