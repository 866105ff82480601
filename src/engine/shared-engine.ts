import { type EngineOptions, isInline, sharingKey } from './engine-options.js'
import { SimilarityEngine } from './similarity-engine.js'

/** A share in an engine. */
export interface EngineLease {
  readonly engine: Promise<SimilarityEngine>
  /** Gives the share back; calling it again does nothing. */
  release(): void
}

/** A page that replaces its content removes the old elements before it adds the new: an engine outlives the gap. */
const gracePeriod = 3000

interface SharedEngine {
  readonly key: string
  readonly catalog: EngineOptions['catalog'] | undefined
  readonly engine: Promise<SimilarityEngine>
  leases: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** The engines that are leased on this page, or were a moment ago. */
const sharedEngines = new Set<SharedEngine>()

/**
 * A share in the engine for `options`: elements whose options mean the same share one, and with it one worker. It
 * closes some seconds after the last share was given back. An engine that failed to open is not shared any more.
 * @throws SimilarItemsError `invalid-argument`.
 */
export function acquireEngine(options: EngineOptions): EngineLease {
  const shared = findShared(options) ?? openShared(options)
  shared.leases++
  clearTimeout(shared.timer)
  let isHeld = true
  return {
    engine: shared.engine,
    release() {
      if (!isHeld) return
      isHeld = false
      if (--shared.leases === 0) shared.timer = setTimeout(() => close(shared), gracePeriod)
    },
  }
}

function findShared(options: EngineOptions): SharedEngine | undefined {
  const key = sharingKey(options)
  return [...sharedEngines].find((shared) => {
    return shared.key === key && (!isInline(options.catalog) || shared.catalog === options.catalog)
  })
}

function openShared(options: EngineOptions): SharedEngine {
  const engine = SimilarityEngine.open(options)
  const shared: SharedEngine = {
    key: sharingKey(options),
    catalog: options.catalog,
    engine,
    leases: 0,
    timer: undefined,
  }
  sharedEngines.add(shared)
  engine.catch(() => sharedEngines.delete(shared))
  return shared
}

function close(shared: SharedEngine): void {
  sharedEngines.delete(shared)
  shared.engine.then(
    (engine) => engine.close(),
    () => undefined, // Its leases heard of it.
  )
}
