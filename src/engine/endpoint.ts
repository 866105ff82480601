import { parseCatalog } from '../catalog/parse-catalog.js'
import { Deadline } from '../deadline.js'
import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import { newQueryId } from '../query-id.js'
import type { Hit, Product, RankedList, VectorQuery } from '../types.js'
import { encodeVectors } from '../vectors/encoded-vectors.js'
import { parseSpace } from '../vectors/space.js'
import type { AskOptions, ListSource } from './list-source.js'

/** The longest list that is asked for where a filter of the page leaves out some of it. */
const longestList = 100

/** A vector engine on a server, behind `similarHandler` of `similar-items/server`. */
export class Endpoint implements ListSource {
  readonly #url: string

  /** @param url relative to the document; its parameters, such as filters, go along with every question about items. */
  constructor(url: string) {
    if (!URL.canParse(url, document.baseURI)) {
      throw new SimilarItemsError('invalid-argument', `engine must be a URL; it is "${url}".`, {
        subject: url,
      })
    }
    this.#url = new URL(url, document.baseURI).href
  }

  /**
   * The list for products or a vector: of products, one request that caches can answer; of a vector, 8 bits a component.
   * @throws SimilarItemsError `engine-unreachable`, `engine-timeout`, `engine-invalid`, and what the server refuses:
   * `product-unknown`, `space-mismatch`, `invalid-argument`, `request-refused`; the signal's reason on abort.
   */
  async ask(query: VectorQuery, options: AskOptions = {}): Promise<RankedList> {
    const started = performance.now()
    const { filter, signal, patience, limit = 12, minScore, nearDuplicate, diversity, perGroup } = options
    // A filter is a function of this page: the server gives it more to choose from.
    const most = filter ? Math.max(limit, Math.min(longestList, 4 * limit)) : limit
    const ranking = defined({ limit: most, minScore, nearDuplicate, diversity, perGroup })
    const isOne = 'items' in query && query.items.length === 1 && query.weights === undefined
    const answer = isOne
      ? await this.#request(
          this.#address({ item: query.items[0] as string, ...ranking }),
          {},
          signal,
          patience,
        )
      : await this.#post({ ...questionOf(query), ...ranking, ...this.#filters() }, signal, patience)
    const hits = this.#readHits(answer).filter(({ product }) => !filter || filter(product))
    const ranked = hits.slice(0, limit).map((hit, rank) => ({ ...hit, rank }))
    return {
      queryId: newQueryId(),
      hits: ranked,
      space: parseSpace((answer as { space?: unknown }).space),
      ranked: hits.length,
      total: hits.length,
      complete: true,
      timings: { fetch: performance.now() - started, decode: 0, resize: 0, inference: 0, rank: 0 },
    }
  }

  /** @throws as `ask`. */
  async projection(signal?: AbortSignal, patience?: number): Promise<string | null> {
    const url = new URL(this.#url)
    url.search = '?describe'
    const { projection } = ((await this.#request(url.href, {}, signal, patience)) ?? {}) as Record<
      string,
      unknown
    >
    if (projection === null || projection === undefined) return null
    if (typeof projection === 'string' && URL.canParse(projection, this.#url)) {
      return new URL(projection, this.#url).href
    }
    throw this.#invalid('names a projection that is no URL')
  }

  #address(parameters: Readonly<Record<string, string | number>>): string {
    const url = new URL(this.#url)
    for (const [name, value] of Object.entries(parameters)) {
      url.searchParams.set(name, String(value))
    }
    return url.href
  }

  #post(question: object, signal: AbortSignal | undefined, patience: number | undefined): Promise<unknown> {
    const url = new URL(this.#url)
    url.search = ''
    const headers = { 'content-type': 'application/json' }
    return this.#request(
      url.href,
      { method: 'POST', headers, body: JSON.stringify(question) },
      signal,
      patience,
    )
  }

  /** The parameters of the address as the body of a question has them. */
  #filters(): { filters?: Record<string, string[]> } {
    const { searchParams } = new URL(this.#url)
    const names = new Set(searchParams.keys())
    if (names.size === 0) return {}
    return { filters: Object.fromEntries(Array.from(names, (name) => [name, searchParams.getAll(name)])) }
  }

  async #request(
    url: string,
    init: RequestInit,
    signal: AbortSignal | undefined,
    patience = 10_000,
  ): Promise<unknown> {
    signal?.throwIfAborted()
    const deadline = new Deadline(signal, patience)
    try {
      return await this.#read(await fetch(url, { ...init, signal: deadline.signal }))
    } catch (cause) {
      signal?.throwIfAborted()
      if (deadline.isOver) throw timedOut(this.#url, patience)
      if (isSimilarItemsError(cause)) throw cause
      throw this.#unreachable('cannot be reached', cause)
    } finally {
      deadline.clear()
    }
  }

  async #read(response: Response): Promise<unknown> {
    const text = await response.text()
    const value = parseJson(text)
    if (response.ok) {
      if (value !== undefined) return value
      throw this.#invalid('answered with something else than JSON')
    }
    const { code, message } = ((value as { error?: object } | undefined)?.error ?? {}) as Record<
      string,
      unknown
    >
    if (refusals.includes(code as (typeof refusals)[number]) && typeof message === 'string') {
      throw new SimilarItemsError(code as (typeof refusals)[number], message, { subject: this.#url })
    }
    throw this.#unreachable(`answered with status ${response.status}`)
  }

  #readHits(answer: unknown): Omit<Hit, 'rank'>[] {
    const { hits } = (answer ?? {}) as { hits?: unknown }
    if (!Array.isArray(hits)) throw this.#invalid('answered without a list of hits')
    const { products } = parseCatalog(
      hits.map((hit) => (hit as { product?: unknown } | null)?.product),
      this.#url,
    )
    const known = new Map(products.map((product): [string, Product] => [product.id, product]))
    return hits.flatMap((hit) => {
      const { product: item, score } = (hit ?? {}) as { product?: { id?: unknown } | null; score?: unknown }
      const product = known.get(String(item?.id ?? ''))
      if (!product || typeof score !== 'number' || !Number.isFinite(score)) return []
      known.delete(product.id)
      return [{ product, score: Math.min(1, Math.max(-1, score)) }]
    })
  }

  #unreachable(what: string, cause?: unknown): SimilarItemsError {
    const message = `The engine ${this.#url} ${what}. Check the address, and what its server says.`
    return new SimilarItemsError('engine-unreachable', message, { cause, subject: this.#url })
  }

  #invalid(what: string): SimilarItemsError {
    const message = `The engine ${this.#url} ${what}. It has to be similarHandler() of similar-items/server.`
    return new SimilarItemsError('engine-invalid', message, { subject: this.#url })
  }
}

/** What a server says and a page passes on. */
const refusals = [
  'invalid-argument',
  'product-unknown',
  'space-mismatch',
  'request-refused',
  'engine-empty',
  'engine-timeout',
] as const

function timedOut(url: string, patience: number): SimilarItemsError {
  const message = `The engine ${url} did not answer within ${patience} ms.`
  return new SimilarItemsError('engine-timeout', message, { subject: url })
}

/** The entries that say something. */
function defined(options: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const entries = Object.entries(options).filter((entry): entry is [string, number] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

function questionOf(query: VectorQuery): object {
  if ('items' in query) return query
  const { space, vector } = query.vector
  const { data, scales } = encodeVectors([vector], space.dimensions, 'int8')
  let levels = ''
  for (const level of data) levels += String.fromCharCode(level & 255)
  return { vector: btoa(levels), scale: scales?.[0], space: space.fingerprint }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // What is not JSON; the caller says so.
  }
}
