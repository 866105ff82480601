import { type ErrorCode, isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import type { QueryOptions, RankedList, VectorQuery } from '../types.js'
import { CellSearch } from './cells/cell-search.js'
import { Endpoint } from './endpoint.js'
import { engineClosed } from './engine-closed.js'
import type { ListSource } from './list-source.js'
import type { SimilarityEngine } from './similarity-engine.js'

/** A server that has not answered by then is slower than what the page can do itself. */
const patienceBesideLocal = 800
/** For so long a source that failed is not asked again. */
const restMilliseconds = 30_000

export interface RemoteParts {
  /** Address of an engine on a server. */
  readonly engine: string | null
  /** Absolute URL of what `similar-items cells` wrote: then vectors stay in the page. */
  readonly cells: string | null
  /** Opens an engine that works with the page's own catalogue; null where the page has none. */
  readonly openLocal: (() => Promise<SimilarityEngine>) | null
  readonly warn: (error: SimilarItemsError) => void
}

/** What a list is for: products, or a vector, which is a summary of a photo. */
export type Subject = 'items' | 'vector'

interface Source {
  readonly lists: ListSource
  restUntil: number
  /** What it has thrown. */
  readonly errors: WeakSet<SimilarItemsError>
  /** URL of the projection that it has named. */
  projection: string | null
}

type AskLocal<T> = (engine: SimilarityEngine) => Promise<T>

/**
 * Asks sources outside of the page, and where they are slow or down, the engine that the page can open itself. Where
 * there are cells, no vector is ever sent to a server.
 */
export class RemoteSearch {
  readonly #parts: RemoteParts
  readonly #sources: Readonly<Record<Subject, Source>>
  readonly #patience: number | undefined
  #local: Promise<SimilarityEngine> | null = null
  #isClosed = false

  constructor(parts: RemoteParts) {
    this.#parts = parts
    const { engine, cells } = parts
    const server = engine === null ? null : newSource(new Endpoint(engine))
    const files = cells === null ? null : newSource(new CellSearch(cells))
    this.#sources = { items: (server ?? files) as Source, vector: (files ?? server) as Source }
    this.#patience = parts.openLocal ? patienceBesideLocal : undefined
  }

  /**
   * The list of the source, or that of `askLocal`, as `orLocally` says.
   * @throws as `ListSource.ask`; `engine-closed`.
   */
  search(query: VectorQuery, options: QueryOptions, askLocal: AskLocal<RankedList>): Promise<RankedList> {
    return this.orLocally(subjectOf(query), () => this.ask(query, options), askLocal)
  }

  /** @throws as `ListSource.ask`; `engine-closed`. */
  ask(query: VectorQuery, options: QueryOptions): Promise<RankedList> {
    const asked = { ...options, patience: this.#patience }
    return this.#from(this.#sources[subjectOf(query)], (lists) => lists.ask(query, asked))
  }

  /** URL of the projection that an encoder's vectors need; null where they need none. @throws as `ListSource.ask`. */
  async projection(signal: AbortSignal | undefined): Promise<string | null> {
    const source = this.#sources.vector
    source.projection = await this.#from(source, (lists) => lists.projection(signal, this.#patience))
    return source.projection
  }

  /** What `ask` gives; where the source of such lists fails, what `askLocal` gives, after a warning. */
  async orLocally<T>(subject: Subject, ask: () => Promise<T>, askLocal: AskLocal<T>): Promise<T> {
    const { openLocal, warn } = this.#parts
    const source = this.#sources[subject]
    if (openLocal && performance.now() < source.restUntil) return askLocal(await this.#open(openLocal))
    try {
      return await ask()
    } catch (error) {
      if (!openLocal) throw error
      // Cells know of products only what has been loaded for photos.
      const isUnknown = source.lists instanceof CellSearch && isSimilarItemsError(error, 'product-unknown')
      if (!isUnknown && !this.#isFailure(error, source)) throw error
      if (!isUnknown && !this.#isClosed) {
        source.restUntil = performance.now() + restMilliseconds
        warn(error)
      }
      return askLocal(await this.#open(openLocal))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await (await this.#local?.catch(() => null))?.close()
  }

  /** Asks the source, and remembers errors as its own. */
  async #from<T>(source: Source, ask: (lists: ListSource) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw engineClosed()
    try {
      return await ask(source.lists)
    } catch (error) {
      if (isSimilarItemsError(error)) source.errors.add(error)
      throw error
    }
  }

  /** Whether it is the source that failed: not the question, nor a picture or the model that a question needs. */
  #isFailure(error: unknown, { errors, projection }: Source): error is SimilarItemsError {
    if (!isSimilarItemsError(error)) return false
    if (failures.includes(error.code)) return true
    const isOwn = errors.has(error) || (projection !== null && error.subject === projection)
    return isOwn && failuresOfFiles.includes(error.code)
  }

  async #open(openLocal: () => Promise<SimilarityEngine>): Promise<SimilarityEngine> {
    if (this.#isClosed) throw engineClosed()
    this.#local ??= openLocal().catch((error: unknown) => {
      this.#local = null
      throw error
    })
    return this.#local
  }
}

function subjectOf(query: VectorQuery): Subject {
  return 'vector' in query ? 'vector' : 'items'
}

function newSource(lists: ListSource): Source {
  return { lists, restUntil: 0, errors: new WeakSet(), projection: null }
}

const failures: readonly ErrorCode[] = [
  'engine-unreachable',
  'engine-timeout',
  'engine-invalid',
  'engine-empty',
  'space-mismatch',
]
/** Other files than those of a source fail in these ways too. */
const failuresOfFiles: readonly ErrorCode[] = [
  'pack-unreachable',
  'pack-invalid',
  'catalog-invalid',
  'download-stalled',
]
