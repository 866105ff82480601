import type { WeightTable } from './filter-weights.js'
import { resampleWasm } from './generated/resample-wasm.js'

/** Exports of `assembly/resample.ts`; all arguments are addresses, byte lengths or counts. */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  compositeOnWhite(address: number, pixels: number): void
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

/** The horizontal pass takes this many rows at once. */
export const ROW_GROUP = 4

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
}

/** Rows of pixels in the kernel's memory. */
export interface Rows {
  readonly address: number
  readonly rows: number
  /** From the start of one row to the start of the next, in bytes. */
  readonly stride: number
}

/** The rows from `row` on; a negative one is as many rows above them. */
export function rowsFrom({ address, rows, stride }: Rows, row: number): Rows {
  return { address: address + row * stride, rows: rows - row, stride }
}

/** A weight table in the kernel's memory. */
export interface PlacedWeights {
  readonly starts: number
  readonly weights: number
  readonly pairs: number
  readonly outputs: number
}

/** The part of a table for the outputs from `from` up to, and without, `to`. */
export function outputsBetween(table: PlacedWeights, from: number, to: number): PlacedWeights {
  return {
    starts: table.starts + from * 4,
    weights: table.weights + from * table.pairs * 8,
    pairs: table.pairs,
    outputs: to - from,
  }
}

/** Hands out addresses in the kernel's memory, from 0 up, for one picture. */
export class MemoryLayout {
  readonly #tables: { readonly table: WeightTable; readonly placed: PlacedWeights }[] = []
  #end = 0

  #reserve(bytes: number): number {
    const address = this.#end
    this.#end = roundUp(address + bytes, 16)
    return address
  }

  /** Rows of four-byte pixels, without gaps. */
  reservePixels(rows: number, width: number, table?: PlacedWeights): Rows {
    return this.#reserveRows(rows, width * 4, table)
  }

  /** Rows of RGB pixels, with the byte between them that the horizontal pass overwrites. */
  reserveRgb(rows: number, width: number, table?: PlacedWeights): Rows {
    return this.#reserveRows(rows, roundUp(width * 3 + 1, 16), table)
  }

  /** Room for the channels of rows of `width` pixels in the horizontal pass of `table`. */
  reservePlanes(width: number, table: PlacedWeights): number {
    return this.#reserve((roundUp(width, 4) + table.pairs * 2) * 12 + 8)
  }

  weights(table: WeightTable): PlacedWeights {
    const { pairs, starts, weights } = table
    const placed = {
      starts: this.#reserve(starts.byteLength),
      weights: this.#reserve(weights.byteLength),
      pairs,
      outputs: starts.length,
    }
    this.#tables.push({ table, placed })
    return placed
  }

  /** There is room for a whole `ROW_GROUP`, and for the rows that the vertical pass of `table` reads with weight 0. */
  #reserveRows(rows: number, stride: number, table?: PlacedWeights): Rows {
    const more = ROW_GROUP + (table ? table.pairs * 2 : 0)
    return { address: this.#reserve((rows + more) * stride + 16), rows, stride }
  }

  /** Grows `memory` to what was reserved and writes the weights. */
  apply(memory: WebAssembly.Memory): ArrayBuffer {
    const missing = this.#end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
    const buffer = memory.buffer as ArrayBuffer
    for (const { table, placed } of this.#tables) {
      new Uint32Array(buffer, placed.starts, table.starts.length).set(table.starts)
      new Int16Array(buffer, placed.weights, table.weights.length).set(table.weights)
    }
    return buffer
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
