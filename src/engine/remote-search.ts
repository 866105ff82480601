import { isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import type { QueryOptions, RankedList, VectorQuery } from '../types.js'
import { CellSearch } from './cells/cell-search.js'
import { Endpoint } from './endpoint.js'
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
}

/**
 * Asks sources outside of the page, and where they are slow or down, the engine that the page can open itself. Where
 * there are cells, no vector is ever sent to a server.
 */
export class RemoteSearch {
  readonly #parts: RemoteParts
  readonly #sources: Readonly<Record<Subject, Source>>
  readonly #patience: number | undefined
  #local: Promise<SimilarityEngine> | null = null

  constructor(parts: RemoteParts) {
    this.#parts = parts
    const { engine, cells } = parts
    const server = engine === null ? null : { lists: new Endpoint(engine), restUntil: 0 }
    const files = cells === null ? null : { lists: new CellSearch(cells), restUntil: 0 }
    this.#sources = { items: (server ?? files) as Source, vector: (files ?? server) as Source }
    this.#patience = parts.openLocal ? patienceBesideLocal : undefined
  }

  /** @throws as `ListSource.ask`. */
  ask(query: VectorQuery, options: QueryOptions): Promise<RankedList> {
    const { lists } = this.#sources[subjectOf(query)]
    return lists.ask(query, { ...options, patience: this.#patience })
  }

  /** URL of the projection that an encoder's vectors need; null where they need none. @throws as `ListSource.ask`. */
  projection(signal: AbortSignal | undefined): Promise<string | null> {
    return this.#sources.vector.lists.projection(signal, this.#patience)
  }

  /** What `ask` gives; where the source of such lists fails, what `askLocal` gives, after a warning. */
  async orLocally<T>(
    subject: Subject,
    ask: () => Promise<T>,
    askLocal: (engine: SimilarityEngine) => Promise<T>,
  ): Promise<T> {
    const { openLocal, warn } = this.#parts
    const source = this.#sources[subject]
    if (openLocal && performance.now() < source.restUntil) return askLocal(await this.#open(openLocal))
    try {
      return await ask()
    } catch (error) {
      if (!openLocal) throw error
      // Cells know of products only what has been loaded for photos.
      const isUnknown = source.lists instanceof CellSearch && isSimilarItemsError(error, 'product-unknown')
      if (!isUnknown && !isFailure(error)) throw error
      if (!isUnknown) {
        source.restUntil = performance.now() + restMilliseconds
        warn(error)
      }
      return askLocal(await this.#open(openLocal))
    }
  }

  async close(): Promise<void> {
    await (await this.#local?.catch(() => null))?.close()
  }

  #open(openLocal: () => Promise<SimilarityEngine>): Promise<SimilarityEngine> {
    this.#local ??= openLocal().catch((error: unknown) => {
      this.#local = null
      throw error
    })
    return this.#local
  }
}

export function subjectOf(query: VectorQuery): Subject {
  return 'vector' in query ? 'vector' : 'items'
}

/** Whether it is the source that failed, not the question. */
function isFailure(error: unknown): error is SimilarItemsError {
  return isSimilarItemsError(error) && failures.includes(error.code)
}

const failures: readonly string[] = [
  'engine-unreachable',
  'engine-timeout',
  'engine-invalid',
  'engine-empty',
  'space-mismatch',
  'pack-unreachable',
  'pack-invalid',
  'catalog-invalid',
  'download-stalled',
]
