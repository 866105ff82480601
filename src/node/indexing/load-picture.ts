import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import pRetry from 'p-retry'
import { SimilarItemsError } from '../../errors.js'
import { withoutCredentials } from '../download/credentials.js'
import { HostPauses } from '../download/host-pauses.js'
import { isPassingStatus, PassingFailure, retryPauses } from '../download/passing-failure.js'
import { readRegularFile } from '../download/read-regular-file.js'
import { PrivateHostError, TooManyRedirectsError, WebClient } from '../download/web-client.js'
import { isMissing } from '../files/file-fetch.js'

export interface PictureLoaderOptions {
  /** Hosts that may be on this machine or a private network; `all` for every one. Default: none. */
  readonly privateHosts?: Iterable<string> | undefined
  /** Seconds for one attempt. Default 30. */
  readonly timeout?: number | undefined
  /** Further attempts after a failure that may pass. Default 3. */
  readonly retries?: number | undefined
}

export interface LoadPictureOptions {
  /** Version that is known already; where it still holds, nothing is loaded. */
  readonly known?: string | undefined
  /** Value of an `Authorization` header. */
  readonly authorization?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export type LoadedPicture =
  | { readonly status: 'unchanged' }
  | { readonly status: 'loaded'; readonly bytes: Uint8Array; readonly version: string }

/** A file that is larger is no product picture. */
const largestFile = 100e6

/** Loads pictures from disk and from the web, where it keeps to what the servers ask for. */
export class PictureLoader {
  readonly #client: WebClient
  readonly #pauses = new HostPauses()
  readonly #timeout: number
  readonly #retries: number

  constructor({ privateHosts = [], timeout = 30, retries = 3 }: PictureLoaderOptions = {}) {
    const hosts = new Set(Array.from(privateHosts, (host) => host.toLowerCase().replace(/^\[|\]$/g, '')))
    this.#client = new WebClient({ mayBePrivate: (hostname) => hosts.has(hostname) || hosts.has('all') })
    this.#timeout = timeout
    this.#retries = retries
  }

  /**
   * The bytes of a picture with what tells its versions apart.
   * @param url `http:`, `https:` or `file:`; its credentials are never part of a message.
   * @throws SimilarItemsError `image-unreachable`, `image-too-large`; the signal's reason on abort.
   */
  async load(url: string, options: LoadPictureOptions = {}): Promise<LoadedPicture> {
    const { signal } = options
    signal?.throwIfAborted()
    if (url.startsWith('file:')) return readPicture(url, options)
    try {
      return await pRetry(() => this.#fetch(url, options), {
        retries: this.#retries,
        ...retryPauses,
        shouldRetry: ({ error }) => error instanceof PassingFailure && error.isTriedAgain,
        ...(signal && { signal }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof PassingFailure ? unreachable(url, error.message, error) : error
    }
  }

  close(): void {
    this.#client.close()
  }

  async #fetch(url: string, { known, authorization, signal }: LoadPictureOptions): Promise<LoadedPicture> {
    const { host } = new URL(url)
    await this.#pauses.wait(host, signal)
    const left = this.#pauses.left(host)
    if (left > 0) {
      const message = `is not asked for: ${host} wants to be left alone for ${Math.ceil(left / 60)} minutes`
      throw new PassingFailure(message, { isTriedAgain: false })
    }
    const late = AbortSignal.timeout(this.#timeout * 1000)
    let answer: IncomingMessage | undefined
    try {
      answer = await this.#client.get(url, {
        headers: conditions(known),
        authorization,
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
      const { statusCode = 0, headers } = answer
      const isGood = statusCode >= 200 && statusCode < 300
      const stated = statedVersion(headers)
      // Its connection serves the next one.
      if (statusCode === 304) answer.resume()
      if (statusCode === 304 || (isGood && known !== undefined && stated === known))
        return { status: 'unchanged' }
      if (!isGood) throw this.#failureOf(url, host, statusCode, headers)
      const bytes = await readBody(answer, url)
      const version = stated ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      return version === known ? { status: 'unchanged' } : { status: 'loaded', bytes, version }
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof SimilarItemsError || cause instanceof PassingFailure) throw cause
      if (late.aborted) throw new PassingFailure(`did not answer within ${this.#timeout} seconds`, { cause })
      if (cause instanceof TooManyRedirectsError) throw unreachable(url, 'redirects without end', cause)
      if (cause instanceof PrivateHostError) {
        const what = `is not fetched: ${cause.message}. Where that is meant, allow it with --private-hosts ${cause.hostname}`
        throw unreachable(url, what, cause)
      }
      throw new PassingFailure(`cannot be fetched (${String(cause)})`, { cause })
    } finally {
      if (answer && answer.statusCode !== 304 && !answer.readableEnded) answer.destroy()
    }
  }

  /** Statuses that are about the server, or about who asks and how often, say nothing about the picture. */
  #failureOf(url: string, host: string, status: number, headers: IncomingHttpHeaders): Error {
    const what = `answered with status ${status}`
    if (isPassingStatus(status)) {
      this.#pauses.note(host, headers['retry-after'])
      return new PassingFailure(what)
    }
    if (refusingStatuses.has(status)) return new PassingFailure(what, { isTriedAgain: false })
    return unreachable(url, what)
  }
}

/** Unauthorized, Payment Required, Forbidden, Proxy Authentication Required: soon asked again they say the same. */
const refusingStatuses: ReadonlySet<number> = new Set([401, 402, 403, 407])

/** Whether the picture that could not be loaded may be there later: its server had trouble, or enough of us. */
export function mayPass(error: SimilarItemsError): boolean {
  return error.cause instanceof PassingFailure
}

async function readPicture(url: string, { known, signal }: LoadPictureOptions): Promise<LoadedPicture> {
  const path = fileURLToPath(url)
  try {
    const file = await readRegularFile(path, { known, largest: largestFile, signal })
    if (file.kind === 'unchanged') return { status: 'unchanged' }
    if (file.kind === 'too-large') throw tooLarge(url)
    if (file.kind === 'other') throw unreachable(path, 'is not a regular file')
    return { status: 'loaded', bytes: file.bytes, version: file.version }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof SimilarItemsError) throw cause
    throw unreachable(path, isMissing(cause) ? 'does not exist' : 'cannot be read', cause)
  }
}

async function readBody(body: IncomingMessage, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > largestFile) throw tooLarge(url)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function statedVersion(headers: IncomingHttpHeaders): string | undefined {
  if (headers.etag) return `etag:${headers.etag}`
  const modified = headers['last-modified']
  // A date has a resolution of a second; the length makes up for some of that.
  return modified ? `last-modified:${modified} size:${headers['content-length'] ?? null}` : undefined
}

function conditions(known: string | undefined): Record<string, string> {
  const etag = /^etag:(.*)$/.exec(known ?? '')?.[1]
  if (etag) return { 'if-none-match': etag }
  const modified = /^last-modified:(.*) size:/.exec(known ?? '')?.[1]
  return modified ? { 'if-modified-since': modified } : {}
}

function unreachable(name: string, what: string, cause?: unknown): SimilarItemsError {
  const shown = withoutCredentials(name)
  return new SimilarItemsError('image-unreachable', `The picture ${shown} ${what}.`, {
    cause,
    subject: shown,
  })
}

function tooLarge(name: string): SimilarItemsError {
  const shown = withoutCredentials(name)
  const message = `The picture ${shown} has more than ${largestFile / 1e6} MB.`
  return new SimilarItemsError('image-too-large', message, { subject: shown })
}
