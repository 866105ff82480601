import { SimilarItemsError } from '../errors.js'
import { type Catalog, parseCatalog } from './parse-catalog.js'

/** What a server says about the version of a resource; null where it does not. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export interface LoadCatalogOptions {
  signal?: AbortSignal
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  /** Validators of the version that the caller has; where they still hold, the feed is not read again. */
  previous?: Validators
}

/**
 * `bytes` is the size of the body that was read, after content decoding, whether from network or HTTP cache; `url`
 * is where it finally came from.
 */
export type LoadedCatalog =
  | { readonly status: 'unchanged'; readonly bytes: 0 }
  | ({
      readonly status: 'loaded'
      readonly catalog: Catalog
      readonly url: string
      readonly bytes: number
    } & Validators)

/**
 * Fetches a feed and validates it. Relative links in it are resolved against the URL it finally came from.
 *
 * The request is made with `cache: 'no-cache'`: the browser itself sends `If-None-Match` for what is in its HTTP
 * cache and answers from there after a 304. The same headers set by hand would switch that cache off and, on
 * another origin, cost a CORS preflight that many file hosts refuse.
 *
 * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid`, `invalid-argument`; the signal's reason
 * when aborted.
 */
export async function loadCatalog(
  source: string | URL,
  options: LoadCatalogOptions = {},
): Promise<LoadedCatalog> {
  const { signal, previous } = options
  signal?.throwIfAborted()
  const url = absoluteUrl(source)
  const request: RequestInit = { cache: 'no-cache', ...(signal && { signal }) }
  const response = await reaching(url, signal, (options.fetch ?? fetch)(url, request))
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim()
    throw unreachable(url, `The server answered ${status}. Check the URL of the catalogue.`)
  }
  const validators = {
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  }
  if (previous && isSameVersion(previous, validators)) {
    await response.body?.cancel()
    return { status: 'unchanged', bytes: 0 }
  }
  const body = await reaching(url, signal, response.arrayBuffer())
  signal?.throwIfAborted()
  const input = parseJson(new TextDecoder().decode(body), url)
  const finalUrl = response.url || url
  const catalog = parseCatalog(input, finalUrl)
  return { status: 'loaded', catalog, url: finalUrl, bytes: body.byteLength, ...validators }
}

function absoluteUrl(source: string | URL): string {
  if (URL.canParse(String(source))) return new URL(source).href
  throw new SimilarItemsError('invalid-argument', `The catalogue URL "${source}" is not absolute.`, {
    subject: String(source),
  })
}

async function reaching<T>(url: string, signal: AbortSignal | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    signal?.throwIfAborted()
    const advice = 'Check the URL, the network and, on another origin, that the server sends CORS headers.'
    throw unreachable(url, advice, cause)
  }
}

function unreachable(url: string, detail: string, cause?: unknown): SimilarItemsError {
  const message = `The catalogue ${url} could not be loaded. ${detail}`
  return new SimilarItemsError('catalog-unreachable', message, { subject: url, cause })
}

/** Last-Modified has a resolution of one second, so it only counts where there is no ETag. */
function isSameVersion(previous: Validators, current: Validators): boolean {
  if (previous.etag !== null || current.etag !== null) return previous.etag === current.etag
  return previous.lastModified !== null && previous.lastModified === current.lastModified
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = `The catalogue ${url} ${describeNonJson(text)}`
    throw new SimilarItemsError('catalog-invalid', message, { subject: url, cause })
  }
}

function describeNonJson(text: string): string {
  const start = text.slice(0, 1000).trimStart()
  if (start === '') return 'is empty; it has to be JSON.'
  if (start.startsWith('<?xml') || start.startsWith('<rss')) return 'is an XML feed; convert it to JSON.'
  if (start.startsWith('<')) {
    return 'looks like a web page; the server probably answers unknown paths with its start page. Check the URL.'
  }
  return 'is not valid JSON.'
}
