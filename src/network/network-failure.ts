import { type ErrorCode, SimilarItemsError } from '../errors.js'

export type FailureKind =
  /** No answer: no network, no such host, no CORS. */
  | 'unreached'
  /** An answer that says no. */
  | 'refused'
  /** The connection broke in the middle. */
  | 'broken'
  /** No byte for longer than a download may be quiet. */
  | 'stalled'

/** Why a file could not be had. Its message is the rest of a sentence that begins with the file. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure'
  readonly kind: FailureKind
  /** Of the answer, where there was one that says no. */
  readonly status: number | undefined

  constructor(kind: FailureKind, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.status = options.status
  }

  /**
   * Whether asking again later may help without anybody having mended something. An answer below 400 without the file
   * (no content, a part of it, "not modified" for who has nothing) comes from a server or proxy that is confused.
   */
  get mayPass(): boolean {
    const { status } = this
    return status === undefined || status < 400 || status >= 500 || passingStatus.includes(status)
  }

  /**
   * The failure as an error of this package.
   * @param code of what cannot be had; a download that stalled has a code of its own.
   * @param name what to call the file in the sentence.
   */
  toError(code: ErrorCode, name: string, url: string, advice: string): SimilarItemsError {
    const { kind, message, mayPass } = this
    const isStalled = kind === 'stalled'
    return new SimilarItemsError(
      isStalled ? 'download-stalled' : code,
      `${name} ${message}. ${isStalled ? 'Try again.' : advice}`,
      { cause: this, subject: url, mayPass },
    )
  }
}

/** Request time-out, too early, too many requests. */
const passingStatus = [408, 425, 429]
