/** Every way in which this package fails, as a stable code to branch on. */
export type ErrorCode =
  | 'invalid-argument'
  | 'insecure-context'
  | 'catalog-unreachable'
  | 'catalog-invalid'
  | 'product-unknown'
  | 'product-not-encodable'
  | 'image-unreachable'
  | 'image-undecodable'
  | 'image-too-large'
  | 'decoder-failed'
  | 'model-unreachable'
  | 'model-invalid'
  | 'model-corrupt'
  | 'pack-unreachable'
  | 'pack-invalid'
  | 'neighbors-unreachable'
  | 'neighbors-invalid'
  | 'runtime-unreachable'
  | 'download-stalled'
  | 'no-backend'
  | 'space-mismatch'
  | 'storage-unavailable'
  | 'storage-corrupt'
  | 'worker-unavailable'
  | 'worker-died'
  | 'engine-closed'
  | 'package-missing'
  | 'output-failed'
  | 'engine-unreachable'
  | 'engine-invalid'
  | 'engine-empty'
  | 'engine-timeout'
  | 'request-refused'

/** What went wrong, what to do about it, and which URL or id it concerns. */
export class SimilarItemsError extends Error {
  override readonly name = 'SimilarItemsError'
  readonly code: ErrorCode
  /** The URL or product id the error is about, where there is one. */
  readonly subject: string | undefined
  /** Whether the same may succeed later without anybody having mended something: the network or a server had trouble. */
  readonly mayPass: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; subject?: string; mayPass?: boolean } = {},
  ) {
    super(
      withCause(message, options.cause),
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.code = code
    this.subject = options.subject
    this.mayPass = options.mayPass ?? false
  }
}

/** Consoles and logs print the message, and not always the cause. */
function withCause(message: string, cause: unknown): string {
  if (cause === undefined || cause === null) return message
  const text = cause instanceof Error ? cause.message || cause.name : String(cause)
  if (message.includes(text)) return message
  const isNamed =
    cause instanceof Error && cause.message !== '' && !/^(Error|SimilarItemsError)$/.test(cause.name)
  return `${message} (${isNamed ? `${cause.name}: ${text}` : text})`
}

/** Narrows an unknown error, optionally to one code. By its name: a page or a worker may have two copies of the class. */
export function isSimilarItemsError(error: unknown, code?: ErrorCode): error is SimilarItemsError {
  const isOurs = error instanceof Error && error.name === 'SimilarItemsError'
  return isOurs && (code === undefined || (error as SimilarItemsError).code === code)
}

/** True for the rejection of a call that its `AbortSignal` ended. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
