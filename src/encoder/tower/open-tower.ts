import type { TensorFile } from '../../vectors/safetensors.js'
import { clearBoard, JobBoard } from './job-board.js'
import type { ThreadTask } from './thread-task.js'
import { compileTower, openTowerKernel, type TowerModules, towerMemory } from './tower-kernel.js'
import { TowerSteps } from './tower-steps.js'

import { readTowerWeights } from './tower-weights.js'
import { VisionTower } from './vision-tower.js'

export interface OpenTower {
  readonly tower: VisionTower
  /** For the threads that may help, one each. */
  readonly tasks: readonly ThreadTask[]
  /** Why there are none though they were asked for, or null. */
  readonly failure: string | null
  /** The same tower on memory of its own. */
  copyForOne(): Promise<VisionTower>
}

/**
 * Compiles the kernel for this engine; what it returns makes towers of files of weights. It is loaded when it is needed: this file
 * and all that it imports share nothing with the worker but types.
 * @param threads that may compute: with more than one, memory is shared.
 * @throws WebAssembly.CompileError or EvalError where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export async function prepareTowers(threads = 1): Promise<(file: TensorFile) => Promise<OpenTower>> {
  const modules: TowerModules = await compileTower(threads > 1)
  return async (file) => {
    const weights = readTowerWeights(file)
    if (threads === 1) return alone(await VisionTower.open(modules, weights))
    try {
      return withHelpers(modules, await VisionTower.open(modules, weights, threads), threads - 1)
    } catch (error) {
      // Phones may have no such memory. Where it is the weights, this fails as well.
      return { ...alone(await VisionTower.open(await compileTower(), weights)), failure: String(error) }
    }
  }
}

function alone(tower: VisionTower): OpenTower {
  return { tower, tasks: [], failure: null, copyForOne: () => copyForOne(tower) }
}

function withHelpers(modules: TowerModules, tower: VisionTower, count: number): OpenTower {
  const { plan, memory } = tower
  const tasks = Array.from({ length: count }, (_, index) => ({ modules, memory, plan, thread: index + 1 }))
  return { ...alone(tower), tasks }
}

async function copyForOne({ plan, memory }: VisionTower): Promise<VisionTower> {
  const own = towerMemory(plan.bytes, false)
  new Uint8Array(own.buffer).set(new Uint8Array(memory.buffer, 0, plan.weightsEnd))
  // Nobody helps here.
  clearBoard(own, plan.board)
  return new VisionTower(await openTowerKernel(await compileTower(), own), plan)
}

/**
 * The life of a thread that helps, until it is ended.
 * @param port to whoever sent the task.
 */
export async function help({ modules, memory, plan, thread }: ThreadTask, port: MessagePort): Promise<never> {
  const steps = new TowerSteps(await openTowerKernel(modules, memory), plan, thread)
  const board = new JobBoard(memory, plan.board, steps.jobs)
  board.join()
  port.postMessage('joined')
  return board.help((step, job) => steps.run(step, job))
}
