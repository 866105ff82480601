import { abortable } from '../../abortable.js'
import type { CatalogProducts } from '../../catalog/catalog-products.js'
import { cacheAnswer, cacheStorage } from '../../encoder/cache-storage.js'
import type { StartThread } from '../../encoder/threads/thread-script.js'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import { pause } from '../../network/pause.js'
import { MemoryStore } from '../../store/memory-store.js'
import { openStore } from '../../store/open-store.js'
import type { StoredCatalog, VectorStore } from '../../store/vector-store.js'
import type { Product, Space } from '../../types.js'
import { prepareScanKernel } from '../../vectors/scan-kernel.js'
import { CatalogFeed } from '../catalog/catalog-feed.js'
import { PackInUse } from '../catalog/pack-in-use.js'
import { VectorsByPicture } from '../collection/vectors-by-picture.js'
import type { CatalogIndex } from '../indexing/catalog-index.js'
import { IndexSlot } from '../indexing/index-slot.js'
import { EncoderSlot } from '../pictures/encoder-slot.js'
import { PictureEncoder } from '../pictures/picture-encoder.js'
import { toErrorMessage, type WorkerConfig, type WorkerEvent } from '../protocol.js'
import { AnswerKeeper } from './answer-keeper.js'
import { Leisure } from './leisure.js'
import { ModelSpace } from './model-space.js'
import { Retries } from './retries.js'
import { SessionReports } from './session-reports.js'
import { StatusBoard } from './status-board.js'

/** For so many milliseconds the vectors of an earlier visit are opened without asking for a newer catalogue. */
const longestOpening = 500

/** For so many milliseconds the products of a catalogue wait for the request for its pack. */
const longestHold = 20
/** Milliseconds in which a page that asks at once has asked. */
const askingTime = 100
/** Milliseconds after which a catalogue is stored though somebody waits for an answer. */
const longestAnswer = 2000

/** The page that a session works for. */
export interface SessionPage {
  readonly notify: (event: WorkerEvent) => void
  /** Resolves when the page has time for work that nobody waits for. */
  readonly idle: () => Promise<void>
  readonly startThread: StartThread
}

/**
 * One catalogue with one model: the products, their vectors, and what it takes to make more of them. What is
 * stored is used at once and compared with the server's version afterwards.
 */
export class CatalogSession {
  readonly status: StatusBoard
  readonly pictures: PictureEncoder
  /** Interrupt it for everything that somebody waits for. */
  readonly leisure: Leisure
  readonly #config: WorkerConfig
  readonly #store: VectorStore
  readonly #reports: SessionReports
  readonly #retries: Retries
  readonly #feed: CatalogFeed
  readonly #pack: PackInUse
  readonly #modelSpace: ModelSpace
  readonly #index: IndexSlot
  readonly #keeper: AnswerKeeper
  readonly #life = new AbortController()
  /** Whether a newer version of the catalogue could not be asked for. */
  #mayBeOutdated = false
  /** Settles when a stored catalogue has been compared with the server's. */
  #comparing: Promise<unknown> = Promise.resolve()
  #refreshing: Promise<void> | null = null

  private constructor(
    config: WorkerConfig,
    { notify, idle, startThread }: SessionPage,
    store: VectorStore,
    status: StatusBoard,
  ) {
    this.#config = config
    this.#store = store
    this.status = status
    const reports = new SessionReports(notify, status, () => this.revision)
    const retries = new Retries(
      () => this.#tryAgain(),
      () => reports.changed(),
    )
    const pack = new PackInUse(status, reports, retries)
    const slot = new EncoderSlot(config, status, {
      onProgress: (progress) => reports.progress(progress),
      onOpened: (space) => this.#noteSpace(space),
      onSpent: () => notify({ type: 'spent' }),
      startThread,
    })
    const { heicDecoder } = config
    const pictures = new PictureEncoder(slot, status, {
      toIndexSpace: (embedding, signal) => pack.project(embedding, signal),
      heic: heicDecoder === null ? null : { module: heicDecoder, startThread },
    })
    const modelSpace = new ModelSpace({ config, store, slot, pack }, () =>
      this.#untilClosed(this.#refreshSpace()),
    )
    const leisure = new Leisure(idle)
    const products = () => this.products
    this.#feed = new CatalogFeed(config.catalog, store, () => this.#afterAnswer())
    const vectors =
      'items' in config.catalog
        ? new VectorsByPicture(store, config.catalog.key, () => this.products.values())
        : store
    const indexParts = {
      config,
      store: vectors,
      pack,
      modelSpace,
      pictures,
      status,
      reports,
      leisure,
      retries,
      catalogKey: () => this.#feed.key,
      products,
    }
    this.#reports = reports
    this.#retries = retries
    this.#pack = pack
    this.#modelSpace = modelSpace
    this.#index = new IndexSlot(indexParts, this.#life.signal)
    const isInUse = (index: CatalogIndex) => this.#index.has(index)
    const kept = { config, store, feed: this.#feed, leisure, isInUse }
    this.#keeper = new AnswerKeeper(kept, this.#life.signal)
    this.pictures = pictures
    this.leisure = leisure
  }

  /**
   * Opens the store and the catalogue; nothing of the model is loaded.
   * @throws SimilarItemsError `catalog-unreachable` or `catalog-invalid`; the signal's reason on abort.
   */
  static async open(config: WorkerConfig, page: SessionPage, signal: AbortSignal): Promise<CatalogSession> {
    const { notify } = page
    const status = new StatusBoard((report) => notify({ type: 'status', report }))
    const started = performance.now()
    const onWarning = (error: SimilarItemsError) => {
      // A store goes on in memory when it fails, which may be long after the catalogue was opened.
      if (error.code === 'storage-unavailable') status.storage = 'memory'
      status.warnings.push(error.message)
      status.changed()
      notify({ type: 'warning', error: toErrorMessage(error) })
    }
    const isKept = config.storage === 'indexeddb'
    const opening = isKept ? openStore({ name: config.storeName, signal, onWarning }) : new MemoryStore()
    prepareScanKernel()
    const store = await opening
    status.time('openStore', performance.now() - started)
    const session = new CatalogSession(config, page, store, status)
    try {
      await session.#openCatalog(signal)
    } catch (error) {
      await session.close()
      throw error
    }
    return session
  }

  /** By id, in catalogue order. */
  get products(): CatalogProducts {
    return this.#feed.current.products
  }

  /**
   * A product of the catalogue. One that a stored catalogue lacks may be new: the server's version is waited for.
   * @throws SimilarItemsError `product-unknown`; the signal's reason on abort.
   */
  async product(id: string, signal: AbortSignal): Promise<Product> {
    if (!this.products.has(id)) await this.compared(signal)
    const product = this.products.get(id)
    if (product) return product
    const skipped = this.#feed.current.skipped.find((item) => item.id === id)
    const why = skipped
      ? `was left out of the catalogue: ${skipped.reason}`
      : `is not among the ${this.products.size} products of the catalogue`
    throw new SimilarItemsError('product-unknown', `Product "${id}" ${why}.`, {
      subject: id,
      mayPass: this.#mayBeOutdated,
    })
  }

  /**
   * Resolves when the catalogue has been compared with the server's version, as far as that can be had.
   * @throws the signal's reason on abort.
   */
  async compared(signal: AbortSignal): Promise<void> {
    // Why there is no newer version is told elsewhere.
    await abortable(this.#comparing, signal).catch(() => signal.throwIfAborted())
  }

  /** Grows by one with every version of the catalogue that this session has seen. */
  get revision(): number {
    return this.#feed.current.revision
  }

  /** The vectors, opened on first need. */
  index(signal: AbortSignal): Promise<CatalogIndex> {
    return this.#index.index(signal)
  }

  /**
   * Brings the vectors of products that have none about when there is leisure. A failure is told as a warning: nobody
   * waits for this.
   */
  indexInBackground(index: CatalogIndex): void {
    if (index.isComplete) return
    this.#untilClosed(index.syncAtLeisure())
  }

  /** Keeps an answer for the next visit of its page when there is leisure; without it that takes a moment longer. */
  keepAnswer(...kept: Parameters<AnswerKeeper['keep']>): void {
    this.#keeper.keep(...kept).catch(() => undefined)
  }

  /** Somebody asks: what failed and may have passed is not left waiting for long. */
  hurry(): void {
    this.#retries.hurry()
  }

  /** The network may be back. */
  retryNow(): void {
    this.#retries.now()
  }

  async clear(): Promise<void> {
    await this.#index.close()
    await this.#feed.save()
    await this.#store.clear()
    this.#modelSpace.forget()
    // Where the browser denies the page its storage, there is nothing to forget.
    await cacheAnswer(cacheStorage()?.delete(`${this.#config.storeName}-models`), false)
    this.status.stored = 0
    this.status.encoded = 0
    this.#reports.changed()
  }

  async close(): Promise<void> {
    this.#life.abort(new SimilarItemsError('engine-closed', 'The engine was closed.'))
    this.#retries.close()
    this.#reports.close()
    this.status.close()
    await this.#index.close()
    await this.pictures.close()
    await this.#feed.save()
    this.#store.close()
  }

  async #openCatalog(signal: AbortSignal): Promise<void> {
    const started = performance.now()
    this.#readAhead().catch(() => undefined) // What fails is asked for again when it is needed.
    const mayBeOutdated = await this.#feed.open(
      signal,
      this.#config.asksAtOnce ? () => this.#fetchAhead() : undefined,
    )
    this.#takeVersion()
    this.status.storage = this.#store.kind
    this.status.time('openCatalog', performance.now() - started)
    if (!mayBeOutdated) return
    // Who asks for a product that is newer waits from now on.
    this.#mayBeOutdated = true
    this.#comparing = this.#openThenRefresh()
    // The stored version goes on serving; that it may be old is worth a warning.
    this.#untilClosed(this.#comparing)
  }

  /**
   * Asks for the model's space beside a catalogue that is not stored. Returns what begins to download its pack before the
   * products are validated.
   */
  #fetchAhead(): (pack: StoredCatalog['pack']) => Promise<void> {
    const { signal } = this.#life
    const unknownSpace = async () => ((await this.#modelSpace.stored()) ? null : this.#modelSpace.ask(signal))
    const asked = unknownSpace().catch(() => null) // It is asked for again when it is needed.
    return async (pack) => {
      this.#pack.take(pack)
      const begun = asked.then((space) => {
        if (space && this.#pack.fits(space)) this.#pack.prefetch(signal)
        return pause(0, signal)
      })
      await Promise.race([begun, pause(longestHold, signal)])
    }
  }

  /** Resolves when whoever asked as soon as the catalogue was open has an answer, or has not asked after all. */
  async #afterAnswer(): Promise<void> {
    const answered = pause(this.#config.asksAtOnce ? askingTime : 0).then(() => this.leisure.unasked())
    await Promise.race([answered, pause(longestAnswer)])
  }

  /** Reads the vectors beside the catalogue: which ones they are an earlier visit knew. */
  async #readAhead(): Promise<void> {
    const { catalog } = this.#config
    const opened = (await this.#modelSpace.stored())?.opened
    // Inline catalogues have no key before they are read.
    if ('url' in catalog && opened?.catalog === catalog.key) this.#index.readAhead(opened.space)
  }

  /** Whoever waits for a list is answered from what is stored before the server is asked, unless that takes long. */
  async #openThenRefresh(): Promise<void> {
    const { signal } = this.#life
    // What fails here fails again, and is told, when somebody asks.
    await Promise.race([this.#openStored().catch(() => undefined), pause(longestOpening, signal)])
    await pause(0, signal)
    await this.#refreshCatalog()
  }

  /** Looks for a newer version of a catalogue that is already in use. */
  #refreshCatalog(): Promise<void> {
    // Of two that run side by side the one that is answered last would win, with whatever version it got.
    this.#refreshing ??= this.#takeNewer().finally(() => {
      this.#refreshing = null
    })
    this.#comparing = this.#refreshing
    return this.#refreshing
  }

  async #takeNewer(): Promise<void> {
    const packBefore = this.#pack.hash
    this.#mayBeOutdated = true
    const isNew = await this.#feed.refresh(this.#life.signal)
    this.#mayBeOutdated = false
    if (!isNew) return
    this.#takeVersion()
    const index = await this.#index.current()
    const isSamePack = this.#pack.hash === packBefore
    if (index && !isSamePack) await this.#index.replace()
    else await index?.setProducts(this.products)
    if (index) this.indexInBackground(await this.index(this.#life.signal))
    this.#reports.changed()
  }

  /** What failed and may have passed, in the order in which it depends on each other. */
  async #tryAgain(): Promise<void> {
    const { signal } = this.#life
    // A deploy replaces the pack with the catalogue that names it.
    if (this.#mayBeOutdated || this.#pack.isMissing) await this.#refreshCatalog()
    const index = await this.#index.current().catch(() => null)
    if (
      index &&
      this.#pack.isMissing &&
      (await this.#pack.loadInto(index.collection, () => this.products, signal))
    ) {
      await index.setProducts(this.products)
      this.#reports.changed()
    }
    index?.forgetPassingFailures()
    if (index) await index.syncAtLeisure()
    // It did not open; who follows a list has it opened now.
    else this.#reports.changed()
  }

  #takeVersion(): void {
    const { products, skipped, pack } = this.#feed.current
    this.#pack.take(pack)
    this.status.products = products.size
    this.status.feedSkipped = skipped
    this.status.bytes.catalog = this.#feed.bytes
    this.status.changed()
  }

  /** Opens the vectors of an earlier visit before anybody asks: nothing is downloaded for them. */
  async #openStored(): Promise<void> {
    if (await this.#modelSpace.stored()) await this.index(this.#life.signal)
  }

  async #refreshSpace(): Promise<void> {
    const space = await this.#modelSpace.ask(this.#life.signal)
    if (space) await this.#noteSpace(space)
  }

  /**
   * Takes note of the encoder's space. Where the index is of another, the model was replaced since: vectors of the
   * old one are of no use, and others take their place.
   */
  async #noteSpace(space: Space): Promise<void> {
    await this.#modelSpace.confirm(space)
    const moved = await this.#index.moveTo(this.#pack.spaceFor(space))
    if (!moved) return
    this.indexInBackground(moved)
    this.#reports.changed()
  }

  /** Lets something go on that nobody waits for; a failure is told as a warning. */
  #untilClosed(task: Promise<unknown>): void {
    task.catch((error: unknown) => {
      if (this.#life.signal.aborted) return
      this.#reports.failed(error)
      if (isSimilarItemsError(error) && error.mayPass) this.#retries.failed()
    })
  }
}
