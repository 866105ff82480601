import { towerRelaxedWasm } from './generated/tower-relaxed-wasm.js'
import { towerWasm } from './generated/tower-wasm.js'
import type { Multiply, RelaxedExports, TowerExports } from './tower-exports.js'

/** How whole numbers are multiplied: the results are the same. */
export type Arithmetic = 'relaxed-dots' | 'relaxed-pairs' | 'simd'

/** The kernel on a memory. */
export interface TowerKernel {
  readonly arithmetic: Arithmetic
  /** How activations and weights are kept for it: a `Form` of `assembly/layers/form.ts`. */
  readonly form: number
  readonly memory: WebAssembly.Memory
  readonly exports: TowerExports
  readonly multiply: Multiply
}

const forms = { simd: 0, 'relaxed-dots': 1, 'relaxed-pairs': 2 } as const satisfies Record<Arithmetic, number>

/** `probe` on x86 without VNNI, where pairs of products are cut off at 16 bits. */
const saturated = 2 * 32767
/** `probePairs` there: the second operand has no sign. */
const wholePair = 2 * -63 * 255
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
 * @param isShared whether its memory is going to be one that threads share.
 * @throws WebAssembly.CompileError or EvalError where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export async function compileTower(isShared = false): Promise<TowerModules> {
  const [plain, relaxed] = [towerWasm(), towerRelaxedWasm()]
  if (isShared) for (const wasm of [plain, relaxed]) declareShared(wasm)
  const [compiled, better] = await Promise.all([
    WebAssembly.compile(plain),
    WebAssembly.validate(relaxed) ? WebAssembly.compile(relaxed) : null,
  ])
  return { plain: compiled, relaxed: better }
}

/** Whether the memory that a module imports is shared is one bit of the byte behind its name and kind. */
function declareShared(wasm: Uint8Array): void {
  const name = [...'memory'].map((letter) => letter.charCodeAt(0))
  const memoryImport = [name.length, ...name, 2]
  const at = wasm.findIndex((_, start) => memoryImport.every((byte, index) => wasm[start + index] === byte))
  // 1: it has an upper bound; 2: it is shared.
  wasm[at + memoryImport.length] = 1 | 2
}

/** Memory of a fixed size. @throws RangeError where there is not enough. */
export function towerMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65536)
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
}

/** The kernel on a memory that is as the modules expect it, and the arithmetic that is the fastest on this processor. */
export async function openTowerKernel(
  { plain, relaxed }: TowerModules,
  memory: WebAssembly.Memory,
): Promise<TowerKernel> {
  const env = { memory }
  const exports = (await WebAssembly.instantiate(plain, { env })).exports as unknown as TowerExports
  const plainKernel = {
    arithmetic: 'simd',
    form: forms.simd,
    memory,
    exports,
    multiply: exports.multiply,
  } as const
  if (!relaxed) return plainKernel
  const instance = await WebAssembly.instantiate(relaxed, { env })
  const { probe, probePairs, multiplyByDots, multiplyByPairs } = instance.exports as unknown as RelaxedExports
  const relaxedKernel = (arithmetic: 'relaxed-dots' | 'relaxed-pairs', multiply: Multiply) => {
    return { arithmetic, form: forms[arithmetic], memory, exports, multiply }
  }
  const probed = probe()
  if (exact.includes(probed)) return relaxedKernel('relaxed-dots', multiplyByDots)
  if (probed === saturated && probePairs(-63, 255) === wholePair)
    return relaxedKernel('relaxed-pairs', multiplyByPairs)
  // An engine with relaxed SIMD that does not calculate: V8 11.3 has one behind a flag.
  return plainKernel
}
