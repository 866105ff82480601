import { assetsPath } from '../engine/assets-path.js'
import { endWorkerAhead, startWorkerAhead } from '../engine/packaged-worker.js'
import type { SimilarityEngine } from '../engine/similarity-engine.js'
import type { StorageMode } from './attributes.js'
import { loadEngineCode } from './load-code.js'

/** What decides which engine an element uses. Empty text is the engine's default. */
export interface EngineSettings {
  readonly catalog: string | readonly unknown[]
  /** Address of an engine on a server; empty for none. */
  readonly engine: string
  /** Address of the cells that photos are ranked in; empty for none. */
  readonly cells: string
  readonly model: string
  readonly projection: string
  readonly assets: string
  readonly heicDecoder: string
  readonly storage: StorageMode
}

/** A share in an engine. */
interface Share {
  readonly settings: EngineSettings
  readonly engine: Promise<SimilarityEngine>
  release(): void
}

/** The engine of one element: held from the first question on, exchanged when the settings change. */
export class EngineConnection {
  #share: Share | null = null
  #opened: SimilarityEngine | null = null

  /** The engine that is held, or null. */
  get engine(): Promise<SimilarityEngine> | null {
    return this.#share?.engine ?? null
  }

  /** The same once it is open. */
  get opened(): SimilarityEngine | null {
    return this.#opened
  }

  /**
   * Rejects with what kept the engine from opening; the next call then tries anew.
   * @param asksAtOnce whether a list is asked for then.
   */
  async open(settings: EngineSettings, asksAtOnce = false): Promise<SimilarityEngine> {
    const share = this.#acquire(settings, asksAtOnce)
    try {
      const engine = await share.engine
      if (this.#share === share) this.#opened = engine
      return engine
    } catch (error) {
      if (this.#share === share) this.release()
      throw error
    }
  }

  release(): void {
    this.#share?.release()
    this.#share = null
    this.#opened = null
  }

  #acquire(settings: EngineSettings, asksAtOnce: boolean): Share {
    if (this.#share && sameEngine(this.#share.settings, settings)) return this.#share
    const share = acquire(settings, asksAtOnce)
    this.release()
    this.#share = share
    return share
  }
}

/** Those that engines have a default for. */
const defaulted = ['engine', 'cells', 'model', 'projection', 'assets', 'heicDecoder'] as const

function acquire(settings: EngineSettings, asksAtOnce: boolean): Share {
  const { catalog, engine, cells, assets, storage } = settings
  const isRemote = engine !== '' || cells !== ''
  const given = defaulted.filter((name) => settings[name] !== '').map((name) => [name, settings[name]])
  const life = new AbortController()
  if (!(isRemote || assets || assetsPath())) startWorkerAhead()
  const lease = loadEngineCode().then(({ acquireEngine }) => {
    life.signal.throwIfAborted()
    return acquireEngine({
      storage,
      asksAtOnce,
      ...(!(isRemote && catalog === '') && { catalog }),
      ...Object.fromEntries(given),
    })
  })
  // An engine that is open has taken that worker, or has another.
  lease.then((held) => held.engine).then(endWorkerAhead, endWorkerAhead)
  return {
    settings,
    engine: lease.then((held) => held.engine),
    release() {
      life.abort()
      endWorkerAhead()
      lease.then(
        (held) => held.release(),
        () => undefined, // Nothing was held.
      )
    },
  }
}

function sameEngine(a: EngineSettings, b: EngineSettings): boolean {
  return ([...defaulted, 'catalog', 'storage'] as const).every((key) => a[key] === b[key])
}
