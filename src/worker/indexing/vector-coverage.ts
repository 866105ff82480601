import { CatalogProducts } from '../../catalog/catalog-products.js'
import { contentKey } from '../../catalog/content-key.js'
import type { SimilarItemsError } from '../../errors.js'
import type { Embedding, Product } from '../../types.js'
import type { VectorTable } from '../../vectors/vector-table.js'

/** Products without a vector, as of a revision of the table. */
interface Uncovered {
  readonly revision: number
  /** Their positions in the catalogue. */
  readonly positions: readonly number[]
}

/** Tells which products of a catalogue have a vector in a table, and which pictures still lack one. */
export class VectorCoverage {
  readonly #table: VectorTable
  readonly #failures = new Map<string, SimilarItemsError>()
  #products = CatalogProducts.of([])
  /** Positions in the catalogue. */
  #positionsOfPicture: ReadonlyMap<string, readonly number[]> | null = null
  #uncovered: Uncovered | null = null
  /** Of those products, where that is known. */
  #missingPictures: readonly string[] | null = null

  constructor(table: VectorTable) {
    this.#table = table
  }

  get products(): CatalogProducts {
    return this.#products
  }

  set products(products: CatalogProducts) {
    this.#products = products
    this.#positionsOfPicture = null
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
    this.#positionsOfPicture ??= positionsOf(this.#products.outline.contentKeys)
    return this.#positionsOfPicture.get(key)?.map((position) => this.#products.at(position)) ?? []
  }

  /** Whether the vectors are those of the catalogue already, as they usually are: a comparison takes much longer. */
  get isExact(): boolean {
    return this.#table.size === this.#products.size && this.#uncoveredPositions.length === 0
  }

  /**
   * Content keys of pictures that are not known to be unusable, and that a product without a vector shows, in catalogue
   * order.
   */
  get missingPictures(): readonly string[] {
    const positions = this.#uncoveredPositions
    if (!this.#missingPictures) {
      const { contentKeys } = this.#products.outline
      const pictures = new Set(positions.map((position) => contentKeys[position] as string))
      this.#missingPictures = [...pictures].filter((key) => !this.#failures.has(key))
    }
    return this.#missingPictures
  }

  /** How many products have no vector, whatever the reason. */
  get uncovered(): number {
    return this.#uncoveredPositions.length
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
  get #uncoveredPositions(): readonly number[] {
    const { revision } = this.#table
    if (this.#uncovered?.revision !== revision) {
      const { ids, contentKeys } = this.#products.outline
      const positions: number[] = []
      const { entries } = this.#table
      for (let position = 0; position < ids.length; position++) {
        // Rows are often in the order of the catalogue, and a new page takes long to look thousands up.
        const entry = entries[position]
        const id = ids[position] as string
        const key = contentKeys[position] as string
        if (entry?.id === id && entry.contentKey === key) continue
        if (!this.#hasVector(id, key)) positions.push(position)
      }
      this.#uncovered = { revision, positions }
      this.#missingPictures = null
    }
    return this.#uncovered.positions
  }

  #isCovered(product: Product): boolean {
    return this.#hasVector(product.id, contentKey(product))
  }

  #hasVector(id: string, key: string): boolean {
    const row = this.#table.rowOf(id)
    return row !== undefined && this.#table.entries[row]?.contentKey === key
  }
}

/** Where each of the texts occurs in a list. */
function positionsOf(texts: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>()
  for (const [position, text] of texts.entries()) {
    const known = positions.get(text)
    if (known) known.push(position)
    else positions.set(text, [position])
  }
  return positions
}
