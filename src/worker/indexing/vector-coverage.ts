import { contentKey } from '../../catalog/content-key.js'
import { groupByPicture } from '../../catalog/group-by-picture.js'
import type { SimilarItemsError } from '../../errors.js'
import type { Embedding, Product } from '../../types.js'
import type { VectorTable } from '../../vectors/vector-table.js'

/** Products without a vector, as of a revision of the table. */
interface Uncovered {
  readonly revision: number
  readonly products: readonly Product[]
}

/** Tells which products of a catalogue have a vector in a table, and which pictures still lack one. */
export class VectorCoverage {
  readonly #table: VectorTable
  readonly #failures = new Map<string, SimilarItemsError>()
  #products: ReadonlyMap<string, Product> = new Map()
  #productsOfPicture: ReadonlyMap<string, readonly Product[]> | null = null
  #uncovered: Uncovered | null = null
  /** Of those products, where that is known. */
  #missingPictures: readonly string[] | null = null

  constructor(table: VectorTable) {
    this.#table = table
  }

  get products(): ReadonlyMap<string, Product> {
    return this.#products
  }

  set products(products: ReadonlyMap<string, Product>) {
    this.#products = products
    this.#productsOfPicture = null
    this.#uncovered = null
  }

  /** The vector of a product, unless it was made from a picture that the product no longer shows. */
  embeddingOf(product: Product): Embedding | undefined {
    return this.#isCovered(product) ? this.#table.embeddingOf(product.id) : undefined
  }

  /** The vector of a picture, where a product that shows it has one. */
  embeddingOfPicture(key: string): Embedding | undefined {
    for (const product of this.productsShowing(key)) {
      const known = this.embeddingOf(product)
      if (known) return known
    }
    return undefined
  }

  /** Those of them that have no vector. */
  productsLacking(key: string): readonly Product[] {
    return this.productsShowing(key).filter((product) => !this.#isCovered(product))
  }

  productsShowing(key: string): readonly Product[] {
    this.#productsOfPicture ??= groupByPicture(this.#products.values())
    return this.#productsOfPicture.get(key) ?? []
  }

  /** Whether the vectors are those of the catalogue already, as they usually are: a comparison takes much longer. */
  get isExact(): boolean {
    return this.#table.size === this.#products.size && this.#productsUncovered.length === 0
  }

  /**
   * Content keys of pictures that are not known to be unusable, and that a product without a vector shows, in catalogue
   * order.
   */
  get missingPictures(): readonly string[] {
    const products = this.#productsUncovered
    if (!this.#missingPictures) {
      const pictures = new Set(products.map(contentKey))
      this.#missingPictures = [...pictures].filter((key) => !this.#failures.has(key))
    }
    return this.#missingPictures
  }

  /** How many products have no vector, whatever the reason. */
  get uncovered(): number {
    return this.#productsUncovered.length
  }

  /** How many products there are whose picture is not known to be unusable. */
  get encodable(): number {
    let count = this.#products.size
    for (const key of this.#failures.keys()) count -= this.productsShowing(key).length
    return count
  }

  /** Why a picture is known to be unusable. */
  failureOf(key: string): SimilarItemsError | undefined {
    return this.#failures.get(key)
  }

  forgetFailureOf(key: string): void {
    if (this.#failures.delete(key)) this.#missingPictures = null
  }

  noteFailure(key: string, error: SimilarItemsError): void {
    this.#failures.set(key, error)
    this.#missingPictures = null
  }

  /** Whether a product lacks its vector for a reason that may pass. */
  get hasPassingFailures(): boolean {
    for (const [key, { mayPass }] of this.#failures) {
      if (mayPass && this.productsLacking(key).length > 0) return true
    }
    return false
  }

  /** Lets pictures that were unusable be tried again; by default all. */
  forgetFailures(isForgotten: (failure: SimilarItemsError) => boolean = () => true): void {
    for (const [key, failure] of this.#failures) if (isForgotten(failure)) this.#failures.delete(key)
    this.#missingPictures = null
  }

  /** Looks at the whole catalogue, but only after a change: every query asks whether anything is left. */
  get #productsUncovered(): readonly Product[] {
    const { revision } = this.#table
    if (this.#uncovered?.revision !== revision) {
      const products: Product[] = []
      for (const product of this.#products.values()) if (!this.#isCovered(product)) products.push(product)
      this.#uncovered = { revision, products }
      this.#missingPictures = null
    }
    return this.#uncovered.products
  }

  #isCovered(product: Product): boolean {
    const row = this.#table.rowOf(product.id)
    return row !== undefined && this.#table.entries[row]?.contentKey === contentKey(product)
  }
}
