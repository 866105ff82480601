import type { Precision } from '../encoder/model/model-files.js'
import type { ThreadScript } from '../encoder/threads/thread-script.js'
import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import type {
  BackendName,
  CropBox,
  Embedding,
  EngineStatus,
  Product,
  Progress,
  RankedList,
  RankingOptions,
  VectorQuery,
} from '../types.js'
import type { VectorFormat } from '../vectors/encoded-vectors.js'

/** Everything a worker has to know; plain data. */
export interface WorkerConfig {
  catalog: CatalogSource
  /** Absolute URL of the model folder; null means the packaged model, beside the worker's script. */
  model: string | null
  /** Absolute URL of the projection that is applied after the encoder. */
  projection: string | null
  /** Absolute URL of the folder with ONNX Runtime's files; null means beside the worker's script. */
  assets: string | null
  /** Absolute URL of the module that decodes HEIC photos where the browser does not. */
  heicDecoder: string | null
  backend: 'auto' | BackendName
  precision: Precision
  threads: number | null
  format: VectorFormat
  storage: 'indexeddb' | 'memory'
  /** Name of the database and of the model cache. */
  storeName: string
  /** Whether a list is asked for as soon as the catalogue is open: what it needs is then fetched meanwhile. */
  asksAtOnce: boolean
}

/**
 * `key` names the catalogue in the store; inline ones of one key share what is stored of their pictures. Relative links of
 * inline items are resolved against `baseUrl`.
 */
export type CatalogSource =
  | { readonly key: string; readonly url: string }
  | { readonly key: string; readonly baseUrl: string; readonly items: unknown }

/** What a worker says without being asked. */
export type WorkerEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  /** Other products can be ranked than before; `revision` is the catalogue's. */
  | { readonly type: 'change'; readonly revision: number }
  | { readonly type: 'warning'; readonly error: ErrorMessage }
  /** The worker cannot do any more what it is for: another one has to. */
  | { readonly type: 'spent' }
  | { readonly type: 'status'; readonly report: StatusReport }

/**
 * A status of the worker. Some come with the outcome of a call and others by themselves, on another way: one of a lower
 * number than the last is outdated.
 */
export interface StatusReport {
  readonly number: number
  readonly status: EngineStatus
}

/** What a sync did. */
export interface SyncReport {
  readonly products: number
  /** Pictures encoded by this sync. */
  readonly encoded: number
  /** Products of the catalogue that have no vector, because of their picture. */
  readonly skipped: number
}

/** Which products may be in a list: bit `i` is product `i` of the catalogue with this revision. */
export interface AllowedProducts {
  readonly revision: number
  readonly bits: Uint8Array
}

/** A picture on its way to the worker. A string is an absolute URL. */
export type SentPicture = NumberedBlob | ImageBitmap | string

/** A blob loses its identity on the way: what has the same number is the same. */
export interface NumberedBlob {
  readonly blob: Blob
  readonly number: number
}

/** The products in catalogue order, for filters that run on the page. */
export interface ProductList {
  readonly revision: number
  readonly products: readonly Product[]
}

/** What the worker asks of its page. */
export interface PageApi {
  notify(event: WorkerEvent): void
  /** Resolves when the page has time for work that nobody waits for. */
  idle(): Promise<void>
  /**
   * Starts a thread and hands it the port when its script runs. The number is the worker's, for `endThread`.
   * @returns why it did not start, failed or was ended, when it did.
   */
  startThread(thread: number, script: ThreadScript, port: MessagePort): Promise<string>
  endThread(thread: number): void
}

/** Every call names itself, so that `abort` can end it. */
export interface WorkerApi {
  /**
   * Answers every message of this port from now on.
   * @returns the name of a Web Lock that the worker holds while it lives; null where the browser has none.
   */
  live(sign: MessagePort): Promise<string | null>
  open(call: number, config: WorkerConfig, page: PageApi): Promise<Outcome<void>>
  similarTo(
    call: number,
    id: string,
    options: RankingOptions,
    allowed: AllowedProducts | null,
  ): Promise<Outcome<RankedList>>
  searchByImage(
    call: number,
    picture: SentPicture,
    options: RankingOptions & { crop?: CropBox },
    allowed: AllowedProducts | null,
  ): Promise<Outcome<RankedList>>
  search(
    call: number,
    query: VectorQuery,
    options: RankingOptions,
    allowed: AllowedProducts | null,
  ): Promise<Outcome<RankedList>>
  embed(call: number, picture: SentPicture, crop: CropBox | null): Promise<Outcome<Embedding>>
  proposeCrop(call: number, picture: SentPicture): Promise<Outcome<CropBox | null>>
  preview(call: number, picture: SentPicture, longest: number): Promise<Outcome<ImageBitmap>>
  /** Frees the photo that is kept for the next part of it. */
  forgetPhoto(call: number): Promise<Outcome<void>>
  prepare(call: number): Promise<Outcome<void>>
  /** Tries again at once what failed and may pass. */
  retry(call: number): Promise<Outcome<void>>
  products(call: number): Promise<Outcome<ProductList>>
  sync(call: number): Promise<Outcome<SyncReport>>
  clear(call: number): Promise<Outcome<void>>
  close(): Promise<void>
  abort(call: number): void
}

/**
 * A result or an error, as data: an `Error` loses its code and its cause on the way between threads. The status that goes
 * with it comes along where it was not told yet.
 */
export type Outcome<T> = Settlement<T> & { readonly report: StatusReport | null }

type Settlement<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorMessage }

export interface ErrorMessage {
  readonly name: string
  readonly message: string
  readonly code: SimilarItemsError['code'] | null
  readonly subject: string | null
  readonly mayPass: boolean
  readonly cause: string | null
}

export function toErrorMessage(error: unknown): ErrorMessage {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error))
  const isOurs = isSimilarItemsError(error)
  return {
    name,
    message,
    code: isOurs ? error.code : null,
    subject: (isOurs && error.subject) || null,
    mayPass: isOurs && error.mayPass,
    cause: cause === undefined ? null : String(cause),
  }
}

export function fromErrorMessage({ name, message, code, subject, mayPass, cause }: ErrorMessage): Error {
  const options = cause === null ? {} : { cause: new Error(cause) }
  if (code) {
    return new SimilarItemsError(code, message, { ...options, mayPass, ...(subject !== null && { subject }) })
  }
  return Object.assign(new Error(message, options), { name })
}

/** The value of a successful outcome. @throws the error of another. */
export function unwrap<T>(outcome: Settlement<T>): T {
  if (outcome.ok) return outcome.value
  throw fromErrorMessage(outcome.error)
}
