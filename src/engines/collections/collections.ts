import type { EngineFilter } from '../vector-engine.js'

/** What a database keeps of one product. */
export interface Point {
  /** 32 hexadecimal digits, the same for the same product: also a UUID. */
  readonly key: string
  /** Of norm 1, about. */
  readonly vector: readonly number[]
  /** Texts that filters can ask for, each as `["attribute","value"]`. */
  readonly labels: readonly string[]
  readonly numbers: Readonly<Record<string, number>>
  /** The row: a text that has to come back as it is. */
  readonly row: string
}

export interface CollectionSearch {
  readonly vector: readonly number[]
  readonly count: number
  /**
   * What has to pass, as far as the database can tell: rows that do not pass are left out afterwards, and more are asked
   * for. `labelsOf` gives the labels of which a row has to have one; ids and groups that are excepted are few and can be
   * left to that.
   */
  readonly filter: EngineFilter
}

/** Collections of vectors in a database, or what it calls indexes or tables: 60 to 100 lines for each of ours. */
export interface Collections {
  /** Makes a collection for inner products, unless there is one. Names are lower-case letters, digits and `_`. */
  create(name: string, dimensions: number): Promise<void>
  /** Names that begin so. */
  names(prefix: string): Promise<readonly string[]>
  drop(name: string): Promise<void>
  count(name: string): Promise<number>
  /**
   * Adds points, or replaces those of the same key; they are found when it resolves. Rejects where there is no such
   * collection.
   */
  put(name: string, points: readonly Point[]): Promise<void>
  delete(name: string, keys: readonly string[]): Promise<void>
  /** Rows of these keys; those that are not there are left out. None where there is no such collection. */
  get(name: string, keys: readonly string[], signal?: AbortSignal): Promise<readonly string[]>
  /** Rows with the largest inner products, best first. No scores. */
  search(name: string, search: CollectionSearch, signal?: AbortSignal): Promise<readonly string[]>
  /** All rows, in any order. */
  all(name: string, signal?: AbortSignal): AsyncIterable<string>
  close?(): Promise<void>
}

/** Labels of which a row has to have one to meet a condition on a text. */
export function labelsOf(attribute: string, values: readonly string[]): string[] {
  return values.map((value) => JSON.stringify([attribute, value]))
}
