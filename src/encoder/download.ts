import { type ErrorCode, SimilarItemsError } from '../errors.js'
import { fetchFile } from '../network/fetch-file.js'
import { insteadOfFile } from '../network/instead-of-file.js'
import { NetworkFailure } from '../network/network-failure.js'
import { settleWithin } from '../settle-within.js'
import { sha256 } from '../sha256.js'
import { cacheAnswer, cacheStorage } from './cache-storage.js'

export interface DownloadOptions {
  /** The code of the error when the file cannot be had. */
  errorCode: Extract<ErrorCode, 'model-unreachable' | 'runtime-unreachable' | 'pack-unreachable'>
  /** Hex SHA-256 that the bytes must have. */
  sha256?: string | undefined
  /** Throws for bytes that are not the file. */
  check?: ((bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>) | undefined
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
 * progress, checked, and kept. Bytes that are not the file are asked for once more past the HTTP cache.
 * @throws SimilarItemsError with `errorCode` where the server does not answer with the file (a web page in its
 * place counts as that), `download-stalled`, `model-corrupt` where the bytes have another SHA-256 than stated; what
 * `check` throws.
 */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  const cache = await openCache(options.cacheName)
  const kept = cache && (await readKept(cache, url, options))
  if (kept) return { bytes: kept, fromCache: true }

  const { errorCode, signal, fetch, expectedBytes = 0, onProgress } = options
  const { response, bytes } = await fetchFile(url, {
    signal,
    fetch,
    check: (bytes) => check(bytes, url, options),
    onProgress: onProgress && ((loaded, total) => onProgress(loaded, total || expectedBytes)),
  }).catch((error: unknown) => {
    if (!(error instanceof NetworkFailure)) throw error
    throw error.toError(errorCode, url, url, 'Check the address and, across origins, CORS.')
  })
  if (cache) await keep(cache, url, response, bytes)
  return { bytes, fromCache: false }
}

async function check(bytes: Uint8Array<ArrayBuffer>, url: string, options: DownloadOptions): Promise<void> {
  rejectWebPage(bytes, url, options.errorCode)
  await options.check?.(bytes)
  if (!options.sha256 || (await sha256(bytes)) === options.sha256) return
  throw new SimilarItemsError(
    'model-corrupt',
    `${url} is not the file that its folder's self-check.json describes (SHA-256 differs). ` +
      'Upload the folder again as a whole, and clear caches in between.',
    { subject: url },
  )
}

/**
 * Whether the server still has the version of `url` that these headers came with. True when nobody can tell:
 * offline, or a server that states no version.
 */
export async function isCurrent(url: string, known: Headers, signal?: AbortSignal): Promise<boolean> {
  let head: Response
  try {
    const asked = fetch(url, { method: 'HEAD', cache: 'no-cache', ...(signal && { signal }) })
    head = await settleWithin(asked, headLimit, () => new Error('no answer'), signal)
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

/** In seconds: from a disk that may be slow. */
const readLimit = 20
/** In seconds; what takes longer goes on without being waited for. */
const keepLimit = 3
/** In seconds: the file is at hand, and who waits for it waits for this as well. */
const headLimit = 5

const versionHeaders = ['etag', 'last-modified']

function rejectWebPage(bytes: Uint8Array, url: string, errorCode: ErrorCode): void {
  const what = insteadOfFile(bytes)
  if (!what) return
  throw new SimilarItemsError(
    errorCode,
    `${url} answered with ${what} instead of the file. Servers of single-page apps do that for paths that do not ` +
      'exist: check the address.',
    { subject: url },
  )
}

/** A download does without. */
function openCache(name: string | undefined): Promise<Cache | null> {
  return cacheAnswer<Cache | null>(name ? cacheStorage()?.open(name) : undefined, null)
}

async function readKept(
  cache: Cache,
  url: string,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await cacheAnswer(cache.match(url), undefined)
  if (!response) return null
  // None where the browser has lost it.
  const bytes = new Uint8Array(await cacheAnswer(response.arrayBuffer(), new ArrayBuffer(), readLimit))
  options.signal?.throwIfAborted()
  const isWhole = await check(bytes, url, options).then(
    () => true,
    () => false, // It is fetched anew, and then tells.
  )
  const good = isWhole && (options.sha256 || (await isCurrent(url, response.headers, options.signal)))
  if (good) return bytes
  await cacheAnswer(cache.delete(url), false)
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
  await cacheAnswer(cache.put(url, new Response(bytes, { headers: kept })), undefined, keepLimit)
}
