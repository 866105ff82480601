import { scanRelaxedWasm } from './generated/scan-relaxed-wasm.js'
import { scanWasm } from './generated/scan-wasm.js'
import type { Precision, RowAddresses, RowBounds, ScanKernel } from './scan-kernel.js'
import { type SearchLimits, searchLimits } from './scan-limits.js'
import { floatError, quantizeQuery } from './scan-query.js'

/** Exports of `assembly/scan.ts`; all arguments are addresses or counts. */
interface ScanExports {
  readonly memory: WebAssembly.Memory
  search(
    rows: number,
    count: number,
    dimensions: number,
    scales: number,
    query: number,
    eligible: number,
    selection: number,
  ): number
  measureInt8(rows: number, count: number, dimensions: number, scales: number, sums: number): number
  quantize(floats: number, count: number, dimensions: number, rows: number, scales: number): number
}

/** Exports of `assembly/scan-relaxed.ts`. */
interface RelaxedExports {
  search(
    rows: number,
    count: number,
    dimensions: number,
    scales: number,
    sums: number,
    query: number,
    eligible: number,
    selection: number,
  ): number
}

/**
 * WebAssembly with SIMD, with the relaxed dot product where there is one. What is scanned is always 8-bit rows: of
 * 32-bit floats it has a copy, a quarter as large, and the rounding of that is accounted for.
 */
export class SimdKernel implements ScanKernel {
  readonly #plain: ScanExports
  readonly #relaxed: RelaxedExports | null

  private constructor(plain: ScanExports, relaxed: RelaxedExports | null) {
    this.#plain = plain
    this.#relaxed = relaxed
  }

  /** Null where the engine has no SIMD, or the page's policy forbids WebAssembly. */
  static open(): SimdKernel | null {
    const plain = instantiate(scanWasm())
    return plain && new SimdKernel(plain as unknown as ScanExports, null)
  }

  /** Null where the engine has no relaxed SIMD, or one that does not calculate as it should. */
  static openRelaxed(): SimdKernel | null {
    const kernel = SimdKernel.open()
    const relaxed = kernel && instantiate(scanRelaxedWasm(), { env: { memory: kernel.memory } })
    if (!relaxed) return null
    const better = new SimdKernel(kernel.#plain, relaxed as unknown as RelaxedExports)
    return calculates(better) ? better : null
  }

  get name(): 'relaxed-simd' | 'simd' {
    return this.#relaxed ? 'relaxed-simd' : 'simd'
  }

  get memory(): WebAssembly.Memory {
    return this.#plain.memory
  }

  measure(at: RowAddresses, first: number, count: number): RowBounds {
    const { format, dimensions } = at
    const levels = at.levels + first * dimensions
    const scales = at.scales + first * 4
    const floats = at.rows + first * dimensions * 4
    const squaredError =
      format === 'float32' ? this.#plain.quantize(floats, count, dimensions, levels, scales) : 0
    const squaredNorm = this.#plain.measureInt8(levels, count, dimensions, scales, at.sums + first * 4)
    return { norm: Math.sqrt(squaredNorm), error: Math.sqrt(squaredError) }
  }

  setQuery(at: RowAddresses, query: Float32Array): Precision {
    const { levels, scale, error } = quantizeQuery(query, this.#relaxed ? 63 : 32767)
    this.#writeQuery(at, this.#relaxed ? Uint8Array.from(levels, (level) => level + 64) : levels)
    return { unit: scale, error: error + floatError(query, 5) }
  }

  search(at: RowAddresses, count: number, limits: SearchLimits): number {
    const { dimensions, levels, scales, sums, query, eligible } = at
    const selection = writeSelection(this.memory, at, limits)
    return this.#relaxed
      ? this.#relaxed.search(levels, count, dimensions, scales, sums, query, eligible, selection)
      : this.#plain.search(levels, count, dimensions, scales, query, eligible, selection)
  }

  /** Behind the query come zeros: what is read of the next row counts nothing. */
  #writeQuery({ query: address, rows }: RowAddresses, query: Uint8Array | Int16Array): void {
    const room = new Uint8Array(this.memory.buffer, address, rows - address)
    room.fill(0)
    room.set(new Uint8Array(query.buffer, query.byteOffset, query.byteLength))
  }
}

/** Writes the first fields of a `Selection`, as `assembly/shared/selection.ts` has them. Returns its address. */
function writeSelection(memory: WebAssembly.Memory, at: RowAddresses, limits: SearchLimits): number {
  const { found, scores, notes } = at
  const { wanted, lowest, margin, top, bottom } = limits
  const heap = notes + 64
  new Uint32Array(memory.buffer, notes, 8).set([wanted, 0, 0, 0, 0, heap, found, scores])
  new Float32Array(memory.buffer, notes + 4, 4).set([lowest, margin, top, bottom])
  return notes
}

function instantiate(
  wasm: Uint8Array<ArrayBuffer>,
  imports: WebAssembly.Imports = {},
): WebAssembly.Exports | null {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(wasm)) return null
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(wasm), imports).exports
  } catch (error) {
    // The page's policy, which Safari tells with an EvalError. There is another way to the same result.
    if (error instanceof WebAssembly.CompileError || error instanceof EvalError) return null
    throw error
  }
}

/**
 * Whether a known product comes out right: of the largest bytes, where an engine that saturates would differ. V8
 * 11.3, which had relaxed SIMD behind a flag, returns twice the product.
 */
function calculates(kernel: SimdKernel): boolean {
  const places = { query: 0, rows: 256, levels: 256, scales: 512, sums: 528, eligible: 544 }
  const room = { found: 560, scores: 592, notes: 640 }
  const at: RowAddresses = { format: 'int8', dimensions: 16, ...places, ...room }
  const bytes = new Int8Array(kernel.memory.buffer, 0, 1024)
  const levels = [-128, 127, -127, 1]
  for (const [row, level] of levels.entries()) bytes.fill(level, at.rows + row * 16, at.rows + (row + 1) * 16)
  new Float32Array(kernel.memory.buffer, at.scales, 4).fill(1)
  bytes[at.eligible] = 0b0111
  kernel.measure(at, 0, 4)
  // The largest level of a query is 63.
  kernel.setQuery(at, new Float32Array(16).fill(1))
  const found = kernel.search(at, 4, searchLimits(4, Number.NEGATIVE_INFINITY, 0, 1))
  const scores = [...new Float32Array(kernel.memory.buffer, at.scores, found)]
  bytes.fill(0)
  return (
    scores.join() ===
    levels
      .slice(0, 3)
      .map((level) => level * 63 * 16)
      .join()
  )
}
