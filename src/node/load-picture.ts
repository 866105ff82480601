import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pRetry from 'p-retry'
import { SimilarItemsError } from '../errors.js'
import { isMissing } from './file-fetch.js'

export interface LoadPictureOptions {
  /** Version that is known already; where it still holds, nothing is loaded. */
  readonly known?: string | undefined
  /** Seconds for one attempt. Default 30. */
  readonly timeout?: number | undefined
  /** Further attempts after a failure that may pass. Default 3. */
  readonly retries?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export type LoadedPicture =
  | { readonly status: 'unchanged' }
  | { readonly status: 'loaded'; readonly bytes: Uint8Array; readonly version: string }

/** A file that is larger is no product picture. */
const largestFile = 100e6

/**
 * The bytes of a picture with what tells its versions apart.
 * @param url `http:`, `https:` or `file:`.
 * @throws SimilarItemsError `image-unreachable`, `image-too-large`; the signal's reason on abort.
 */
export async function loadPicture(url: string, options: LoadPictureOptions = {}): Promise<LoadedPicture> {
  const { retries = 3, signal } = options
  signal?.throwIfAborted()
  if (url.startsWith('file:')) return readPicture(url, options)
  try {
    return await pRetry(() => fetchPicture(url, options), {
      retries,
      minTimeout: 500,
      maxTimeout: 10_000,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof PassingFailure,
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof PassingFailure ? unreachable(url, error.message, error) : error
  }
}

/** Whether the picture that `loadPicture` could not load may be there later: its server had trouble. */
export function mayPass(error: SimilarItemsError): boolean {
  return error.cause instanceof PassingFailure
}

/** A failure that another attempt may not meet. */
class PassingFailure extends Error {
  override readonly name = 'PassingFailure'
}

async function readPicture(url: string, { known, signal }: LoadPictureOptions): Promise<LoadedPicture> {
  const path = fileURLToPath(url)
  try {
    const { mtimeMs, size } = await stat(path)
    const version = `modified:${mtimeMs} size:${size}`
    if (version === known) return { status: 'unchanged' }
    if (size > largestFile) throw tooLarge(url)
    return { status: 'loaded', bytes: await readFile(path, { signal }), version }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof SimilarItemsError) throw cause
    throw unreachable(path, isMissing(cause) ? 'does not exist' : 'cannot be read', cause)
  }
}

async function fetchPicture(
  url: string,
  { known, timeout = 30, signal }: LoadPictureOptions,
): Promise<LoadedPicture> {
  const late = AbortSignal.timeout(timeout * 1000)
  try {
    const response = await fetch(url, {
      headers: conditions(known),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    })
    const stated = statedVersion(response.headers)
    if (response.status === 304 || (response.ok && known !== undefined && stated === known)) {
      await response.body?.cancel()
      return { status: 'unchanged' }
    }
    if (!response.ok) {
      await response.body?.cancel()
      const what = `answered with status ${response.status}`
      if (response.status >= 500 || response.status === 429) throw new PassingFailure(what)
      throw unreachable(url, what)
    }
    const bytes = await readBody(response, url)
    const version = stated ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    return version === known ? { status: 'unchanged' } : { status: 'loaded', bytes, version }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof SimilarItemsError || cause instanceof PassingFailure) throw cause
    if (late.aborted) throw new PassingFailure(`did not answer within ${timeout} seconds`, { cause })
    const reason = String((cause as Error).cause ?? cause)
    if (reason.includes('redirect')) throw unreachable(url, 'redirects without end', cause)
    throw new PassingFailure(`cannot be fetched (${reason})`, { cause })
  }
}

async function readBody({ body }: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > largestFile) throw tooLarge(url)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function statedVersion(headers: Headers): string | undefined {
  const etag = headers.get('etag')
  if (etag) return `etag:${etag}`
  const modified = headers.get('last-modified')
  // A date has a resolution of a second; the length makes up for some of that.
  return modified ? `last-modified:${modified} size:${headers.get('content-length')}` : undefined
}

function conditions(known: string | undefined): Record<string, string> {
  const etag = /^etag:(.*)$/.exec(known ?? '')?.[1]
  if (etag) return { 'if-none-match': etag }
  const modified = /^last-modified:(.*) size:/.exec(known ?? '')?.[1]
  return modified ? { 'if-modified-since': modified } : {}
}

function unreachable(name: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('image-unreachable', `The picture ${name} ${what}.`, { cause, subject: name })
}

function tooLarge(name: string): SimilarItemsError {
  const message = `The picture ${name} has more than ${largestFile / 1e6} MB.`
  return new SimilarItemsError('image-too-large', message, { subject: name })
}
