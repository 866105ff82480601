import type { VectorFormat } from './encoded-vectors.js'
import { JavaScriptKernel } from './scan-javascript.js'
import type { SearchLimits } from './scan-limits.js'
import { SimdKernel } from './scan-simd.js'

export type ScanKernelName = 'relaxed-simd' | 'simd' | 'javascript'

/** What both `WebAssembly.Memory` and its stand-in in JavaScript can do. Growing replaces the buffer. */
export interface LinearMemory {
  readonly buffer: ArrayBufferLike
  /** Adds pages of 65536 zero bytes. @throws RangeError where there is not that much memory. */
  grow(pages: number): number
}

/** Addresses in a kernel's memory. Counts are rounded up to a multiple of four: there is room for that. */
export interface RowAddresses {
  readonly format: VectorFormat
  readonly dimensions: number
  /** Room for a query of 32-bit floats, a multiple of 16 of them. */
  readonly query: number
  /** Row after row without gaps. */
  readonly rows: number
  /**
   * The rows as 8-bit integers, with 64 bytes to read behind the last one: `rows` itself for `int8`, and otherwise
   * a copy that `measure` makes.
   */
  readonly levels: number
  /** The scale of a row of `levels`, a 32-bit float each. */
  readonly scales: number
  /** The sum of a row of `levels`, a 32-bit integer each, filled in by `measure`. */
  readonly sums: number
  /** A bitmap: which rows may be found. */
  readonly eligible: number
  /** Rows that a search has found, one 32-bit integer each; there is room for all. */
  readonly found: number
  /** Their scores, one 32-bit float each. */
  readonly scores: number
  /** Room for 64 bytes and one 32-bit float a row, which a search keeps notes in. */
  readonly notes: number
}

/** The largest of some rows, by what matters to rounding. */
export interface RowBounds {
  /** Euclidean norm. */
  readonly norm: number
  /** Euclidean norm of the difference between a row and what a kernel scans in its place. */
  readonly error: number
}

/** What the scores of a scan are worth. */
export interface Precision {
  /** A score times this is about the dot product of the query and what is scanned. */
  readonly unit: number
  /** It is off by at most this times the norm of that row, in units of the dot product. */
  readonly error: number
}

/** The loops over all rows. Their results differ by rounding, within what they tell. */
export interface ScanKernel {
  readonly name: ScanKernelName
  readonly memory: LinearMemory

  /** Takes note of rows `first` to `first + count - 1`, which are new. */
  measure(at: RowAddresses, first: number, count: number): RowBounds

  /** Takes the query of the searches that follow, and tells what their scores are worth. */
  setQuery(at: RowAddresses, query: Float32Array): Precision

  /**
   * Writes those of the first `count` rows that are eligible and within `limits` to `found`, in ascending order, and
   * their scores to `scores`. Returns how many.
   */
  search(at: RowAddresses, count: number, limits: SearchLimits): number
}

/** Every kernel that this engine can run, the fastest first. */
export function scanKernels(): readonly ScanKernel[] {
  return [SimdKernel.openRelaxed(), SimdKernel.open(), new JavaScriptKernel()].filter(
    (kernel) => kernel !== null,
  )
}

/** The fastest kernel that this engine can run, with a memory of its own. */
export function openScanKernel(): ScanKernel {
  const kernel = prepared ?? SimdKernel.openRelaxed() ?? SimdKernel.open() ?? new JavaScriptKernel()
  prepared = null
  return kernel
}

let prepared: ScanKernel | null = null

/** Compiles the kernel that is opened next, for a moment in which there is nothing else to do. */
export function prepareScanKernel(): void {
  prepared ??= openScanKernel()
}
