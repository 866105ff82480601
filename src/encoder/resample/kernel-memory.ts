import type { WeightTable } from './filter-weights.js'

/** The horizontal pass takes this many rows at once. */
export const ROW_GROUP = 4

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

  /** Room for `bytes` bytes at a multiple of 16. */
  reserve(bytes: number): number {
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
    return this.reserve((roundUp(width, 4) + table.pairs * 2) * 12 + 8)
  }

  weights(table: WeightTable): PlacedWeights {
    const { pairs, starts, weights } = table
    const placed = {
      starts: this.reserve(starts.byteLength),
      weights: this.reserve(weights.byteLength),
      pairs,
      outputs: starts.length,
    }
    this.#tables.push({ table, placed })
    return placed
  }

  /**
   * There is room for a whole `ROW_GROUP`, for the rows that the vertical pass of `table` reads with weight 0, and for
   * 15 pixels behind the last row.
   */
  #reserveRows(rows: number, stride: number, table?: PlacedWeights): Rows {
    const more = ROW_GROUP + (table ? table.pairs * 2 : 0)
    return { address: this.reserve((rows + more) * stride + 60), rows, stride }
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
