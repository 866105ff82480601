import { acquireEngine, type EngineLease } from '../engine/shared-engine.js'
import type { SimilarityEngine } from '../engine/similarity-engine.js'
import type { StorageMode } from './attributes.js'

/** What decides which engine an element uses. Empty text is the engine's default. */
export interface EngineSettings {
  readonly catalog: string | readonly unknown[]
  /** Address of an engine on a server; empty for none. */
  readonly engine: string
  readonly model: string
  readonly projection: string
  readonly assets: string
  readonly heicDecoder: string
  readonly storage: StorageMode
}

/** The engine of one element: held from the first question on, exchanged when the settings change. */
export class EngineConnection {
  #settings: EngineSettings | null = null
  #lease: EngineLease | null = null
  #opened: SimilarityEngine | null = null

  /** The engine that is held, or null. */
  get engine(): Promise<SimilarityEngine> | null {
    return this.#lease?.engine ?? null
  }

  /** The same once it is open. */
  get opened(): SimilarityEngine | null {
    return this.#opened
  }

  /** Rejects with what kept the engine from opening; the next call then tries anew. */
  async open(settings: EngineSettings): Promise<SimilarityEngine> {
    const lease = this.#acquire(settings)
    try {
      const engine = await lease.engine
      if (this.#lease === lease) this.#opened = engine
      return engine
    } catch (error) {
      if (this.#lease === lease) this.release()
      throw error
    }
  }

  release(): void {
    this.#lease?.release()
    this.#lease = null
    this.#opened = null
    this.#settings = null
  }

  #acquire(settings: EngineSettings): EngineLease {
    if (this.#lease && this.#settings && sameEngine(this.#settings, settings)) return this.#lease
    const { catalog, engine, model, projection, assets, heicDecoder, storage } = settings
    const lease = acquireEngine({
      storage,
      ...((catalog !== '' || engine === '') && { catalog }),
      ...(engine && { engine }),
      ...(model && { model }),
      ...(projection && { projection }),
      ...(assets && { assets }),
      ...(heicDecoder && { heicDecoder }),
    })
    // Only now: an engine that both leases share must not close in between.
    this.release()
    this.#settings = settings
    this.#lease = lease
    return lease
  }
}

function sameEngine(a: EngineSettings, b: EngineSettings): boolean {
  const keys = ['catalog', 'engine', 'model', 'projection', 'assets', 'heicDecoder', 'storage'] as const
  return keys.every((key) => a[key] === b[key])
}
