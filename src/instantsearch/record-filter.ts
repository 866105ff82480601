import { SimilarItemsError } from '../errors.js'
import type { Product } from '../types.js'
import { attributesOf, type Condition, meets, valuesOf } from './condition.js'

/** A condition as a filter of products, which knows in the end whether it has asked about anything that they have. */
export class RecordFilter {
  readonly #condition: Condition
  readonly #toRecord: (product: Product) => Readonly<Record<string, unknown>>
  readonly #unknown: Set<string>
  /** Attributes of the first record, for the message. */
  #known: readonly string[] | null = null
  #hasPassed = false

  constructor(condition: Condition, toRecord: (product: Product) => Readonly<Record<string, unknown>>) {
    this.#condition = condition
    this.#toRecord = toRecord
    this.#unknown = new Set(attributesOf(condition))
  }

  passes(product: Product): boolean {
    const record = { objectID: product.id, ...this.#toRecord(product) }
    this.#known ??= Object.keys(record)
    for (const name of this.#unknown) if (valuesOf(record, name).length > 0) this.#unknown.delete(name)
    const passes = meets(record, this.#condition)
    this.#hasPassed ||= passes
    return passes
  }

  /**
   * Where nothing has passed, an attribute that no product has is more likely a name of the old index than a wish. Where
   * something has, the list may be empty for its threshold.
   * @throws SimilarItemsError `invalid-argument`.
   */
  assertKnown(): void {
    const [name] = this.#unknown
    if (name === undefined || this.#known === null || this.#hasPassed) return
    const message =
      `A lookingSimilar widget filters by "${name}", which no product has; the first one has ${this.#known.join(', ')}. ` +
      'Name one of these, or give similarItemsClient a toRecord that adds it.'
    throw new SimilarItemsError('invalid-argument', message, { subject: name })
  }
}
