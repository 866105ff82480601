import { towerRelaxedWasm } from './generated/tower-relaxed-wasm.js'
import { towerWasm } from './generated/tower-wasm.js'

/** How whole numbers are multiplied: the results are the same. */
export type Arithmetic = 'relaxed-dots' | 'relaxed-pairs' | 'simd'

type Multiply = (
  panels: number,
  rows: number,
  first: number,
  last: number,
  inputs: number,
  weights: number,
  channels: number,
  outputs: number,
  to: number,
  stride: number,
  isAdded: boolean,
) => void

/** Exports of `assembly/tower.ts`; all arguments are addresses, counts and plain numbers. */
export interface TowerExports {
  readonly memory: WebAssembly.Memory
  /** Address from which on memory is the caller's. */
  readonly firstFree: WebAssembly.Global
  packWeights(
    from: number,
    outputs: number,
    inputs: number,
    scales: number,
    biases: number,
    to: number,
    channels: number,
    isWide: boolean,
  ): number
  gatherPatches(pixels: number, size: number, patch: number, to: number): void
  quantizeRows(
    from: number,
    stride: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    isWide: boolean,
  ): void
  quantizeWithin(
    from: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    least: number,
    largest: number,
    isWide: boolean,
  ): void
  normalizeRows(
    from: number,
    length: number,
    first: number,
    last: number,
    gains: number,
    epsilon: number,
    to: number,
  ): void
  normalizeAndQuantize(
    from: number,
    length: number,
    first: number,
    last: number,
    gains: number,
    epsilon: number,
    room: number,
    panels: number,
    rows: number,
    isWide: boolean,
  ): void
  activateAndQuantize(
    at: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    isWide: boolean,
  ): void
  multiply: Multiply
  multiplyWords: Multiply
  packKeys(
    keys: number,
    stride: number,
    width: number,
    tokens: number,
    factor: number,
    to: number,
    channels: number,
    isWide: boolean,
  ): void
  packValues(
    values: number,
    stride: number,
    width: number,
    tokens: number,
    to: number,
    channels: number,
  ): void
  shareTokens(
    scores: number,
    stride: number,
    rows: number,
    tokens: number,
    panels: number,
    worths: number,
  ): void
  poolTokens(
    from: number,
    length: number,
    tokens: number,
    keys: number,
    heads: number,
    room: number,
    to: number,
  ): void
}

/** Exports of `assembly/tower-relaxed.ts`. */
interface RelaxedExports {
  multiplyByDots: Multiply
  multiplyByPairs: Multiply
  probe(): number
}

/** The compiled kernel with a memory of its own. */
export interface TowerKernel {
  readonly arithmetic: Arithmetic
  /** Whether activations and weights are kept as 16-bit pairs, as plain SIMD multiplies them. */
  readonly isWide: boolean
  readonly exports: TowerExports
  readonly multiply: Multiply
}

/** `probe` on x86 without VNNI, where pairs of products are cut off at 16 bits. */
const saturated = 2 * 32767
/** `probe` where the second operand has a sign, as on ARM; with VNNI it has none, and is not cut off. */
const exact = [-4 * 127, 4 * 127 * 255]

/** The kernel, compiled. */
export interface TowerModules {
  readonly plain: WebAssembly.Module
  /** Null where the engine has no relaxed SIMD. */
  readonly relaxed: WebAssembly.Module | null
}

/**
 * Compiles the kernel.
 * @throws WebAssembly.CompileError or EvalError where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export async function compileTower(): Promise<TowerModules> {
  const relaxed = towerRelaxedWasm()
  const [plain, better] = await Promise.all([
    WebAssembly.compile(towerWasm()),
    WebAssembly.validate(relaxed) ? WebAssembly.compile(relaxed) : null,
  ])
  return { plain, relaxed: better }
}

/** A kernel with a memory of its own, and the arithmetic that is the fastest on this processor. */
export async function openTowerKernel({ plain, relaxed }: TowerModules): Promise<TowerKernel> {
  const { exports: all } = await WebAssembly.instantiate(plain)
  const exports = all as unknown as TowerExports
  if (!relaxed) return plainKernel(exports)
  const instance = await WebAssembly.instantiate(relaxed, { env: { memory: exports.memory } })
  const { probe, multiplyByDots, multiplyByPairs } = instance.exports as unknown as RelaxedExports
  const probed = probe()
  if (probed === saturated) {
    return { arithmetic: 'relaxed-pairs', isWide: false, exports, multiply: multiplyByPairs }
  }
  if (exact.includes(probed)) {
    return { arithmetic: 'relaxed-dots', isWide: false, exports, multiply: multiplyByDots }
  }
  // An engine with relaxed SIMD that does not calculate: V8 11.3 has one behind a flag.
  return plainKernel(exports)
}

function plainKernel(exports: TowerExports): TowerKernel {
  return { arithmetic: 'simd', isWide: true, exports, multiply: exports.multiply }
}
