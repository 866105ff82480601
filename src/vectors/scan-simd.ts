import { scanRelaxedWasm } from './generated/scan-relaxed-wasm.js'
import { scanWasm } from './generated/scan-wasm.js'
import type { Precision, RowAddresses, RowBounds, ScanKernel } from './scan-kernel.js'
import { floatError, quantizeQuery } from './scan-query.js'

/** Exports of `assembly/scan.ts`; all arguments are addresses or counts, but for `minimum`. */
interface ScanExports {
  readonly memory: WebAssembly.Memory
  scoreInt8(
    rows: number,
    count: number,
    dimensions: number,
    scales: number,
    query: number,
    eligible: number,
    scores: number,
  ): void
  measureInt8(rows: number, count: number, dimensions: number, scales: number, sums: number): number
  quantize(floats: number, count: number, dimensions: number, rows: number, scales: number): number
  nthLargest(scores: number, count: number, wanted: number, heap: number): number
  collect(scores: number, count: number, minimum: number, rows: number): number
}

/** Exports of `assembly/scan-relaxed.ts`. */
interface RelaxedExports {
  scoreInt8(
    rows: number,
    count: number,
    dimensions: number,
    scales: number,
    sums: number,
    query: number,
    eligible: number,
    scores: number,
  ): void
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
    const exports = relaxed as unknown as RelaxedExports
    return calculates(exports, kernel.memory) ? new SimdKernel(kernel.#plain, exports) : null
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

  score(at: RowAddresses, count: number, query: Float32Array): Precision {
    const { dimensions, levels, scales, sums, eligible, scores } = at
    const { levels: queryLevels, scale, error } = quantizeQuery(query, this.#relaxed ? 63 : 32767)
    if (this.#relaxed) {
      this.#writeQuery(
        at,
        Uint8Array.from(queryLevels, (level) => level + 64),
      )
      this.#relaxed.scoreInt8(levels, count, dimensions, scales, sums, at.query, eligible, scores)
    } else {
      this.#writeQuery(at, queryLevels)
      this.#plain.scoreInt8(levels, count, dimensions, scales, at.query, eligible, scores)
    }
    return { unit: scale, error: error + floatError(query, 4) }
  }

  nthLargest(at: RowAddresses, count: number, wanted: number): number {
    return this.#plain.nthLargest(at.scores, count, wanted, at.found)
  }

  collect(at: RowAddresses, count: number, minimum: number): number {
    return this.#plain.collect(at.scores, count, minimum, at.found)
  }

  /** Behind the query come zeros: what is read of the next row counts nothing. */
  #writeQuery({ query: address, rows }: RowAddresses, query: Uint8Array | Int16Array): void {
    const room = new Uint8Array(this.memory.buffer, address, rows - address)
    room.fill(0)
    room.set(new Uint8Array(query.buffer, query.byteOffset, query.byteLength))
  }
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
function calculates(exports: RelaxedExports, memory: WebAssembly.Memory): boolean {
  const dimensions = 16
  const [rows, scales, sums, query, eligible, scores] = [0, 128, 144, 160, 192, 208]
  const bytes = new Int8Array(memory.buffer)
  const rowLevels = [-128, 127, -127, 1]
  for (const [row, level] of rowLevels.entries()) bytes.fill(level, row * dimensions, (row + 1) * dimensions)
  bytes.fill(127, query, query + dimensions)
  bytes[eligible] = 0b0111
  new Float32Array(memory.buffer, scales, 4).fill(1)
  new Int32Array(memory.buffer, sums, 4).set(rowLevels.map((level) => level * dimensions))
  exports.scoreInt8(rows, 4, dimensions, scales, sums, query, eligible, scores)
  const expected = rowLevels.map((level, row) => (row < 3 ? level * 63 * dimensions : -Infinity))
  const found = new Float32Array(memory.buffer, scores, 4)
  const isRight = expected.every((score, row) => found[row] === score)
  bytes.fill(0, 0, scores + 16)
  return isRight
}
