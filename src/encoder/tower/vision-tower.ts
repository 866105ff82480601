import { JobBoard } from './job-board.js'
import { placeWeightsIn } from './place-weights.js'
import { runPoolingHead } from './pooling-head.js'
import { openTowerKernel, type TowerKernel, type TowerModules, towerMemory } from './tower-kernel.js'
import { planTower, type TowerPlan } from './tower-layout.js'
import type { TowerShape } from './tower-shape.js'
import { TowerSteps } from './tower-steps.js'
import type { TowerWeights } from './tower-weights.js'

/** What a vision tower computes of a picture. */
export interface TowerOutputs {
  /** `[tokens, hiddenSize]`. */
  readonly lastHiddenState: Float32Array
  /** `[hiddenSize]`. */
  readonly poolerOutput: Float32Array
}

/** SigLIP's own normalisation gives -1..1: bytes are then quantised to themselves. */
const usualRange = { least: -1, largest: 1 }

/**
 * A SigLIP vision tower with 7-bit weights: linear layers in whole numbers, what is between them in 32-bit floats. The
 * same picture gives the same bits on every engine and processor, and with any number of threads. Not re-entrant.
 */
export class VisionTower {
  readonly plan: TowerPlan
  readonly memory: WebAssembly.Memory
  readonly #kernel: TowerKernel
  readonly #steps: TowerSteps
  #board: JobBoard

  /** A tower on a memory that is there. */
  constructor(kernel: TowerKernel, plan: TowerPlan) {
    this.plan = plan
    this.memory = kernel.memory
    this.#kernel = kernel
    this.#steps = new TowerSteps(kernel, plan, 0)
    this.#board = new JobBoard(kernel.memory, plan.board, this.#steps.jobs)
  }

  /**
   * Takes memory, once and for all.
   * @param threads that may compute it: with more than one, `modules` are for shared memory.
   * @throws RangeError where there is not enough memory, or weights have more than 7 bits.
   */
  static async open(modules: TowerModules, weights: TowerWeights, threads = 1): Promise<VisionTower> {
    const plan = planTower(weights, threads)
    const kernel = await openTowerKernel(modules, towerMemory(plan.bytes, threads > 1))
    placeWeightsIn(kernel, weights, plan)
    return new VisionTower(kernel, plan)
  }

  get shape(): TowerShape {
    return this.plan.shape
  }

  /** Threads that compute: this one, and those that have come to help. */
  get threads(): number {
    return 1 + this.#board.helpers
  }

  /** From now on this thread computes alone, whether or not others have ended yet. */
  computeAlone(): void {
    this.#board = this.#board.alone()
  }

  /**
   * @param pixels `[3, imageSize, imageSize]`, normalised.
   * @throws StoppedHelperError where another thread has stopped: it may still write to this tower's memory.
   */
  run(pixels: Float32Array): TowerOutputs {
    const { at, tokens, shape } = this.plan
    const { least, largest } = rangeOf(pixels)
    this.#floats(at.range, 2).set([least, largest])
    this.#floats(at.pixels, pixels.length).set(pixels)
    this.#board.run((step, job) => this.#steps.run(step, job))
    runPoolingHead(this.#kernel, this.plan)
    return {
      lastHiddenState: this.#floats(at.normalized, tokens * shape.hiddenSize).slice(),
      poolerOutput: this.#floats(at.head.hidden, shape.hiddenSize).slice(),
    }
  }

  #floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count)
  }
}

function rangeOf(pixels: Float32Array): { least: number; largest: number } {
  let { least, largest } = usualRange
  for (const value of pixels) {
    if (value < least) least = value
    if (value > largest) largest = value
  }
  return { least, largest }
}
