import type { TowerModules } from './tower-kernel.js'
import type { TowerPlan } from './tower-layout.js'

/** The name of a thread of the kernel: it runs the worker's own script, which is there for certain, and does this instead. */
export const threadName = 'similar-items-kernel'

/** What a thread is sent, once. */
export interface ThreadTask {
  readonly modules: TowerModules
  readonly memory: WebAssembly.Memory
  readonly plan: TowerPlan
  /** Its number: the first one has none of these. */
  readonly thread: number
}
