import {
  compileTower,
  openTowerKernel,
  type TowerKernel,
  type TowerModules,
  towerMemory,
} from '../../../src/encoder/tower/tower-kernel.js'

/** A linear layer, and which weights it has: of any size, or all the largest, the least, or these by turns. */
export interface LinearCase {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
  readonly weights: 'small' | 'any' | 'largest' | 'least' | 'extreme'
}

/** The arithmetic of this browser, and the bytes of each layer's outputs as it and plain SIMD compute them. */
export async function multiplyBoth(cases: readonly LinearCase[]) {
  const modules = await compileTower()
  const [own, plain] = [await open(modules), await open({ ...modules, relaxed: null })]
  const outputs = cases.map((layer) => ({ own: multiply(own, layer), plain: multiply(plain, layer) }))
  return { arithmetics: [own.arithmetic, plain.arithmetic], outputs }
}

function open(modules: TowerModules): Promise<TowerKernel> {
  return openTowerKernel(modules, towerMemory(2 ** 22, false))
}

const at = {
  levels: 2 ** 16,
  scales: 2 ** 18,
  biases: 2 ** 18 + 2 ** 16,
  floats: 2 ** 19,
  weights: 2 ** 20,
  channels: 2 ** 21,
  panels: 2 ** 21 + 2 ** 20,
  worths: 2 ** 21 + 2 ** 20 + 2 ** 18,
  out: 2 ** 21 + 2 ** 20 + 2 ** 19,
}

function multiply(kernel: TowerKernel, { rows, inputs, outputs, weights }: LinearCase): string {
  const { exports, form, memory } = kernel
  const random = numbers(rows * 1009 + inputs * 31 + outputs)
  const level = {
    small: () => Math.round((random() - 0.5) * 30),
    any: () => Math.round((random() - 0.5) * 126),
    largest: () => 63,
    least: () => -63,
    extreme: () => (random() < 0.5 ? -63 : 63),
  }[weights]
  const levels = Int8Array.from({ length: inputs * outputs }, level)
  new Int8Array(memory.buffer, at.levels, levels.length).set(levels)
  const write = (address: number, count: number, value: () => number) =>
    new Float32Array(memory.buffer, address, count).set(Float32Array.from({ length: count }, value))
  write(at.scales, outputs, random)
  write(at.biases, outputs, random)
  // Many bytes are the largest and the least.
  write(at.floats, rows * inputs, () => Math.min(2, Math.max(-1, (random() - 0.3) * 6)))
  exports.packWeights(at.levels, outputs, inputs, at.scales, at.biases, at.weights, at.channels, form)
  exports.quantizeRows(at.floats, inputs * 4, inputs, 0, rows, at.panels, at.worths, form)
  const stride = outputs * 4
  kernel.multiply(
    at.panels,
    at.worths,
    0,
    rows,
    inputs,
    at.weights,
    at.channels,
    outputs,
    at.out,
    stride,
    false,
  )
  return new Uint32Array(memory.buffer, at.out, rows * outputs).join()
}

/** Numbers from 0 to 1 that depend on the seed alone: Park and Miller's generator. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
