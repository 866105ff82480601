import type { TensorFile } from '../../vectors/safetensors.js'
import { compileTower, openTowerKernel, type TowerModules } from './tower-kernel.js'
import { readTowerWeights } from './tower-weights.js'
import { VisionTower } from './vision-tower.js'

/**
 * Compiles the kernel for this engine; what it returns makes towers of files of weights. It is loaded when it is needed: this file
 * and all that it imports share nothing with the worker but types.
 * @throws WebAssembly.CompileError or EvalError where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export async function prepareTowers(): Promise<(file: TensorFile) => Promise<VisionTower>> {
  const modules: TowerModules = await compileTower()
  return async (file) => new VisionTower(await openTowerKernel(modules), readTowerWeights(file))
}
