import { abortable } from '../../../abortable.js'
import type { SimilarityEngine } from '../../../engine/similarity-engine.js'
import type { Progress, ProgressPhase } from '../../../types.js'

/** Bytes of what a search needs: ONNX Runtime and the model. `total` is 0 while it is unknown. */
export interface LoadedBytes {
  readonly loaded: number
  readonly total: number
}

export type LoaderState =
  | { readonly name: 'idle' }
  | { readonly name: 'loading'; readonly bytes: LoadedBytes }
  /** The shopper stopped it. */
  | { readonly name: 'stopped' }
  | { readonly name: 'failed' }
  | { readonly name: 'ready' }

interface LoaderEvents {
  openEngine(): Promise<SimilarityEngine>
  change(state: LoaderState): void
  progress(progress: Progress): void
}

/** Gets the engine ready for photos, once: from the first wish for it, so that the first photo waits less. */
export class ModelLoader {
  readonly #events: LoaderEvents
  #loading: Promise<SimilarityEngine> | null = null
  #controller = new AbortController()
  #state: LoaderState = { name: 'idle' }

  constructor(events: LoaderEvents) {
    this.#events = events
  }

  get state(): LoaderState {
    return this.#state
  }

  /** Begins to load, unless that has been done or the shopper has stopped it. What goes wrong is told by `ready`. */
  prepare(): void {
    if (this.#state.name === 'idle') this.#load().catch(() => undefined)
  }

  /**
   * The engine with its encoder open. Begins anew after a failure, or after it was stopped. Rejects with the signal's
   * reason, with what kept it from loading, or with an AbortError when the shopper stops it.
   */
  ready(signal: AbortSignal): Promise<SimilarityEngine> {
    return abortable(this.#load(), signal)
  }

  /** The shopper does not want to wait, or to pay for the bytes. */
  stop(): void {
    if (this.#state.name !== 'loading') return
    this.#controller.abort()
    this.#loading = null
    this.#enter({ name: 'stopped' })
  }

  /** Another engine may be asked for, or none any more: what is being loaded is not awaited any longer. */
  reset(): void {
    this.#controller.abort()
    this.#controller = new AbortController()
    this.#loading = null
    this.#enter({ name: 'idle' })
  }

  #load(): Promise<SimilarityEngine> {
    if (this.#loading) return this.#loading
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
    const { signal } = this.#controller
    const loading = this.#prepareEngine(signal)
    this.#loading = loading
    this.#enter({ name: 'loading', bytes: { loaded: 0, total: 0 } })
    loading.then(
      () => signal.aborted || this.#enter({ name: 'ready' }),
      () => {
        if (this.#loading === loading) this.#loading = null
        if (signal.aborted) return
        // Otherwise what listens to the engine would listen twice after another attempt.
        this.#controller.abort()
        this.#enter({ name: 'failed' })
      },
    )
    return loading
  }

  async #prepareEngine(signal: AbortSignal): Promise<SimilarityEngine> {
    const engine = await abortable(this.#events.openEngine(), signal)
    const phases = new Map<ProgressPhase, Progress>()
    const listen = ({ progress }: { readonly progress: Progress }) => {
      this.#events.progress(progress)
      if (this.#state.name !== 'loading' || !['runtime', 'model'].includes(progress.phase)) return
      phases.set(progress.phase, progress)
      this.#enter({ name: 'loading', bytes: sum([...phases.values()]) })
    }
    engine.addEventListener('progress', listen, { signal })
    await engine.prepare({ signal })
    return engine
  }

  #enter(state: LoaderState): void {
    this.#state = state
    this.#events.change(state)
  }
}

function sum(parts: readonly Progress[]): LoadedBytes {
  const total = parts.some((part) => part.total === 0)
    ? 0
    : parts.reduce((bytes, part) => bytes + part.total, 0)
  return { loaded: parts.reduce((bytes, part) => bytes + part.loaded, 0), total }
}
