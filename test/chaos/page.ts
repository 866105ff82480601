import type * as Package from '../../src/index.js'

/** How a question ended. */
export interface Ending {
  readonly question: string
  readonly milliseconds: number
  /** Null where it failed. */
  readonly list: {
    ids: readonly string[]
    scores: readonly number[]
    ranked: number
    total: number
    complete: boolean
  } | null
  /** Code or name of the error. */
  readonly error: string | null
}

export interface ChaosWindow extends Window {
  workers: Worker[]
  opened: Promise<Package.SimilarityEngine>
  endings: Ending[]
  pending: Set<string>
  unhandled: string[]
  put(question: string, ask: (engine: Package.SimilarityEngine) => Promise<unknown>): void
}

/** Runs in the page: keeps its workers, its errors, and how every question ends. */
export function prepare(): void {
  const chaos = window as unknown as ChaosWindow
  Object.assign(chaos, { workers: [], endings: [], pending: new Set(), unhandled: [] })
  const Original = window.Worker
  window.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args)
      chaos.workers.push(this)
    }
  }
  addEventListener('unhandledrejection', ({ reason }) => chaos.unhandled.push(String(reason)))
  let count = 0
  chaos.put = (question, ask) => {
    const name = `${count++}: ${question}`
    const started = performance.now()
    chaos.pending.add(name)
    const end = (list: Ending['list'], error: string | null) => {
      chaos.pending.delete(name)
      chaos.endings.push({ question, milliseconds: performance.now() - started, list, error })
    }
    chaos.opened.then(ask).then(
      (result) => {
        const list = result as Partial<Package.RankedList> | undefined
        if (!list?.hits) return end(null, null)
        const { hits, ranked = 0, total = 0, complete = false } = list
        const ids = hits.map(({ product }) => product.id)
        end({ ids, scores: hits.map(({ score }) => score), ranked, total, complete }, null)
      },
      // A DOMException has a number for a code.
      (error: { code?: unknown; name?: string }) =>
        end(null, typeof error.code === 'string' ? error.code : (error.name ?? String(error))),
    )
  }
}

/** Runs in the page: opens an engine; one that cannot be opened is opened again by the next question. */
export function open(options: Package.EngineOptions): void {
  const chaos = window as unknown as ChaosWindow
  const opening = async () => {
    const { SimilarityEngine } = (await import('/dist/index.js' as string)) as typeof Package
    const engine = await SimilarityEngine.open(options)
    window.engine = engine
    engine.addEventListener('warning', (event) => event.preventDefault())
    return engine
  }
  let engine: Promise<Package.SimilarityEngine> | null = null
  Object.defineProperty(chaos, 'opened', {
    configurable: true,
    get: () => {
      engine ??= opening().catch((error: unknown) => {
        engine = null
        throw error
      })
      return engine
    },
  })
}
