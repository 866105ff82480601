import { abortable } from '../../abortable.js'
import type { CatalogProducts } from '../../catalog/catalog-products.js'
import { compareCatalog } from '../../catalog/compare-catalog.js'
import { contentKey } from '../../catalog/content-key.js'
import { SimilarItemsError } from '../../errors.js'
import type { Embedding, Product } from '../../types.js'
import type { VectorCollection } from '../collection/vector-collection.js'
import type { PictureEncoder } from '../pictures/picture-encoder.js'
import type { SyncReport } from '../protocol.js'
import type { Leisure } from '../session/leisure.js'
import type { Retries } from '../session/retries.js'
import type { StatusBoard } from '../session/status-board.js'
import { CatalogSync } from './catalog-sync.js'
import { EligibleRows } from './eligible-rows.js'
import { VectorCoverage } from './vector-coverage.js'
import { VectorMaker } from './vector-maker.js'

/** Whoever looks at a product waits for another tab while that is heard of, but not for so many seconds of silence. */
const patience = 5
/** Nor longer than so many milliseconds in all: the other tab may fail where this one does not. */
const longestWait = 30_000

export interface IndexParts {
  readonly collection: VectorCollection
  readonly pictures: Pick<PictureEncoder, 'encode'>
  readonly status: StatusBoard
  readonly leisure: Leisure
  readonly onProgress: (done: number, total: number) => void
  readonly onChange: () => void
  readonly retries: Pick<Retries, 'isPending' | 'failed'>
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
    if (this.#coverage.missingPictures.length > 0) return false
    return !(this.#parts.retries.isPending && this.#coverage.hasPassingFailures)
  }

  /** Whether it is of these products, and each has its vector, or a picture of which there will be none. */
  covers(products: CatalogProducts): boolean {
    return this.#coverage.products === products && this.isComplete && !this.#coverage.hasPassingFailures
  }

  /** Lets pictures whose failure may have passed be tried again. */
  forgetPassingFailures(): void {
    this.#coverage.forgetFailures(({ mayPass }) => mayPass)
  }

  /** Takes the products of a feed, or of its next version; vectors of products that are gone are dropped. */
  async setProducts(products: CatalogProducts): Promise<void> {
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

  /** The vector of a product, where it has one. */
  knownEmbeddingOf(product: Product): Embedding | undefined {
    return this.#coverage.embeddingOf(product)
  }

  /**
   * The vector of a product, encoded now if need be.
   * @throws SimilarItemsError `product-not-encodable` where its picture cannot be used, `image-unreachable` or
   * `download-stalled` where it cannot be had now, and what opening the encoder throws.
   */
  async embeddingOf(product: Product, signal: AbortSignal): Promise<Embedding> {
    const key = contentKey(product)
    const known = this.#coverage.embeddingOf(product)
    if (known) return known
    try {
      return await abortable(this.#makeOnce(product, key, signal), signal)
    } catch (cause) {
      const failure = this.#coverage.failureOf(key)
      // What may pass is no property of the product.
      if (failure !== cause || failure?.mayPass) throw cause
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

  /** Encodes the picture of a product, unless its vector comes from another tab that encodes pictures now. */
  async #makeOnce(product: Product, key: string, signal: AbortSignal): Promise<Embedding> {
    const { tabs } = this.collection
    const arrived = new AbortController()
    const stop = () => arrived.abort(signal.reason)
    signal.addEventListener('abort', stop)
    let ticks = 0
    const clock = setInterval(() => {
      if (this.#coverage.embeddingOf(product) || ticks * 50 > longestWait) arrived.abort()
      // One that leads only now has not heard it before.
      else if (ticks++ % 20 === 0 && !tabs.isLeading) tabs.want(key)
    }, 50)
    const make = () => this.#maker.make(key, 'page')
    try {
      return await tabs.lead(arrived.signal, make, patience)
    } catch (error) {
      if (!arrived.signal.aborted || signal.aborted) throw error
      return await make()
    } finally {
      clearInterval(clock)
      signal.removeEventListener('abort', stop)
    }
  }
}

function unusable(key: string): SimilarItemsError {
  const message = `The picture ${key} could not be used when the pack was made; its report says why.`
  return new SimilarItemsError('image-undecodable', message, { subject: key })
}
