import { type ErrorCode, SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'

export interface DownloadOptions {
  /** The code of the error when the file cannot be had. */
  errorCode: Extract<ErrorCode, 'model-unreachable' | 'runtime-unreachable' | 'pack-unreachable'>
  /** Hex SHA-256 that the bytes must have. */
  sha256?: string | undefined
  /** Size where it is known beforehand, for progress behind a compressing server. */
  expectedBytes?: number | undefined
  /** Name of the Cache Storage cache to keep the file in; it is not kept without. */
  cacheName?: string | undefined
  onProgress?: ((loaded: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
  /** Default: the global `fetch`. */
  fetch?: typeof fetch | undefined
}

export interface Download {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly fromCache: boolean
}

/**
 * The bytes of `url`: from Cache Storage where a good copy is kept, else from the network, streamed with byte
 * progress, checked, and kept.
 * @throws SimilarItemsError with `errorCode` where the server does not answer with the file (a web page in its
 * place counts as that), `model-corrupt` where the bytes have another SHA-256 than stated.
 */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  const cache = await openCache(options.cacheName)
  const kept = cache && (await readKept(cache, url, options))
  if (kept) return { bytes: kept, fromCache: true }

  const response = await request(url, options)
  const bytes = await readWithProgress(response, url, options)
  rejectWebPage(bytes, url, options.errorCode)
  if (options.sha256 && (await sha256(bytes)) !== options.sha256) {
    throw new SimilarItemsError(
      'model-corrupt',
      `${url} is not the file that its folder's self-check.json describes (SHA-256 differs). ` +
        'Upload the folder again as a whole, and clear caches in between.',
      { subject: url },
    )
  }
  if (cache) await keep(cache, url, response, bytes)
  return { bytes, fromCache: false }
}

/**
 * Whether the server still has the version of `url` that these headers came with. True when nobody can tell:
 * offline, or a server that states no version.
 */
export async function isCurrent(url: string, known: Headers, signal?: AbortSignal): Promise<boolean> {
  let head: Response
  try {
    head = await fetch(url, { method: 'HEAD', cache: 'no-cache', ...(signal && { signal }) })
  } catch {
    signal?.throwIfAborted()
    return true
  }
  if (!head.ok) return true
  return versionHeaders.every((name) => {
    const [then, now] = [known.get(name), head.headers.get(name)]
    return then === null || now === null || then === now
  })
}

const versionHeaders = ['etag', 'last-modified']

async function request(url: string, options: DownloadOptions): Promise<Response> {
  const { errorCode, signal, fetch = globalThis.fetch } = options
  const response = await fetch(url, signal ? { signal } : {}).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw new SimilarItemsError(
      errorCode,
      `${url} cannot be reached. Check the address and, across origins, CORS.`,
      {
        cause,
        subject: url,
      },
    )
  })
  if (!response.ok) {
    throw new SimilarItemsError(
      errorCode,
      `${url} answered with status ${response.status}. Check the address.`,
      {
        subject: url,
      },
    )
  }
  return response
}

async function readWithProgress(
  response: Response,
  url: string,
  { errorCode, expectedBytes, onProgress, signal }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  // A compressed answer states its compressed length, but what is counted here is unpacked.
  const stated = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length'))
  const total = stated || expectedBytes || 0
  const chunks: Uint8Array[] = []
  let loaded = 0
  try {
    for await (const chunk of iterate(response.body)) {
      signal?.throwIfAborted()
      chunks.push(chunk)
      loaded += chunk.length
      onProgress?.(loaded, total)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new SimilarItemsError(errorCode, `${url} broke off after ${loaded} bytes. Try again.`, {
      cause,
      subject: url,
    })
  }
  const bytes = new Uint8Array(loaded)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** Safari streams cannot be iterated directly. */
async function* iterate(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Ends the transfer when the consumer stops early; on a finished stream it does nothing.
    reader.cancel().catch(() => undefined)
  }
}

function rejectWebPage(bytes: Uint8Array, url: string, errorCode: ErrorCode): void {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart().toLowerCase()
  if (bytes.length > 0 && !start.startsWith('<!doctype') && !start.startsWith('<html')) return
  const what = bytes.length === 0 ? 'an empty file' : 'a web page'
  throw new SimilarItemsError(
    errorCode,
    `${url} answered with ${what} instead of the file. Servers of single-page apps do that for paths that do not ` +
      'exist: check the address.',
    { subject: url },
  )
}

/** Cache Storage is missing in Node and refuses in some private modes; a download does without. */
async function openCache(name: string | undefined): Promise<Cache | null> {
  if (!name || !globalThis.caches) return null
  return caches.open(name).catch(() => null)
}

async function readKept(
  cache: Cache,
  url: string,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await cache.match(url)
  if (!response) return null
  const bytes = new Uint8Array(await response.arrayBuffer())
  options.signal?.throwIfAborted()
  const good = options.sha256
    ? (await sha256(bytes)) === options.sha256
    : await isCurrent(url, response.headers, options.signal)
  if (good) return bytes
  await cache.delete(url)
  return null
}

async function keep(
  cache: Cache,
  url: string,
  { headers }: Response,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const kept = new Headers({ 'content-type': 'application/octet-stream' })
  for (const name of versionHeaders) {
    const value = headers.get(name)
    if (value) kept.set(name, value)
  }
  // Out of space is no reason to fail: the file is at hand, and the next visit downloads it again.
  await cache.put(url, new Response(bytes, { headers: kept })).catch(() => undefined)
}
