import { abortable } from '../../abortable.js'
import type * as EncodingCode from '../../encoder/encoding.js'
import type { CropProposal, ImageEncoder } from '../../encoder/image-encoder.js'
import type { ModelFolder } from '../../encoder/model/model-folder.js'
import { importScript } from '../../encoder/runtime/import-script.js'
import type { StartThread } from '../../encoder/threads/thread-script.js'
import { isAbort } from '../../errors.js'
import type { BackendName, Embedding, Progress, Space } from '../../types.js'
import { project } from '../../vectors/projection.js'
import { ProjectionFile } from '../catalog/projection-file.js'
import type { WorkerConfig } from '../protocol.js'
import type { StatusBoard } from '../session/status-board.js'

export interface EncoderEvents {
  onProgress: (progress: Progress) => void
  /** Told the space of the embeddings before anybody gets the encoder. */
  onOpened: (space: Space) => Promise<void>
  /** The code that encodes, or ONNX Runtime, cannot be started in this worker any more. */
  onSpent: () => void
  startThread: StartThread
}

interface Opening {
  readonly encoder: Promise<ImageEncoder>
  waiting: number
  readonly abort: AbortController
}

/**
 * The place of the encoder: empty until a picture needs one, then kept. Everybody who asks while it opens waits
 * for the same opening; when the last of them gives up, the opening is aborted.
 */
export class EncoderSlot {
  readonly #config: WorkerConfig
  readonly #status: StatusBoard
  readonly #events: EncoderEvents
  readonly #projection: ProjectionFile | null
  #code: Promise<typeof EncodingCode> | null = null
  #folder: Promise<ModelFolder> | null = null
  #opening: Opening | null = null
  #encoder: ImageEncoder | null = null
  /** A backend that failed while it ran is not tried again in this worker. */
  #brokenBackends = new Set<BackendName>()

  constructor(config: WorkerConfig, status: StatusBoard, events: EncoderEvents) {
    this.#config = config
    this.#status = status
    this.#events = events
    this.#projection = config.projection === null ? null : new ProjectionFile(config.projection)
  }

  /** What decodes and encodes. @throws SimilarItemsError `runtime-unreachable`; the signal's reason on abort. */
  code(signal: AbortSignal): Promise<typeof EncodingCode> {
    const load = () => import('../../encoder/encoding.js')
    this.#code ??= this.#script('The code that encodes pictures', load).catch((error: unknown) => {
      this.#code = null
      throw error
    })
    return abortable(this.#code, signal)
  }

  /** Takes note that a script beside that code did not come. */
  lost(): void {
    this.#events.onSpent()
  }

  /** The model folder's small files; they are read once, and on for others when one who asked gives up. */
  folder(signal: AbortSignal): Promise<ModelFolder> {
    this.#folder ??= this.#loadFolder().catch((error: unknown) => {
      this.#folder = null
      throw error
    })
    return abortable(this.#folder, signal)
  }

  /**
   * The space of the embeddings, without loading the weights; null where nothing else says it.
   * @throws SimilarItemsError `model-*`; `pack-*` and `space-mismatch` for the projection; the signal's reason on abort.
   */
  async knownSpace(signal: AbortSignal): Promise<Space | null> {
    const { space } = await this.folder(signal)
    if (space) return this.#spaceAfter(space, signal)
    // Should the projection be one of another encoder, that is found out when the weights are loaded.
    return this.#projection && (await this.#projection.load(signal)).to
  }

  /** The encoder, opened if need be. */
  async encoder(signal: AbortSignal): Promise<ImageEncoder> {
    signal.throwIfAborted()
    // One that everybody gave up on ends first: ONNX Runtime does not create two sessions at once.
    while (this.#opening?.abort.signal.aborted) {
      await abortable(
        this.#opening.encoder.catch(() => undefined), // those who waited for it have heard
        signal,
      )
    }
    if (this.#encoder) return this.#encoder
    this.#opening ??= this.#open()
    const opening = this.#opening
    opening.waiting++
    const giveUp = () => {
      if (--opening.waiting === 0) opening.abort.abort(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await abortable(opening.encoder, signal)
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /**
   * Embeds a resized picture, after the projection where there is one. Where the GPU is lost or fails while it runs,
   * the next backend takes over and the picture is tried once more.
   */
  async encode(rgb: ArrayLike<number>, signal: AbortSignal): Promise<Embedding> {
    return this.#project(await this.#run((encoder) => encoder.encode(rgb), signal), signal)
  }

  /** Where the object of a resized picture seems to be, as `ImageEncoder.proposeCrop` says; otherwise as `encode`. */
  async proposeCrop(rgb: ArrayLike<number>, signal: AbortSignal): Promise<CropProposal> {
    const { crop, embedding } = await this.#run((encoder) => encoder.proposeCrop(rgb), signal)
    return { crop, embedding: embedding && (await this.#project(embedding, signal)) }
  }

  /** What reads them is loaded with them: later visits know the space without. */
  async #loadFolder(): Promise<ModelFolder> {
    const { loadModelFolder } = await this.#script(
      'The code that reads models',
      () => import('../../encoder/model/model-folder.js'),
    )
    return loadModelFolder(this.#config.model)
  }

  /** A script beside the worker's. @throws SimilarItemsError `runtime-unreachable`. */
  #script<Code>(what: string, load: () => Promise<Code>): Promise<Code> {
    return importScript(load(), {
      what,
      hint: "Copy the package's dist folder as it is.",
      onLost: () => this.#events.onSpent(),
      signal: undefined,
    })
  }

  async #project(embedding: Embedding, signal: AbortSignal): Promise<Embedding> {
    return this.#projection ? project(await this.#projection.load(signal), embedding) : embedding
  }

  async #run<T>(task: (encoder: ImageEncoder) => Promise<T>, signal: AbortSignal): Promise<T> {
    const encoder = await this.encoder(signal)
    try {
      return await task(encoder)
    } catch (error) {
      if (encoder.backend === 'wasm' || isAbort(error)) throw error
      this.#brokenBackends.add(encoder.backend)
      this.#status.warnings.push(
        `${encoder.backend} failed while it ran (${String(error)}); another backend took over.`,
      )
      await this.close()
      return task(await this.encoder(signal))
    }
  }

  async close(): Promise<void> {
    const encoder = this.#encoder
    this.#encoder = null
    this.#opening?.abort.abort()
    this.#opening = null
    this.#status.activeEncoder = null
    // A session on a lost GPU cannot always be released; it is gone with the device.
    await encoder?.close().catch((error: unknown) => this.#status.warnings.push(String(error)))
  }

  #open(): Opening {
    const abort = new AbortController()
    const encoder = this.#openNow(abort.signal).catch((error: unknown) => {
      if (this.#opening?.abort === abort) this.#opening = null
      this.#status.encoder = isAbort(error) ? 'idle' : 'failed'
      this.#status.changed()
      throw error
    })
    // Those who wait hear of a failure; with nobody waiting it is nobody's.
    encoder.catch(() => undefined)
    return { encoder, waiting: 0, abort }
  }

  async #openNow(signal: AbortSignal): Promise<ImageEncoder> {
    const started = performance.now()
    this.#status.encoder = 'loading'
    this.#status.changed()
    const { backend, threads, precision, storeName, assets } = this.#config
    const cacheName = `${storeName}-models`
    const [{ browserBackends, openEncoder }, folder] = await Promise.all([
      this.code(signal),
      this.folder(signal),
    ])
    // A projection that cannot be used is found out before the weights are downloaded.
    await this.knownSpace(signal)
    const candidates = browserBackends(folder, {
      backend,
      assets,
      threads: threads ?? undefined,
      cacheName,
      onSpent: () => this.#events.onSpent(),
      startThread: this.#events.startThread,
      onThreads: (warning) => {
        if (warning !== null) this.#status.warnings.push(warning)
        this.#status.changed()
      },
    })
    const opened = await openEncoder(folder, candidates, {
      precision,
      except: this.#brokenBackends,
      cacheName,
      signal,
      onProgress: (progress) => {
        if (progress.phase === 'runtime') this.#status.bytes.runtime = progress.loaded
        this.#events.onProgress(progress)
      },
    })
    this.#status.bytes.model = opened.modelBytes
    this.#status.bytes.modelFromCache = opened.modelFromCache
    this.#status.rejectedBackends = opened.rejected
    this.#status.time('openEncoder', performance.now() - started)
    try {
      await this.#events.onOpened(await this.#spaceAfter(opened.encoder.space, signal))
    } catch (error) {
      await opened.encoder.close()
      throw error
    }
    this.#status.activeEncoder = opened.encoder
    this.#encoder = opened.encoder
    this.#opening = null
    return opened.encoder
  }

  /** The space of the embeddings of an encoder with this space. */
  async #spaceAfter(encoder: Space, signal: AbortSignal): Promise<Space> {
    return this.#projection ? this.#projection.spaceAfter(encoder, signal) : encoder
  }
}
