import { assetsPath } from '../engine/assets-path.js'
import type { EngineOptions } from '../engine/engine-options.js'
import { endWorkerAhead, startWorkerAhead } from '../engine/packaged-worker.js'
import type { SimilarityEngine } from '../engine/similarity-engine.js'
import type { RankedList } from '../types.js'
import type { StorageMode } from './attributes.js'
import { loadEngineCode } from './load-code.js'
import type { ItemQuestion } from './question/item-lists.js'

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

  /** The lists for a question, as `itemLists` gives them. Ends as that, or with what kept the engine from opening. */
  async *lists(settings: EngineSettings, question: ItemQuestion): AsyncGenerator<RankedList, never> {
    const opening = this.open(settings, true)
    opening.catch(() => undefined) // Told below.
    // Behind it: the worker starts while the code is on its way.
    const { itemLists } = await loadEngineCode()
    return yield* itemLists(question, engineOptions(settings), opening)
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
  const { assets } = settings
  const life = new AbortController()
  if (!(isRemote(settings) || assets || assetsPath())) startWorkerAhead()
  const lease = loadEngineCode().then(({ acquireEngine }) => {
    life.signal.throwIfAborted()
    return acquireEngine({ ...engineOptions(settings), asksAtOnce })
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

function engineOptions(settings: EngineSettings): EngineOptions {
  const { catalog, storage } = settings
  const given = defaulted.filter((name) => settings[name] !== '').map((name) => [name, settings[name]])
  return {
    storage,
    ...(!(isRemote(settings) && catalog === '') && { catalog }),
    ...Object.fromEntries(given),
  }
}

function isRemote({ engine, cells }: EngineSettings): boolean {
  return engine !== '' || cells !== ''
}

function sameEngine(a: EngineSettings, b: EngineSettings): boolean {
  return ([...defaulted, 'catalog', 'storage'] as const).every((key) => a[key] === b[key])
}
