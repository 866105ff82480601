import { abortable } from '../../abortable.js'
import type { CatalogProducts } from '../../catalog/catalog-products.js'
import { contentKey } from '../../catalog/content-key.js'
import type { VectorStore } from '../../store/vector-store.js'
import type { Space } from '../../types.js'
import type { PackInUse } from '../catalog/pack-in-use.js'
import { VectorCollection } from '../collection/vector-collection.js'
import type { PictureEncoder } from '../pictures/picture-encoder.js'
import type { WorkerConfig } from '../protocol.js'
import type { Leisure } from '../session/leisure.js'
import type { ModelSpace } from '../session/model-space.js'
import type { Retries } from '../session/retries.js'
import type { SessionReports } from '../session/session-reports.js'
import type { StatusBoard } from '../session/status-board.js'
import { CatalogIndex } from './catalog-index.js'

export interface IndexSlotParts {
  readonly config: Pick<WorkerConfig, 'format'>
  readonly store: VectorStore
  readonly pack: PackInUse
  readonly modelSpace: ModelSpace
  readonly pictures: PictureEncoder
  readonly status: StatusBoard
  readonly reports: SessionReports
  readonly leisure: Leisure
  readonly retries: Retries
  readonly catalogKey: () => string
  /** The catalogue as it is when this is called. */
  readonly products: () => CatalogProducts
}

/** The place of the vectors: empty until somebody needs them, then kept until pack or model are replaced. */
export class IndexSlot {
  readonly #parts: IndexSlotParts
  readonly #life: AbortSignal
  #index: Promise<CatalogIndex> | null = null
  #opened: CatalogIndex | null = null
  /** Vectors that are read before it is known for sure that they are the right ones. */
  #ahead: { readonly space: Space; readonly opening: Promise<VectorCollection> } | null = null

  /** @param life ends what is under way. */
  constructor(parts: IndexSlotParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /** The index, opened if need be. @throws what finding the model's space throws; the signal's reason on abort. */
  index(signal: AbortSignal): Promise<CatalogIndex> {
    return abortable(this.#index ?? this.#hold(this.#open()), signal)
  }

  /** Begins to read the vectors of a space that the index will probably be in, while the catalogue is being read. */
  readAhead(space: Space): void {
    if (this.#index || this.#ahead) return
    const opening = this.#openCollection(space)
    // Whoever needs them hears of it.
    opening.catch(() => undefined)
    this.#ahead = { space, opening }
  }

  /** The index if somebody has asked for it, once it is open; otherwise null. */
  async current(): Promise<CatalogIndex | null> {
    return this.#index
  }

  /** Whether this index is the one in use. */
  has(index: CatalogIndex): boolean {
    return this.#opened === index
  }

  /** Opens another index in the place of the one that is open or being opened. */
  replace(): Promise<CatalogIndex> {
    return this.#hold(this.close().then(() => this.#open()))
  }

  /** The same in this space, unless the index is in it; null then, and where there is none. */
  async moveTo(space: Space): Promise<CatalogIndex | null> {
    if (!this.#opened || this.#opened.collection.space.fingerprint === space.fingerprint) return null
    return this.#hold(this.close().then(() => this.#openIn(space)))
  }

  /** Leaves the place empty at once, for whoever asks meanwhile. Resolves when what was there is closed. */
  async close(): Promise<void> {
    const [index, ahead] = [this.#index, this.#ahead]
    this.#index = null
    this.#ahead = null
    this.#opened = null
    await index?.then((index) => index.close()).catch(() => undefined) // One that did not open, and a store that fails, say so themselves.
    await ahead?.opening.then((collection) => collection.close()).catch(() => undefined)
  }

  /** Keeps an index, unless it fails to open: then the next who needs one opens another. */
  #hold(opening: Promise<CatalogIndex>): Promise<CatalogIndex> {
    const index = opening.catch((error: unknown) => {
      if (this.#index === index) this.#index = null
      throw error
    })
    this.#index = index
    return index
  }

  async #open(): Promise<CatalogIndex> {
    const { modelSpace, pack } = this.#parts
    const stored = await modelSpace.stored().catch(() => undefined)
    const found = await modelSpace.find(this.#life)
    // Where the space is known only now, nothing of the pack is stored; where it still is not, the pack may be.
    if (!stored && (await modelSpace.stored().catch(() => undefined))) pack.prefetch(this.#life)
    const index = await this.#openIn(found)
    const space = modelSpace.confirmed()
    if (!space || index.collection.space.fingerprint === space.fingerprint) return index
    // The encoder opened meanwhile, and its model is newer than the stored identity.
    await index.close()
    return this.#openIn(space)
  }

  async #openIn(space: Space): Promise<CatalogIndex> {
    const { pack, modelSpace, pictures, status, reports, leisure, retries, products, catalogKey } =
      this.#parts
    const collection = await (this.#takeAhead(space) ?? this.#openCollection(space))
    const index = new CatalogIndex({
      collection,
      pictures,
      status,
      leisure,
      onProgress: (loaded, total) => reports.progress({ phase: 'index', loaded, total }),
      onChange: () => reports.changed(),
      retries,
    })
    status.space = space
    status.encoded = 0
    await pack.loadInto(collection, products, this.#life)
    await index.setProducts(products())
    index.setUnusable(pack.unusable)
    this.#opened = index
    modelSpace.noteIndex(catalogKey(), space).catch(() => undefined) // The next visit waits a little longer then.
    return index
  }

  /** What was read ahead, where it is of this space. @throws as opening it. */
  #takeAhead(space: Space): Promise<VectorCollection> | null {
    const ahead = this.#ahead
    this.#ahead = null
    if (!ahead || ahead.space.fingerprint === space.fingerprint) return ahead?.opening ?? null
    ahead.opening.then((collection) => collection.close()).catch(() => undefined)
    return null
  }

  #openCollection(space: Space): Promise<VectorCollection> {
    const { config, store, status, reports, products, catalogKey } = this.#parts
    return VectorCollection.open(store, catalogKey(), space, config.format, {
      onLoaded: (count) => {
        status.stored = count - status.encoded
        reports.changed()
      },
      isCurrent: ({ id, contentKey: key }) => {
        const product = products().get(id)
        return product !== undefined && contentKey(product) === key
      },
      // A tab is asked when it leads, which it does not before its index is open.
      onWanted: (key) => this.#opened?.encodeWanted(key),
      isStarting: () => status.encoder !== 'ready',
    })
  }
}
