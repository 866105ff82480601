import type { Embedding, Space } from '../types.js'

/**
 * A vector in 8 bits: component `j` is `levels[j] * scale`. It is what a page with a pack ranks, so that the lists of
 * an engine equal the page's to the last digit.
 */
export interface StoredVector {
  readonly levels: Int8Array
  readonly scale: number
}

/** One product in an engine. */
export interface EngineRow {
  readonly id: string
  readonly vector: StoredVector
  /** The `item_group_id` that variants of one product share. */
  readonly group: string | null
  /** The item of the feed, as JSON: what the page gets to see of it. */
  readonly product: Readonly<Record<string, unknown>>
}

/** A row to be written. */
export interface WrittenRow extends EngineRow {
  /** Changes when anything of the row does: rows of the same version need not be written again. */
  readonly version: string
  /** What filters ask about, see `filterValues`. */
  readonly values: FilterValues
}

export type FilterValues = Readonly<Record<string, string | number>>

/** One thing that is asked of a product; a product that does not state the attribute does not meet it. */
export type Condition =
  | { readonly attribute: string; readonly oneOf: readonly string[] }
  /** Both ends are included. */
  | { readonly attribute: string; readonly from: number; readonly to: number }

/** Which products may be in an answer. */
export interface EngineFilter {
  readonly exceptIds: readonly string[]
  readonly exceptGroups: readonly string[]
  /** All of them have to be met. */
  readonly conditions: readonly Condition[]
}

export interface NearestQuery {
  readonly embedding: Embedding
  /** How many rows are wanted: so many come back, unless fewer pass the filter. */
  readonly count: number
  readonly filter: EngineFilter
  readonly signal?: AbortSignal | undefined
}

/** Rows with the space that their vectors live in. */
export interface FoundRows {
  readonly space: Space
  readonly rows: readonly EngineRow[]
}

export interface EngineDescription {
  readonly space: Space
  /** Products with a vector in this space. */
  readonly count: number
}

/**
 * Vectors that live in a database. An engine finds candidates and says nothing about how similar they are: scores, what
 * is shown twice, diversity and order are worked out by this package's own ranking, so that engines differ in recall only.
 *
 * The space is stored with the vectors. An engine may hold several at once, answers from one, and refuses a query of
 * another with `space-mismatch`. Every method that waits rejects with the signal's reason when that is aborted.
 */
export interface VectorEngine {
  /** Rows that are best written at once. Default 500. */
  readonly batch?: number
  /** What it answers from; null while nothing has been activated. */
  describe(signal?: AbortSignal): Promise<EngineDescription | null>
  /**
   * The rows that are most similar to the query, about best first.
   * @throws SimilarItemsError `space-mismatch` where the query lives in another space, `engine-empty`.
   */
  nearest(query: NearestQuery): Promise<FoundRows>
  /** The rows of these ids, in any order; those it does not know are left out. @throws SimilarItemsError `engine-empty`. */
  vectorOf(ids: readonly string[], signal?: AbortSignal): Promise<FoundRows>
  /**
   * Adds rows to a space, or replaces those of the same id. It need not be the space that is answered from.
   * @throws SimilarItemsError `invalid-argument` for a row that `assertStorable` refuses.
   */
  write(space: Space, rows: readonly WrittenRow[], signal?: AbortSignal): Promise<void>
  /** Removes the rows of these ids; those it does not know are none of its business. */
  remove(space: Space, ids: readonly string[], signal?: AbortSignal): Promise<void>
  /**
   * Up to `count` ids of a space behind `after`, in the order of code units or code points, each with the version that
   * it was written with.
   */
  versions(
    space: Space,
    after: string,
    count: number,
    signal?: AbortSignal,
  ): Promise<readonly (readonly [id: string, version: string])[]>
  /** Answers from this space from now on, and forgets the others. */
  activate(space: Space, signal?: AbortSignal): Promise<void>
  close?(): Promise<void>
}

export const noFilter: EngineFilter = { exceptIds: [], exceptGroups: [], conditions: [] }
