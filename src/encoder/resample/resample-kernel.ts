import { resampleWasm } from '../generated/resample-wasm.js'
import { type PlacedWeights, ROW_GROUP, type Rows, roundUp } from './kernel-memory.js'

/** Exports of `assembly/resample.ts`; all arguments are addresses, byte lengths or counts. */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  compositeOnWhite(address: number, pixels: number): void
  upsampleChroma(
    near: number,
    far: number,
    columns: number,
    rowsAreHalved: boolean,
    sums: number,
    target: number,
  ): void
  ycbcrToRgb(luma: number, cb: number, cr: number, pixels: number, target: number): void
  resampleRows(
    source: number,
    width: number,
    rows: number,
    starts: number,
    weights: number,
    pairs: number,
    outputs: number,
    destination: number,
    destinationStride: number,
    planes: number,
    isBgr: boolean,
  ): void
  resampleColumns(
    source: number,
    stride: number,
    starts: number,
    weights: number,
    pairs: number,
    outputs: number,
    destination: number,
    destinationStride: number,
  ): void
}

/** The compiled `assembly/resample.ts`. Where things are in its memory is a `MemoryLayout`'s business. */
export class ResampleKernel {
  readonly #exports: KernelExports

  private constructor(exports: KernelExports) {
    this.#exports = exports
  }

  static async open(): Promise<ResampleKernel> {
    const { instance } = await WebAssembly.instantiate(resampleWasm())
    return new ResampleKernel(instance.exports as unknown as KernelExports)
  }

  get memory(): WebAssembly.Memory {
    return this.#exports.memory
  }

  /** Composites `pixels` pixels, rounded up to a multiple of four, on white, in place. */
  compositeOnWhite(address: number, pixels: number): void {
    this.#exports.compositeOnWhite(address, roundUp(pixels, 4))
  }

  /**
   * Horizontal pass over rows of four-byte pixels, without gaps, to rows of RGB. Takes `ROW_GROUP` rows at once:
   * there may be some more rows on both sides.
   */
  narrow(
    { starts, weights, pairs, outputs }: PlacedWeights,
    from: Rows & { readonly width: number; readonly isBgr: boolean; readonly planes: number },
    to: Rows,
  ): void {
    const rows = roundUp(from.rows, ROW_GROUP)
    const { address, width, planes, isBgr } = from
    const { resampleRows } = this.#exports
    resampleRows(address, width, rows, starts, weights, pairs, outputs, to.address, to.stride, planes, isBgr)
  }

  /** Vertical pass over rows without gaps. Writes up to 15 bytes behind each of the rows of `to`. */
  shorten({ starts, weights, pairs, outputs }: PlacedWeights, from: Rows, to: Rows): void {
    const { address, stride } = from
    this.#exports.resampleColumns(address, stride, starts, weights, pairs, outputs, to.address, to.stride)
  }

  /**
   * One row of chroma with twice the columns, from the row `near` and the one on its other side, `far`: the same one
   * where rows are not halved. Reads up to 7 bytes behind rows and writes up to 14 behind `target`.
   *
   * @param sums Room for `columns * 2 + 18` bytes.
   */
  upsampleChroma({ near, far, columns, rowsAreHalved }: ChromaRow, sums: number, target: number): void {
    this.#exports.upsampleChroma(near, far, columns, rowsAreHalved, sums, target)
  }

  /** One row of pixels of four bytes from samples. Reads and writes up to 15 behind it. */
  ycbcrToRgb(luma: number, cb: number, cr: number, pixels: number, target: number): void {
    this.#exports.ycbcrToRgb(luma, cb, cr, pixels, target)
  }
}

/** A row of chroma samples and another above or below it, in the kernel's memory. */
export interface ChromaRow {
  readonly near: number
  readonly far: number
  readonly columns: number
  readonly rowsAreHalved: boolean
}
