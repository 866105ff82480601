import { abortable } from '../abortable.js'
import { compareCatalog, type PendingPicture } from '../catalog/compare-catalog.js'
import { contentKey } from '../catalog/content-key.js'
import { SimilarItemsError } from '../errors.js'
import type { Embedding, Product } from '../types.js'
import { EligibleRows } from './eligible-rows.js'
import type { Priority } from './encode-queue.js'
import type { PictureEncoder } from './picture-encoder.js'
import type { SyncReport } from './protocol.js'
import type { StatusBoard } from './status-board.js'
import type { VectorCollection } from './vector-collection.js'

/** Pictures fetched and decoded while another is encoded. */
const lanes = 3

/** How long a tab waits for the leading tab to encode a picture before it does so itself. */
const patience = 3000

export interface IndexParts {
  readonly collection: VectorCollection
  readonly pictures: PictureEncoder
  readonly status: StatusBoard
  readonly onProgress: (done: number, total: number) => void
  readonly onChange: () => void
}

/** Pictures that might still get a vector, as of a revision of the table. */
interface Pending {
  readonly revision: number
  readonly pictures: readonly PendingPicture[]
}

/** Brings the vectors of a collection in line with the products of a catalogue, the most wanted first. */
export class CatalogIndex {
  /** Which rows of the collection may be in a list. */
  readonly eligibleRows: EligibleRows
  readonly #parts: IndexParts
  readonly #life = new AbortController()
  readonly #inFlight = new Map<string, Promise<Embedding>>()
  /** Pictures that cannot be encoded, with the error; a sync that is asked for tries them again. */
  readonly #failed = new Map<string, SimilarItemsError>()
  #products: ReadonlyMap<string, Product> = new Map()
  #productsOfPicture: ReadonlyMap<string, readonly Product[]> | null = null
  #pending: Pending | null = null
  #syncing: Promise<SyncReport> | null = null

  constructor(parts: IndexParts) {
    this.#parts = parts
    this.eligibleRows = new EligibleRows(parts.collection.table)
  }

  get collection(): VectorCollection {
    return this.#parts.collection
  }

  /** Takes note of pictures that are known to be unusable: they are not tried before a sync that is asked for. */
  setUnusable(keys: readonly string[]): void {
    for (const key of keys) this.#noteFailure(key, unusable(key))
  }

  /** True when no product is left that might still get a vector. */
  get isComplete(): boolean {
    return this.#pendingPictures().length === 0
  }

  /** Takes the products of a feed, or of its next version; vectors of products that are gone are dropped. */
  async setProducts(products: ReadonlyMap<string, Product>): Promise<void> {
    this.#products = products
    this.#productsOfPicture = null
    this.#pending = null
    const { collection, status } = this.#parts
    if (!this.#isUpToDate()) {
      const { gone, toCopy } = compareCatalog([...products.values()], collection.table.entries)
      for (const { product, fromId } of toCopy) {
        const embedding = collection.table.embeddingOf(fromId)
        if (embedding) collection.add([{ id: product.id, contentKey: contentKey(product) }], embedding)
      }
      await collection.remove(gone)
    }
    status.stored = collection.table.size
    status.changed()
  }

  /**
   * The vector of a product, encoded now if need be.
   * @throws SimilarItemsError `product-not-encodable` where its picture cannot be used, and what opening the encoder
   * throws.
   */
  async embeddingOf(product: Product, signal: AbortSignal): Promise<Embedding> {
    const known = this.#current(product)
    if (known) return known
    const key = contentKey(product)
    const { tabs } = this.collection
    if (await tabs.isLedElsewhere()) {
      tabs.want(key)
      await this.#waitForOtherTab(product, signal)
      const theirs = this.#current(product)
      if (theirs) return theirs
    }
    try {
      return await abortable(this.#encode(key, 'page'), signal)
    } catch (cause) {
      const failure = this.#failed.get(key)
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
    this.#encode(key, 'page')
      .then(() => this.collection.flush())
      .catch(() => undefined) // #failed and the sync itself keep what went wrong.
  }

  /**
   * Encodes every product that has no vector yet, in catalogue order, while no other tab does the same.
   * Resolves when nothing is left to do; calls made meanwhile share it.
   * @throws what opening the encoder throws. Pictures that cannot be used are counted, not thrown.
   */
  sync(options: { retryFailed?: boolean } = {}): Promise<SyncReport> {
    if (options.retryFailed) this.#forgetFailures()
    this.#syncing ??= this.#syncNow().finally(() => {
      this.#syncing = null
    })
    return this.#syncing
  }

  async close(): Promise<void> {
    this.#life.abort(new SimilarItemsError('engine-closed', 'The engine was closed.'))
    await this.#syncing?.catch(() => undefined) // Its callers hear of it; here only its end matters.
    await this.collection.close()
  }

  async #syncNow(): Promise<SyncReport> {
    let encoded = 0
    if (!this.isComplete) {
      await this.collection.tabs.lead(this.#life.signal, async () => {
        await this.collection.load()
        encoded = await this.#encodePending()
        await this.collection.flush()
      })
    }
    await this.collection.flush()
    const skipped = [...this.#products.values()].filter((product) => !this.#isCurrent(product)).length
    return { products: this.#products.size, encoded, skipped }
  }

  async #encodePending(): Promise<number> {
    const pending = this.#pendingPictures()
    let next = 0
    let encoded = 0
    let failure: { error: unknown } | undefined
    const runLane = async () => {
      for (let picture = pending[next++]; picture && !failure; picture = pending[next++]) {
        try {
          await this.#encode(picture.contentKey, 'background')
          encoded++
        } catch (error) {
          if (!this.#failed.has(picture.contentKey)) failure = { error }
        }
        this.#parts.onProgress(this.collection.table.size, this.#products.size - this.#failedProductCount())
      }
    }
    await Promise.all(Array.from({ length: lanes }, runLane))
    if (failure) throw failure.error
    // The feed may have changed meanwhile.
    return this.isComplete ? encoded : encoded + (await this.#encodePending())
  }

  /** Encodes one picture and adds its vector for all products that show it. */
  #encode(key: string, priority: Priority): Promise<Embedding> {
    const failed = this.#failed.get(key)
    if (failed) return Promise.reject(failed)
    // Since a lane made its list, the page or another tab may have asked for the picture.
    const known = this.#knownVector(key)
    if (known) return Promise.resolve(known)
    const running = this.#inFlight.get(key)
    if (running) return running
    const encoding = this.#encodeNow(key, priority).finally(() => this.#inFlight.delete(key))
    this.#inFlight.set(key, encoding)
    return encoding
  }

  async #encodeNow(key: string, priority: Priority): Promise<Embedding> {
    const { pictures, status, collection } = this.#parts
    try {
      const { embedding } = await pictures.encode({ picture: key, priority }, this.#life.signal)
      const entries = this.#productsShowing(key).map(({ id }) => ({ id, contentKey: key }))
      collection.add(entries, embedding)
      status.encoded += entries.length
      status.changed()
      this.#parts.onChange()
      return embedding
    } catch (error) {
      if (error instanceof SimilarItemsError && isPictureProblem(error)) {
        this.#noteFailure(key, error)
        this.#parts.onChange()
      }
      throw error
    }
  }

  #noteFailure(key: string, error: SimilarItemsError): void {
    const { status } = this.#parts
    this.#failed.set(key, error)
    this.#pending = null
    for (const { id } of this.#productsShowing(key)) status.pictureSkipped.set(id, error.message)
    status.changed()
  }

  /** The vector of a product, unless it was made from a picture that the product no longer shows. */
  #current(product: Product): Embedding | undefined {
    return this.#isCurrent(product) ? this.collection.table.embeddingOf(product.id) : undefined
  }

  #isCurrent(product: Product): boolean {
    const { table } = this.collection
    const row = table.rowOf(product.id)
    return row !== undefined && table.entries[row]?.contentKey === contentKey(product)
  }

  #knownVector(key: string): Embedding | undefined {
    for (const product of this.#productsShowing(key)) {
      const known = this.#current(product)
      if (known) return known
    }
    return undefined
  }

  /** Whether the vectors are those of the catalogue already, as they usually are: a comparison takes much longer. */
  #isUpToDate(): boolean {
    if (this.collection.table.size !== this.#products.size) return false
    for (const product of this.#products.values()) if (!this.#isCurrent(product)) return false
    return true
  }

  /** Looks at the whole catalogue, but only after a change: every query asks whether anything is left. */
  #pendingPictures(): readonly PendingPicture[] {
    const { table } = this.collection
    if (this.#pending?.revision !== table.revision) {
      this.#pending = {
        revision: table.revision,
        pictures: this.#isUpToDate() ? [] : this.#missingPictures(),
      }
    }
    return this.#pending.pictures
  }

  #missingPictures(): PendingPicture[] {
    const { toEncode } = compareCatalog([...this.#products.values()], this.collection.table.entries)
    return toEncode.filter((picture) => !this.#failed.has(picture.contentKey))
  }

  #productsShowing(key: string): readonly Product[] {
    this.#productsOfPicture ??= groupByPicture(this.#products.values())
    return this.#productsOfPicture.get(key) ?? []
  }

  #failedProductCount(): number {
    let count = 0
    for (const key of this.#failed.keys()) count += this.#productsShowing(key).length
    return count
  }

  #forgetFailures(): void {
    this.#failed.clear()
    this.#pending = null
  }

  async #waitForOtherTab(product: Product, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + patience
    while (
      !this.#current(product) &&
      performance.now() < deadline &&
      (await this.collection.tabs.isLedElsewhere())
    ) {
      await abortable(new Promise((resolve) => setTimeout(resolve, 50)), signal)
    }
  }
}

function groupByPicture(products: Iterable<Product>): Map<string, Product[]> {
  const groups = new Map<string, Product[]>()
  for (const product of products) {
    const key = contentKey(product)
    const group = groups.get(key)
    if (group) group.push(product)
    else groups.set(key, [product])
  }
  return groups
}

function unusable(key: string): SimilarItemsError {
  const message = `The picture ${key} could not be used when the pack was made; its report says why.`
  return new SimilarItemsError('image-undecodable', message, { subject: key })
}

function isPictureProblem({ code }: SimilarItemsError): boolean {
  return code === 'image-unreachable' || code === 'image-undecodable' || code === 'image-too-large'
}
