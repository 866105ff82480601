import { abortable } from '../abortable.js'
import { parsePackReference } from '../catalog/pack-reference.js'
import { SimilarItemsError } from '../errors.js'
import { MemoryStore } from '../store/memory-store.js'
import { openStore } from '../store/open-store.js'
import type { StoredCatalog, VectorStore } from '../store/vector-store.js'
import type { Product, Space } from '../types.js'
import { CatalogFeed } from './catalog-feed.js'
import { CatalogIndex } from './catalog-index.js'
import { CatalogPack, pickEntries } from './catalog-pack.js'
import { EncoderSlot } from './encoder-slot.js'
import { PictureEncoder } from './picture-encoder.js'
import { toErrorMessage, type WorkerConfig, type WorkerEvent } from './protocol.js'
import { StatusBoard } from './status-board.js'
import { VectorCollection } from './vector-collection.js'

/** For this long a stored model identity is believed without asking the server. */
const identityLifetime = 24 * 60 * 60 * 1000

/** Elements ask again after a change, so changes are told at most this often. */
const changeInterval = 250

/**
 * One catalogue with one model: the products, their vectors, and what it takes to make more of them. What is
 * stored is used at once and compared with the server's version afterwards.
 */
export class CatalogSession {
  readonly status: StatusBoard
  readonly pictures: PictureEncoder
  readonly #config: WorkerConfig
  readonly #notify: (event: WorkerEvent) => void
  readonly #store: VectorStore
  readonly #feed: CatalogFeed
  readonly #slot: EncoderSlot
  readonly #life = new AbortController()
  /** Null where the catalogue has none, or one that does not fit the model. */
  #pack: CatalogPack | null = null
  #index: Promise<CatalogIndex> | null = null
  #openedIndex: CatalogIndex | null = null
  #encoderSpace: Space | null = null
  #changeTimer: ReturnType<typeof setTimeout> | undefined

  private constructor(
    config: WorkerConfig,
    notify: (event: WorkerEvent) => void,
    store: VectorStore,
    status: StatusBoard,
  ) {
    this.#config = config
    this.#notify = notify
    this.#store = store
    this.#feed = new CatalogFeed(config.catalog, store)
    this.status = status
    this.#slot = new EncoderSlot(config, status, {
      onProgress: (progress) => notify({ type: 'progress', progress }),
      onOpened: (space) => this.#noteSpace(space),
    })
    this.pictures = new PictureEncoder(this.#slot, status, async (embedding, signal) => {
      return this.#pack ? this.#pack.project(embedding, signal) : embedding
    })
  }

  /**
   * Opens the store and the catalogue; nothing of the model is loaded.
   * @throws SimilarItemsError `catalog-unreachable` or `catalog-invalid`; the signal's reason on abort.
   */
  static async open(
    config: WorkerConfig,
    notify: (event: WorkerEvent) => void,
    signal: AbortSignal,
  ): Promise<CatalogSession> {
    const status = new StatusBoard((snapshot) => notify({ type: 'status', status: snapshot }))
    const started = performance.now()
    const onWarning = (error: SimilarItemsError) => {
      status.warnings.push(error.message)
      notify({ type: 'warning', error: toErrorMessage(error) })
    }
    const isKept = config.storage === 'indexeddb'
    const store = isKept ? await openStore({ name: config.storeName, signal, onWarning }) : new MemoryStore()
    status.time('openStore', performance.now() - started)
    const session = new CatalogSession(config, notify, store, status)
    try {
      await session.#openCatalog(signal)
    } catch (error) {
      await session.close()
      throw error
    }
    return session
  }

  /** By id, in catalogue order. */
  get products(): ReadonlyMap<string, Product> {
    return this.#feed.current.products
  }

  /** Grows by one with every version of the catalogue that this session has seen. */
  get revision(): number {
    return this.#feed.current.revision
  }

  /** The vectors, opened on first need. */
  index(signal: AbortSignal): Promise<CatalogIndex> {
    this.#index ??= this.#openIndex().catch((error: unknown) => {
      this.#index = null
      throw error
    })
    return abortable(this.#index, signal)
  }

  /**
   * Brings the vectors of products that have none about, in the background. A failure is told as a warning:
   * nobody waits for this.
   */
  indexInBackground(index: CatalogIndex): void {
    if (index.isComplete) return
    index.sync().catch((error: unknown) => {
      if (!this.#life.signal.aborted) this.#notify({ type: 'warning', error: toErrorMessage(error) })
    })
  }

  async clear(): Promise<void> {
    await this.#closeIndex()
    await this.#store.clear()
    await globalThis.caches?.delete(`${this.#config.storeName}-models`)
    this.status.stored = 0
    this.status.encoded = 0
    this.#changed()
  }

  async close(): Promise<void> {
    this.#life.abort(new SimilarItemsError('engine-closed', 'The engine was closed.'))
    clearTimeout(this.#changeTimer)
    this.status.close()
    await this.#closeIndex()
    await this.pictures.close()
    this.#store.close()
  }

  async #openCatalog(signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const mayBeOutdated = await this.#feed.open(signal)
    this.#takeVersion()
    this.status.storage = this.#store.kind
    this.status.time('openCatalog', performance.now() - started)
    if (!mayBeOutdated) return
    void this.#refreshCatalog()
    // What fails here fails again, and is told, when somebody asks.
    this.#openStored().catch(() => undefined)
  }

  /** Looks for a newer version of a catalogue that is already in use. */
  async #refreshCatalog(): Promise<void> {
    try {
      const packBefore = this.#pack?.reference.sha256
      if (!(await this.#feed.refresh(this.#life.signal))) return
      this.#takeVersion()
      const index = await this.#index
      const isSamePack = this.#pack?.reference.sha256 === packBefore
      if (index && !isSamePack) await this.#replaceIndex(() => this.#openIndex())
      else await index?.setProducts(this.products)
      if (index) this.indexInBackground(await this.index(this.#life.signal))
      this.#changed()
    } catch (error) {
      // The stored version goes on serving; that it may be old is worth a warning.
      if (!this.#life.signal.aborted) this.#notify({ type: 'warning', error: toErrorMessage(error) })
    }
  }

  #takeVersion(): void {
    const { products, skipped, pack } = this.#feed.current
    this.#pack = this.#toPack(pack)
    this.status.products = products.size
    this.status.feedSkipped = skipped
    this.status.bytes.catalog = this.#feed.bytes
    this.status.changed()
  }

  /** Opens the vectors of an earlier visit before anybody asks: nothing is downloaded for them. */
  async #openStored(): Promise<void> {
    if (await this.#store.loadModelIdentity(this.#identityKey)) await this.index(this.#life.signal)
  }

  #toPack(pack: StoredCatalog['pack']): CatalogPack | null {
    if (!pack) return null
    try {
      const reference = parsePackReference(pack.value, pack.base)
      return reference && new CatalogPack(reference, pack.base)
    } catch (error) {
      this.#warn(error)
      return null
    }
  }

  async #openIndex(): Promise<CatalogIndex> {
    const index = await this.#openIndexIn(await this.#knownSpace())
    const space = this.#encoderSpace && this.#indexSpace(this.#encoderSpace)
    if (!space || index.collection.space.fingerprint === space.fingerprint) return index
    // The encoder opened meanwhile, and its model is newer than the stored identity.
    await index.close()
    return this.#openIndexIn(space)
  }

  /** The space in which an encoder's vectors are kept. A pack that the encoder did not make is given up. */
  #indexSpace(encoder: Space): Space {
    if (!this.#pack) return encoder
    if (this.#pack.isMadeBy(encoder)) return this.#pack.space
    this.#warn(this.#pack.mismatchWith(encoder))
    this.#pack = null
    return encoder
  }

  async #openIndexIn(space: Space): Promise<CatalogIndex> {
    const { catalog, format } = this.#config
    const refresh = () => {
      this.status.stored = collection.table.size - this.status.encoded
      this.#changed()
    }
    const collection: VectorCollection = await VectorCollection.open(
      this.#store,
      catalog.key,
      space,
      format,
      {
        onLoaded: refresh,
        onWanted: (key) => index.encodeWanted(key),
      },
    )
    const index: CatalogIndex = new CatalogIndex({
      collection,
      pictures: this.pictures,
      status: this.status,
      onProgress: (loaded, total) =>
        this.#notify({ type: 'progress', progress: { phase: 'index', loaded, total } }),
      onChange: () => this.#changed(),
    })
    this.status.space = space
    this.status.encoded = 0
    if (this.#pack) await this.#loadPack(this.#pack, collection)
    await index.setProducts(this.products)
    index.setUnusable(this.#pack?.unusable ?? [])
    this.#openedIndex = index
    return index
  }

  /** Takes over the vectors of the pack, where they are not stored. Without them pictures are encoded here. */
  async #loadPack(pack: CatalogPack, collection: VectorCollection): Promise<void> {
    const { sha256 } = pack.reference
    if (await collection.hasPack(sha256)) return
    try {
      const loaded = await pack.load((loaded, total) => {
        this.status.bytes.pack = loaded
        this.#notify({ type: 'progress', progress: { phase: 'pack', loaded, total } })
      }, this.#life.signal)
      const isWanted = (id: string, key: string) => this.products.get(id)?.image_link === key
      await collection.addPack(pickEntries(loaded, isWanted), sha256)
    } catch (error) {
      this.#life.signal.throwIfAborted()
      this.#warn(error)
    }
  }

  /** The space of the index without loading the model's weights, as far as that can be. */
  async #knownSpace(): Promise<Space> {
    if (this.#encoderSpace) return this.#indexSpace(this.#encoderSpace)
    const signal = this.#life.signal
    const identity = await this.#store.loadModelIdentity(this.#identityKey)
    // Where model and pack were replaced together, the stored identity is the old one's.
    const isOutdated = identity && this.#pack && !this.#pack.isMadeBy(identity.space)
    if (identity && !isOutdated) {
      if (Date.now() - identity.checkedAt > identityLifetime) void this.#refreshSpace()
      return this.#indexSpace(identity.space)
    }
    const known = await this.#slot.knownSpace(signal)
    // Only the weights say which space such a folder leads to: the pack is believed until they are loaded.
    if (!known && this.#pack) return this.#pack.space
    const space = known ?? (await this.#slot.encoder(signal)).space
    await this.#saveIdentity(space)
    return this.#indexSpace(space)
  }

  async #refreshSpace(): Promise<void> {
    try {
      const space = await this.#slot.knownSpace(this.#life.signal)
      if (!space) return
      await this.#saveIdentity(space)
      await this.#noteSpace(space)
    } catch (error) {
      if (!this.#life.signal.aborted) this.#notify({ type: 'warning', error: toErrorMessage(error) })
    }
  }

  /**
   * Takes note of the encoder's space. Where the index is of another, the model was replaced since: vectors of the
   * old one are of no use, and others take their place.
   */
  async #noteSpace(space: Space): Promise<void> {
    this.#encoderSpace = space
    await this.#saveIdentity(space)
    const index = this.#openedIndex
    const indexSpace = this.#indexSpace(space)
    if (!index || index.collection.space.fingerprint === indexSpace.fingerprint) return
    await this.#replaceIndex(() => this.#openIndexIn(indexSpace))
    this.#changed()
  }

  async #replaceIndex(open: () => Promise<CatalogIndex>): Promise<void> {
    await this.#closeIndex()
    const replacement = open()
    this.#index = replacement
    this.indexInBackground(await replacement)
  }

  /** Tells of something that failed and that no call waits for. */
  #warn(error: unknown): void {
    const message = toErrorMessage(error)
    this.status.warnings.push(message.message)
    this.#notify({ type: 'warning', error: message })
  }

  /** What leads to the space of the embeddings: the model and, where there is one, the projection. */
  get #identityKey(): string {
    const { model, projection } = this.#config
    return projection === null ? model : `${model}#${projection}`
  }

  async #saveIdentity(space: Space): Promise<void> {
    await this.#store.saveModelIdentity(this.#identityKey, { space, checkedAt: Date.now() })
  }

  async #closeIndex(): Promise<void> {
    const index = await this.#index?.catch(() => null)
    this.#index = null
    this.#openedIndex = null
    await index?.close()
  }

  #changed(): void {
    this.status.changed()
    this.#changeTimer ??= setTimeout(() => {
      this.#changeTimer = undefined
      this.#notify({ type: 'change', revision: this.revision })
    }, changeInterval)
  }
}
