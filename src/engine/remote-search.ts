import { isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import type { QueryOptions, RankedList, VectorQuery } from '../types.js'
import { Endpoint } from './endpoint.js'
import type { SimilarityEngine } from './similarity-engine.js'

/** A server that has not answered by then is slower than what the page can do itself. */
const patienceBesideLocal = 800
/** For so long a server that failed is not asked again. */
const restMilliseconds = 30_000

export interface RemoteParts {
  readonly url: string
  /** Opens an engine that works with the page's own catalogue; null where the page has none. */
  readonly openLocal: (() => Promise<SimilarityEngine>) | null
  readonly warn: (error: SimilarItemsError) => void
}

/** Asks a server, and where it is slow or down, the engine that the page can open itself. */
export class RemoteSearch {
  readonly #parts: RemoteParts
  readonly #endpoint: Endpoint
  readonly #patience: number | undefined
  #local: Promise<SimilarityEngine> | null = null
  #restUntil = 0

  constructor(parts: RemoteParts) {
    this.#parts = parts
    this.#endpoint = new Endpoint(parts.url)
    this.#patience = parts.openLocal ? patienceBesideLocal : undefined
  }

  /** @throws as `Endpoint.ask`. */
  ask(query: VectorQuery, options: QueryOptions): Promise<RankedList> {
    return this.#endpoint.ask(query, { ...options, patience: this.#patience })
  }

  /** URL of the projection that an encoder's vectors need; null where they need none. @throws as `Endpoint.ask`. */
  async projection(signal: AbortSignal | undefined): Promise<string | null> {
    return (await this.#endpoint.describe(signal, this.#patience)).projection
  }

  /** What `ask` gives; where the server fails, what `askLocal` gives, after a warning. */
  async orLocally<T>(ask: () => Promise<T>, askLocal: (engine: SimilarityEngine) => Promise<T>): Promise<T> {
    const { openLocal, warn } = this.#parts
    if (openLocal && performance.now() < this.#restUntil) return askLocal(await this.#open(openLocal))
    try {
      return await ask()
    } catch (error) {
      if (!openLocal || !isServerFailure(error)) throw error
      this.#restUntil = performance.now() + restMilliseconds
      warn(error)
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

/** Whether it is the server that failed, not the question. */
function isServerFailure(error: unknown): error is SimilarItemsError {
  return (
    isSimilarItemsError(error) &&
    ['engine-unreachable', 'engine-timeout', 'engine-invalid', 'engine-empty', 'space-mismatch'].includes(
      error.code,
    )
  )
}
