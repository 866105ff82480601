import type { TowerModules } from './tower-kernel.js'
import type { TowerPlan } from './tower-layout.js'

/** What a thread of the kernel is sent, once. */
export interface ThreadTask {
  readonly modules: TowerModules
  readonly memory: WebAssembly.Memory
  readonly plan: TowerPlan
  /** Its number: the first one has none of these. */
  readonly thread: number
}
