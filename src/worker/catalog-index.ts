import { abortable } from '../abortable.js'
import { compareCatalog } from '../catalog/compare-catalog.js'
import { contentKey } from '../catalog/content-key.js'
import { SimilarItemsError } from '../errors.js'
import type { Embedding, Product } from '../types.js'
import { CatalogSync } from './catalog-sync.js'
import { EligibleRows } from './eligible-rows.js'
import type { Leisure } from './leisure.js'
import type { PictureEncoder } from './picture-encoder.js'
import type { SyncReport } from './protocol.js'
import type { StatusBoard } from './status-board.js'
import type { VectorCollection } from './vector-collection.js'
import { VectorCoverage } from './vector-coverage.js'
import { VectorMaker } from './vector-maker.js'

/** How long a tab waits for the leading tab to encode a picture before it does so itself. */
const patience = 3000

export interface IndexParts {
  readonly collection: VectorCollection
  readonly pictures: Pick<PictureEncoder, 'encode'>
  readonly status: StatusBoard
  readonly leisure: Leisure
  readonly onProgress: (done: number, total: number) => void
  readonly onChange: () => void
}

/** Brings the vectors of a collection in line with the products of a catalogue, the most wanted first. */
export class CatalogIndex {
  /** Which rows of the collection may be in a list. */
  readonly eligibleRows: EligibleRows
  readonly #parts: IndexParts
  readonly #coverage: VectorCoverage
  readonly #maker: VectorMaker
  readonly #life = new AbortController()
  readonly #sync: CatalogSync

  constructor(parts: IndexParts) {
    const { table } = parts.collection
    this.#parts = parts
    this.#coverage = new VectorCoverage(table)
    const covered = { ...parts, coverage: this.#coverage }
    this.#maker = new VectorMaker(covered, this.#life.signal)
    this.#sync = new CatalogSync(covered, this.#maker, this.#life.signal)
    this.eligibleRows = new EligibleRows(table)
  }

  get collection(): VectorCollection {
    return this.#parts.collection
  }

  /** True when no product is left that might still get a vector. */
  get isComplete(): boolean {
    return this.#coverage.missingPictures.length === 0
  }

  /** Takes the products of a feed, or of its next version; vectors of products that are gone are dropped. */
  async setProducts(products: ReadonlyMap<string, Product>): Promise<void> {
    const { collection, status } = this.#parts
    this.#coverage.products = products
    if (!this.#coverage.isExact) {
      const { gone, toCopy } = compareCatalog([...products.values()], collection.table.entries)
      // All are read before one is written: pictures may have moved between products.
      const copies = toCopy.map(({ product, fromId }) => {
        return { product, embedding: collection.table.embeddingOf(fromId) }
      })
      for (const { product, embedding } of copies) {
        if (embedding) collection.add([{ id: product.id, contentKey: contentKey(product) }], embedding)
      }
      await collection.remove(gone)
    }
    for (const id of status.pictureSkipped.keys()) {
      const product = products.get(id)
      if (!product || !this.#coverage.failureOf(contentKey(product))) status.pictureSkipped.delete(id)
    }
    status.stored = collection.table.size
    status.changed()
  }

  /** Takes note of pictures that are known to be unusable: they are not tried before a sync that is asked for. */
  setUnusable(keys: readonly string[]): void {
    for (const key of keys) this.#maker.noteFailure(key, unusable(key))
  }

  /**
   * The vector of a product, encoded now if need be.
   * @throws SimilarItemsError `product-not-encodable` where its picture cannot be used, and what opening the encoder
   * throws.
   */
  async embeddingOf(product: Product, signal: AbortSignal): Promise<Embedding> {
    const key = contentKey(product)
    const known = this.#coverage.embeddingOf(product) ?? (await this.#fromOtherTab(product, signal))
    if (known) return known
    try {
      return await abortable(this.#maker.make(key, 'page'), signal)
    } catch (cause) {
      const failure = this.#coverage.failureOf(key)
      if (failure !== cause) throw cause
      throw new SimilarItemsError(
        'product-not-encodable',
        `Product "${product.id}" has no vector: ${failure?.message}`,
        { cause, subject: product.id },
      )
    }
  }

  /** Encodes a picture that another tab waits for, where this one leads. */
  encodeWanted(key: string): void {
    if (!this.collection.tabs.isLeading) return
    this.#maker
      .make(key, 'page')
      .then(() => this.collection.flush())
      .catch(() => undefined) // The coverage and the sync itself keep what went wrong.
  }

  /**
   * Encodes every product that has no vector yet, also those whose picture could not be used before.
   * @throws as `CatalogSync.run`.
   */
  sync(): Promise<SyncReport> {
    this.#coverage.forgetFailures()
    this.#parts.status.pictureSkipped.clear()
    return this.#sync.run()
  }

  /** Encodes every product that has no vector yet when there is leisure. @throws as `CatalogSync.run`. */
  syncAtLeisure(): Promise<void> {
    return this.#sync.runAtLeisure()
  }

  async close(): Promise<void> {
    this.#life.abort(new SimilarItemsError('engine-closed', 'The engine was closed.'))
    await this.#sync.ended()
    await this.collection.close()
  }

  /** The vector of a product from the tab that encodes pictures now, where that is another and takes not too long. */
  async #fromOtherTab(product: Product, signal: AbortSignal): Promise<Embedding | undefined> {
    const { tabs } = this.collection
    if (!(await tabs.isLedElsewhere())) return undefined
    tabs.want(contentKey(product))
    const deadline = performance.now() + patience
    for (;;) {
      const theirs = this.#coverage.embeddingOf(product)
      if (theirs || performance.now() > deadline || !(await tabs.isLedElsewhere())) return theirs
      await abortable(new Promise((resolve) => setTimeout(resolve, 50)), signal)
    }
  }
}

function unusable(key: string): SimilarItemsError {
  const message = `The picture ${key} could not be used when the pack was made; its report says why.`
  return new SimilarItemsError('image-undecodable', message, { subject: key })
}
