import { abortable } from '../abortable.js'
import { codeLoader } from '../code-loader.js'
import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import type {
  CropBox,
  Embedding,
  EngineStatus,
  ImageQueryOptions,
  ImageSource,
  Product,
  QueryOptions,
  RankedList,
  VectorQuery,
} from '../types.js'
import {
  type AllowedProducts,
  fromErrorMessage,
  type ProductList,
  type SyncReport,
  type WorkerConfig,
  type WorkerEvent,
} from '../worker/protocol.js'
import { applyFilter } from './apply-filter.js'
import { engineClosed } from './engine-closed.js'
import {
  EngineChangeEvent,
  type EngineEventMap,
  EngineProgressEvent,
  EngineStatusEvent,
  EngineWarningEvent,
} from './engine-events.js'
import { absoluteUrl, type EngineOptions, isRemote, toWorkerConfig } from './engine-options.js'
import { initialStatus } from './initial-status.js'
import { PageCache } from './page-cache.js'
import { plainCrop, plainQuery, plainRanking } from './plain-arguments.js'
import type { RemoteSearch } from './remote-search.js'
import { BlobNumbers, toSendableImage } from './sendable-image.js'
import { type CallArguments, type CallResult, type NamedCall, WorkerConnection } from './worker-connection.js'

const loadRemoteSearch = codeLoader('lists of a server', () => import('./remote-search.js'))

/**
 * Finds similar products of one catalogue. All work happens in a worker; nothing is downloaded or encoded before a
 * question needs it.
 *
 * Every method that waits takes an `AbortSignal` and rejects with its reason when it is aborted; after `close` it
 * rejects with `engine-closed`. When the worker dies, calls under way reject with `worker-died` and the next call
 * starts a new one. A page that is left and comes back from the back/forward cache goes on with a new one too; calls under
 * way are then made anew.
 *
 * @fires progress - EngineProgressEvent
 * @fires change - EngineChangeEvent
 * @fires warning - EngineWarningEvent
 * @fires status - EngineStatusEvent
 */
export class SimilarityEngine extends EventTarget {
  readonly #config: WorkerConfig
  readonly #blobs = new BlobNumbers()
  readonly #life = new AbortController()
  /** Null where all work happens in this page. */
  readonly #remote: Promise<RemoteSearch> | null
  readonly #page = new PageCache(() => this.#comeBack(), this.#life.signal)
  #connection: Promise<WorkerConnection> | null = null
  #status: EngineStatus = initialStatus
  #products: ProductList | null = null
  /** Workers lost in a row. */
  #losses = 0
  #lastLoss = Number.NEGATIVE_INFINITY

  private constructor(options: EngineOptions) {
    super()
    this.#config = toWorkerConfig(options)
    this.#remote = isRemote(options) ? this.#openRemote(options) : null
    this.#remote?.catch(() => undefined) // Whoever asks hears of it.
    const { onProgress } = options
    if (onProgress) this.addEventListener('progress', ({ progress }) => onProgress(progress))
    const { signal } = this.#life
    window.addEventListener('online', () => this.#online(), { signal })
    document.addEventListener('visibilitychange', () => document.hidden && this.#forgetPhoto(), { signal })
  }

  /**
   * An engine whose worker runs and whose catalogue is loaded: from the store where it is known, else from its URL.
   * @throws SimilarItemsError `invalid-argument`, `worker-unavailable`, `catalog-unreachable`, `catalog-invalid`.
   */
  static async open({
    signal,
    ...options
  }: EngineOptions & { signal?: AbortSignal }): Promise<SimilarityEngine> {
    const engine = new SimilarityEngine(options)
    // What a server answers needs no worker; photos open it.
    try {
      await (engine.#remote
        ? abortable(engine.#remote, signal)
        : engine.#page.run(() => engine.#connect(signal), signal))
      return engine
    } catch (error) {
      // Nobody else can.
      void engine.close()
      throw error
    }
  }

  /** How the engine is doing: a snapshot that is replaced, never changed. */
  get status(): EngineStatus {
    return this.#status
  }

  /**
   * Products similar to one of the catalogue, best first. Resolves as soon as that product's own vector exists and
   * ranks what has a vector by then; where `complete` is false, ask again after a `change` event.
   * @throws SimilarItemsError `product-unknown`, `product-not-encodable`, `no-backend`, `model-*`, `runtime-unreachable`.
   */
  async similarTo(id: string, options: QueryOptions = {}): Promise<RankedList> {
    const remote = await this.#openedRemote()
    if (remote) return remote.search({ items: [id] }, options, (engine) => engine.similarTo(id, options))
    const { filter, signal, ...ranking } = options
    return this.#filtered(filter, signal, (connection, allowed) =>
      connection.call('similarTo', [id, plainRanking(ranking), allowed], signal),
    )
  }

  /**
   * Products that look like a picture, best first. The picture stays on the device; with `engine` and without `cells`,
   * its vector is sent to that server.
   * @throws SimilarItemsError `image-unreachable`, `image-undecodable`, `image-too-large`, `no-backend`, `model-*`,
   * `runtime-unreachable`.
   */
  async searchByImage(image: ImageSource, options: ImageQueryOptions = {}): Promise<RankedList> {
    const remote = await this.#openedRemote()
    if (remote) {
      const ask = async () => remote.ask({ vector: await this.embed(image, options) }, options)
      return remote.orLocally('vector', ask, (engine) => engine.searchByImage(image, options))
    }
    const { filter, signal, crop, ...ranking } = options
    const sendable = await toSendableImage(image, this.#blobs)
    const query = { ...plainRanking(ranking), ...(crop && { crop: plainCrop(crop) }) }
    return this.#filtered(filter, signal, (connection, allowed) =>
      connection.call('searchByImage', [sendable, query, allowed], signal),
    )
  }

  /**
   * Products near a vector of this engine's space, such as `embed` gives, or near several products at once, which are
   * left out. Resolves as soon as those products have vectors, as `similarTo` does.
   * @throws SimilarItemsError `invalid-argument` for a vector without direction and for weights that do not fit,
   * `space-mismatch` for a vector of another space; for items what `similarTo` throws.
   */
  async search(query: VectorQuery, options: QueryOptions = {}): Promise<RankedList> {
    const { filter, signal, ...ranking } = options
    const plain = plainQuery(query)
    const remote = await this.#openedRemote()
    if (remote) return remote.search(plain, options, (engine) => engine.search(plain, options))
    return this.#filtered(filter, signal, (connection, allowed) =>
      connection.call('search', [plain, plainRanking(ranking), allowed], signal),
    )
  }

  /** The embedding of a picture, or of a region of it: a unit vector with its space. Throws as `searchByImage`. */
  async embed(
    image: ImageSource,
    options: { crop?: CropBox; signal?: AbortSignal } = {},
  ): Promise<Embedding> {
    const { crop, signal } = options
    const sendable = await toSendableImage(image, this.#blobs)
    return this.#call('embed', [sendable, crop ? plainCrop(crop) : null], signal)
  }

  /**
   * The part of a photo that is worth searching with, found by the encoder itself; `null` where the whole photo is as
   * good, as for product pictures. Throws as `searchByImage`.
   */
  async proposeCrop(image: ImageSource, options: { signal?: AbortSignal } = {}): Promise<CropBox | null> {
    const propose = async () =>
      this.#call('proposeCrop', [await toSendableImage(image, this.#blobs)], options.signal)
    const remote = await this.#openedRemote()
    return remote
      ? remote.orLocally('vector', propose, (engine) => engine.proposeCrop(image, options))
      : propose()
  }

  /**
   * A picture as it is encoded: upright and in sRGB, its longer side no more than 1600 pixels. For files that the browser
   * cannot show in an `<img>`, or not upright. Needs no model. Throws as `searchByImage`.
   */
  async preview(image: ImageSource, options: { signal?: AbortSignal } = {}): Promise<ImageBitmap> {
    const show = async () =>
      this.#call('preview', [await toSendableImage(image, this.#blobs), 1600], options.signal)
    const remote = await this.#openedRemote()
    return remote ? remote.orLocally('vector', show, (engine) => engine.preview(image, options)) : show()
  }

  /**
   * Downloads ONNX Runtime and the model and opens the encoder, so that the first picture need not wait: for the
   * moment in which a shopper reaches for the photo search. `progress` events tell how far it is; once it is done,
   * calling it again does nothing. Aborting ends the download, unless somebody else waits for it.
   * @throws SimilarItemsError `no-backend`, `model-*`, `runtime-unreachable`.
   */
  async prepare(options: { signal?: AbortSignal } = {}): Promise<void> {
    const prepare = () => this.#call('prepare', [], options.signal)
    const remote = await this.#openedRemote()
    return remote ? remote.orLocally('vector', prepare, (engine) => engine.prepare(options)) : prepare()
  }

  /** The products of the catalogue, in its order. With `engine` or `cells` there are none: the page has no catalogue. */
  async products(options: { signal?: AbortSignal } = {}): Promise<readonly Product[]> {
    if (this.#remote) return []
    const { signal } = options
    const list = await this.#page.run(
      async () => this.#productList(await this.#connect(signal), signal),
      signal,
    )
    return list.products
  }

  /**
   * Encodes every product that has no vector yet and stores it; resolves when nothing is left to do. Aborting ends
   * the waiting, not the work.
   */
  async sync(options: { signal?: AbortSignal } = {}): Promise<SyncReport> {
    return this.#call('sync', [], options.signal)
  }

  /** Forgets everything that is stored on this device: vectors, catalogues and the model. */
  async clear(options: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#call('clear', [], options.signal)
  }

  /** Stores what is not stored yet and ends the worker. */
  async close(): Promise<void> {
    this.#life.abort(engineClosed())
    // At once: what waits for a slow server opens nothing any more.
    const closing = this.#remote?.then((remote) => remote.close()).catch(() => undefined)
    const connection = await this.#connection?.catch(() => null)
    this.#connection = null
    await Promise.all([connection?.close(), closing])
  }

  override addEventListener<K extends keyof EngineEventMap>(
    type: K,
    listener: ((event: EngineEventMap[K]) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener | null, options)
  }

  override removeEventListener<K extends keyof EngineEventMap>(
    type: K,
    listener: ((event: EngineEventMap[K]) => void) | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener as EventListener | null, options)
  }

  get #isClosed(): boolean {
    return this.#life.signal.aborted
  }

  async #openedRemote(): Promise<RemoteSearch | null> {
    if (this.#isClosed) throw engineClosed()
    return this.#remote
  }

  /** The worker that runs, or a new one where there is none or the last one died. */
  async #connect(signal: AbortSignal | undefined): Promise<WorkerConnection> {
    if (this.#isClosed) throw engineClosed()
    const current = this.#connection
    const opened = current?.catch(() => null)
    const connection = opened && (await abortable(opened, signal))
    if (connection?.isUsable) return connection
    // Somebody else who waited may have started the new worker meanwhile.
    if (this.#connection !== current) return this.#connect(signal)
    // A new worker counts the versions of the catalogue anew.
    this.#products = null
    const opening = this.#openWorker(
      signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal,
    )
    this.#connection = opening
    opening.then(
      ({ life }) => life.addEventListener('abort', () => this.#lost(life.reason)),
      () => undefined, // Who asked hears of it.
    )
    return opening
  }

  async #openWorker(signal: AbortSignal): Promise<WorkerConnection> {
    const remote = await abortable(this.#remote ?? Promise.resolve(null), signal)
    const projection = this.#config.projection ?? (remote ? await remote.projection(signal) : null)
    const { leaving } = this.#page
    const onEvent = (event: WorkerEvent) => this.#handle(event)
    return WorkerConnection.open({ ...this.#config, projection }, onEvent, leaving, signal)
  }

  /** What is told of the local engine goes on to who listens to this one, `onProgress` among them. */
  async #openRemote({ engine, cells, onProgress: _, ...options }: EngineOptions): Promise<RemoteSearch> {
    const { RemoteSearch } = await loadRemoteSearch()
    const openLocal = async () => {
      const local = await SimilarityEngine.open({ ...options, signal: this.#life.signal })
      local.addEventListener('change', () => this.dispatchEvent(new EngineChangeEvent()))
      local.addEventListener('progress', ({ progress }) =>
        this.dispatchEvent(new EngineProgressEvent(progress)),
      )
      return local
    }
    return new RemoteSearch({
      engine: engine === undefined ? null : absoluteUrl('engine', engine),
      cells: cells === undefined ? null : absoluteUrl('cells', cells),
      openLocal: options.catalog === undefined ? null : openLocal,
      warn: (error) => this.#warn(error),
    })
  }

  /** Lists of a dead worker are not kept up to date any more: after growing pauses, who follows one asks again. */
  #lost(error: unknown): void {
    if (this.#isClosed || !isSimilarItemsError(error, 'worker-died')) return
    this.#warn(error)
    this.#askAgain()
  }

  #askAgain(): void {
    const now = performance.now()
    this.#losses = now - this.#lastLoss > 60_000 ? 0 : this.#losses + 1
    this.#lastLoss = now
    if (this.#losses < 8)
      setTimeout(() => this.#handle({ type: 'change', revision: -1 }), 250 * 2 ** this.#losses)
  }

  /** What failed for want of the network is tried again. */
  #online(): void {
    const retried = this.#connection?.then((connection) => connection.call('retry', []))
    retried?.catch(() => undefined) // A new worker has nothing to try again.
  }

  /** Calls the worker that runs then. */
  #call<K extends NamedCall>(
    name: K,
    args: CallArguments<K>,
    signal: AbortSignal | undefined,
  ): Promise<CallResult<K>> {
    return this.#page.run(async () => (await this.#connect(signal)).call(name, args, signal), signal)
  }

  /** Lists that were not complete when the page left are worth asking again. */
  #comeBack(): void {
    if (this.#connection) this.dispatchEvent(new EngineChangeEvent())
  }

  /** Phones end hidden pages that hold much memory. */
  #forgetPhoto(): void {
    const forgotten = this.#connection?.then((connection) => connection.call('forgetPhoto', []))
    forgotten?.catch(() => undefined) // A worker that is gone keeps nothing.
  }

  #handle(event: WorkerEvent): void {
    if (this.#isClosed) return
    if (event.type === 'progress') this.dispatchEvent(new EngineProgressEvent(event.progress))
    else if (event.type === 'change') {
      if (this.#products?.revision !== event.revision) this.#products = null
      this.dispatchEvent(new EngineChangeEvent())
    } else if (event.type === 'status') {
      this.#status = event.report.status
      this.dispatchEvent(new EngineStatusEvent())
    } else if (event.type === 'spent') this.#askAgain()
    else {
      const error = fromErrorMessage(event.error)
      const isOurs = isSimilarItemsError(error)
      this.#warn(isOurs ? error : new SimilarItemsError('worker-died', error.message, { cause: error }))
    }
  }

  #warn(error: SimilarItemsError): void {
    const warning = new EngineWarningEvent(error)
    if (this.dispatchEvent(warning)) console.warn(warning.error)
  }

  /** Asks with the filter's verdict on every product; once more where the catalogue changed in between. */
  #filtered(
    filter: ((product: Product) => boolean) | undefined,
    signal: AbortSignal | undefined,
    ask: (connection: WorkerConnection, allowed: AllowedProducts | null) => Promise<RankedList>,
  ): Promise<RankedList> {
    return this.#page.run(async () => {
      const connection = await this.#connect(signal)
      if (!filter) return ask(connection, null)
      try {
        return await ask(connection, applyFilter(await this.#productList(connection, signal), filter))
      } catch (error) {
        if (!(error instanceof Error && error.name === 'StaleFilterError')) throw error
        this.#products = null
        return ask(connection, applyFilter(await this.#productList(connection, signal), filter))
      }
    }, signal)
  }

  async #productList(connection: WorkerConnection, signal: AbortSignal | undefined): Promise<ProductList> {
    this.#products ??= await connection.call('products', [], signal)
    return this.#products
  }
}
