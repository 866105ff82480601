import type { SimilarItemsError } from '../errors.js'
import type { Progress } from '../types.js'

/** `progress`: a download or the indexing got further. */
export class EngineProgressEvent extends Event {
  readonly progress: Progress

  constructor(progress: Progress) {
    super('progress')
    this.progress = progress
  }
}

/** `change`: other products can be ranked than before, so lists that were not complete are worth asking again. */
export class EngineChangeEvent extends Event {
  constructor() {
    super('change')
  }
}

/**
 * `warning`: something failed that no call waits for; the engine goes on. It is written to the console, unless a
 * listener calls `preventDefault()`.
 */
export class EngineWarningEvent extends Event {
  readonly error: SimilarItemsError

  constructor(error: SimilarItemsError) {
    super('warning', { cancelable: true })
    this.error = error
  }
}

/** `status`: `engine.status` has changed. */
export class EngineStatusEvent extends Event {
  constructor() {
    super('status')
  }
}

export interface EngineEventMap {
  progress: EngineProgressEvent
  change: EngineChangeEvent
  warning: EngineWarningEvent
  status: EngineStatusEvent
}
