import { SimilarItemsError } from '../errors.js'
import { fetchFile } from '../network/fetch-file.js'
import { NetworkFailure } from '../network/network-failure.js'
import { parseUrl } from '../parse-url.js'
import { type Catalog, findItems, parseCatalog } from './parse-catalog.js'

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
  /** Told what the feed says beside its items, and where it came from, before these are validated, which may take a while. */
  onExtras?: (extras: ReadonlyMap<string, unknown>, url: string) => Promise<void>
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
 * @throws SimilarItemsError `catalog-unreachable`, `download-stalled`, `catalog-invalid`, `invalid-argument`; the signal's reason
 * when aborted.
 */
export async function loadCatalog(
  source: string | URL,
  options: LoadCatalogOptions = {},
): Promise<LoadedCatalog> {
  const { signal, previous } = options
  signal?.throwIfAborted()
  const url = absoluteUrl(source)
  const isKnown = (response: Response) => previous && isSameVersion(previous, validatorsOf(response))
  let input: unknown
  const { response, bytes } = await fetchFile(url, {
    cache: 'no-cache',
    signal,
    fetch: options.fetch,
    isWanted: (response) => !isKnown(response),
    check: (bytes) => {
      input = parseJson(new TextDecoder().decode(bytes), url)
    },
  }).catch((error: unknown) => {
    if (!(error instanceof NetworkFailure)) throw error
    const advice =
      'Check the URL of the catalogue, the network and, on another origin, that the server sends CORS headers.'
    throw error.toError('catalog-unreachable', `The catalogue ${url}`, url, advice)
  })
  if (isKnown(response)) return { status: 'unchanged', bytes: 0 }
  const finalUrl = response.url || url
  await options.onExtras?.(findItems(input, finalUrl).extras, finalUrl)
  const catalog = parseCatalog(input, finalUrl)
  return { status: 'loaded', catalog, url: finalUrl, bytes: bytes.length, ...validatorsOf(response) }
}

function validatorsOf({ headers }: Response): Validators {
  return { etag: headers.get('etag'), lastModified: headers.get('last-modified') }
}

function absoluteUrl(source: string | URL): string {
  const url = parseUrl(source)
  if (url !== null) return url.href
  throw new SimilarItemsError('invalid-argument', `The catalogue URL "${source}" is not absolute.`, {
    subject: String(source),
  })
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
