import { createReadStream } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { SimilarItemsError } from '../../errors.js'
import { splitCredentials, withoutCredentials } from '../download/credentials.js'
import type { HostPauses } from '../download/host-pauses.js'
import { isPassingStatus, PassingFailure } from '../download/passing-failure.js'
import { WebClient } from '../download/web-client.js'
import { isWebUrl } from '../files/file-fetch.js'

export interface OpenFeedOptions {
  readonly signal: AbortSignal | undefined
  /** Seconds without a byte after which a server is given up. */
  readonly timeout: number
  /** What hosts have said about when to come back. */
  readonly pauses: HostPauses
  /** Is called with what a server says before the bytes. */
  readonly onAnswer: (answer: FeedAnswer) => void
}

export interface FeedAnswer {
  /** Where the feed is, behind redirects and without credentials. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/**
 * The bytes of a feed on disk or on the web.
 * @throws SimilarItemsError `catalog-unreachable`, whose cause is a `PassingFailure` where it may be tried again; the
 * signal's reason.
 */
export async function* openFeed(location: string, options: OpenFeedOptions): AsyncGenerator<Uint8Array> {
  const { signal } = options
  const name = withoutCredentials(location)
  const unreachable = (what: string, cause?: unknown) =>
    new SimilarItemsError('catalog-unreachable', `The feed ${name} ${what}.`, { cause, subject: name })
  try {
    if (isWebUrl(location)) yield* download(location, options)
    else yield* createReadStream(location, { signal })
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof SimilarItemsError) throw cause
    if (cause instanceof PassingFailure) throw unreachable(cause.message, cause)
    throw unreachable('cannot be read: check its path or URL', cause)
  }
}

async function* download(
  location: string,
  { signal, timeout, pauses, onAnswer }: OpenFeedOptions,
): AsyncGenerator<Uint8Array> {
  const silence = new Silence(timeout)
  // Whoever names a feed may name one of this machine.
  const client = new WebClient({ mayBePrivate: () => true })
  let { url, authorization } = splitCredentials(location)
  const { host } = new URL(url)
  let answer: IncomingMessage | undefined
  try {
    await pauses.wait(host, signal)
    const request = client.get(url, {
      authorization,
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      onRedirect(next) {
        url = next
      },
    })
    answer = await silence.limit(request)
    const { statusCode = 0, headers } = answer
    if (statusCode < 200 || statusCode >= 300) {
      if (isPassingStatus(statusCode)) pauses.note(host, headers['retry-after'])
      throw new PassingFailure(`answered with status ${statusCode}`, {
        isTriedAgain: isPassingStatus(statusCode),
      })
    }
    onAnswer({ url, headers })
    const bytes = answer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
    for (;;) {
      const next = await silence.limit(bytes.next())
      if (next.done) return
      yield next.value
    }
  } catch (cause) {
    signal?.throwIfAborted()
    if (silence.signal.aborted) {
      const when = answer
        ? 'broke off: its server sent nothing more'
        : 'did not answer: its server sent nothing'
      throw new PassingFailure(`${when} for ${timeout} seconds`, { cause })
    }
    if (cause instanceof PassingFailure || !isOfConnection(cause)) throw cause
    const what = answer
      ? 'broke off: its connection was closed before its end'
      : 'cannot be reached: check its URL'
    throw new PassingFailure(`${what} (${reasonOf(cause)})`, { cause })
  } finally {
    silence.end()
    client.close()
    if (answer && !answer.readableEnded) answer.destroy()
  }
}

/** Aborts when a server says nothing for a time; that nobody asks it does not count. */
class Silence {
  readonly #controller = new AbortController()
  readonly #milliseconds: number
  #timer: NodeJS.Timeout | undefined

  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The same promise, for which is waited so long. */
  async limit<T>(coming: Promise<T>): Promise<T> {
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds)
    try {
      return await coming
    } finally {
      this.end()
    }
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

const connectionErrors: ReadonlySet<string | undefined> = new Set([
  ...[
    'ECONNRESET',
    'ECONNREFUSED',
    'ECONNABORTED',
    'ETIMEDOUT',
    'EPIPE',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ],
  ...['ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE'],
])

function isOfConnection(error: unknown): boolean {
  return connectionErrors.has((error as NodeJS.ErrnoException | undefined)?.code)
}

function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException
  return code ?? message ?? String(error)
}
