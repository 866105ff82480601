import { acquireEngine, type EngineLease } from '../engine/shared-engine.js'
import type { SimilarityEngine } from '../engine/similarity-engine.js'

/** What decides which engine an element uses. Empty text is the engine's default. */
export interface EngineSettings {
  readonly catalog: string | readonly unknown[]
  readonly model: string
  readonly assets: string
}

/** The engine of one element: held from the first question on, exchanged when the settings change. */
export class EngineConnection {
  #settings: EngineSettings | null = null
  #lease: EngineLease | null = null

  /** Rejects with what kept the engine from opening; the next call then tries anew. */
  async open(settings: EngineSettings): Promise<SimilarityEngine> {
    const lease = this.#acquire(settings)
    try {
      return await lease.engine
    } catch (error) {
      if (this.#lease === lease) this.release()
      throw error
    }
  }

  release(): void {
    this.#lease?.release()
    this.#lease = null
    this.#settings = null
  }

  #acquire(settings: EngineSettings): EngineLease {
    if (this.#lease && this.#settings && sameEngine(this.#settings, settings)) return this.#lease
    const { catalog, model, assets } = settings
    const lease = acquireEngine({ catalog, ...(model && { model }), ...(assets && { assets }) })
    // Only now: an engine that both leases share must not close in between.
    this.release()
    this.#settings = settings
    this.#lease = lease
    return lease
  }
}

function sameEngine(a: EngineSettings, b: EngineSettings): boolean {
  return a.catalog === b.catalog && a.model === b.model && a.assets === b.assets
}
