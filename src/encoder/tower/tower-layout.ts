import { BOARD_BYTES } from './job-board.js'
import type { TowerShape } from './tower-shape.js'
import type { LinearWeights, NormWeights, TowerWeights } from './tower-weights.js'

/**
 * Rows of tokens that pass a layer together, a multiple of eight: they stay in the nearest cache, and weights are read
 * once for all of them. The 196 tokens of pictures of 224 pixels are four chunks and a little more, good for two threads
 * and for four.
 */
export const chunkRows = 48
/** Rows whose scores are computed at a time: with the keys of a head, they stay in the nearest cache. */
export const scoreRows = 16
/** `finish.ts` needs this many bytes for one output channel. */
export const CHANNEL_BYTES = 16
/** What a row of quantised activations is worth, in bytes. */
export const ROW_BYTES = 16
/** Memory before it is the kernel's: its constants. */
export const firstFree = 4096

/** A linear layer in the kernel's memory. */
export interface PlacedLinear {
  readonly inputs: number
  readonly outputs: number
  readonly weights: number
  readonly channels: number
}

/** Hands out addresses from `start` up. */
export class Addresses {
  #end: number

  constructor(start: number) {
    this.#end = roundUp(start, 64)
  }

  /** Room for `bytes` bytes, at the start of a cache line. */
  reserve(bytes: number): number {
    const address = this.#end
    this.#end = roundUp(address + bytes, 64)
    return address
  }

  floats(count: number): number {
    return this.reserve(count * 4)
  }

  linear({ inputs, outputs }: Pick<LinearWeights, 'inputs' | 'outputs'>): PlacedLinear {
    return {
      inputs,
      outputs,
      weights: this.reserve((outputs / 4) * mostOfFour(inputs)),
      channels: this.reserve(outputs * CHANNEL_BYTES),
    }
  }

  get end(): number {
    return this.#end
  }
}

/** Bytes of four channels' weights in blocks, all of whose groups are lone: see `assembly/layers/blocks.ts`. */
export function loneBlock(inputs: number): number {
  return 8 + (inputs / 4) * 20
}

/** The most bytes that four channels' weights need in any form: blocks are the largest, with every other group lone. */
function mostOfFour(inputs: number): number {
  return 8 + Math.floor(inputs / 8) * 32 + Math.ceil(inputs / 8) * 20
}

/** Where a tower has what in memory: plain data, which threads are sent. */
export interface TowerPlan {
  readonly shape: TowerShape
  readonly tokens: number
  /** Tokens, and as many more as make a multiple of four. */
  readonly rows: number
  /** Tokens, and as many more as make a multiple of eight. */
  readonly padded: number
  /** What threads agree about: see `job-board.ts`. */
  readonly board: number
  readonly weights: PlacedWeights
  readonly at: Activations
  /** One for each thread. */
  readonly rooms: readonly ThreadRoom[]
  /** Where the weights end. */
  readonly weightsEnd: number
  readonly bytes: number
}

/** The memory of a tower that so many threads compute. */
export function planTower(weights: TowerWeights, threads: number): TowerPlan {
  const { shape } = weights
  const tokens = weights.positions.length / shape.hiddenSize
  const sizes = { tokens, rows: roundUp(tokens, 4), padded: roundUp(tokens, 8) }
  const addresses = new Addresses(firstFree)
  const board = addresses.reserve(BOARD_BYTES)
  const placed = placeWeights(weights, addresses)
  const weightsEnd = addresses.end
  const at = placeActivations(weights, sizes, addresses)
  const rooms = Array.from({ length: threads }, () => placeRoom(weights, sizes.padded, addresses))
  const bytes = Math.max(addresses.end, weightsEnd + largestStaging(weights))
  return { shape, ...sizes, board, weights: placed, at, rooms, weightsEnd, bytes }
}

/** Where the weights are. */
export type PlacedWeights = ReturnType<typeof placeWeights>

function placeWeights(weights: TowerWeights, at: Addresses) {
  const norm = (gains: NormWeights) => at.floats(gains.length)
  const { head } = weights
  return {
    patchEmbedding: at.linear(weights.patchEmbedding),
    positions: at.floats(weights.positions.length),
    layers: weights.layers.map((layer) => ({
      norm1: norm(layer.norm1),
      queriesAndKeys: at.linear(partOfWeights(layer.inProjection, 0, 2)),
      values: at.linear(partOfWeights(layer.inProjection, 2, 3)),
      outProjection: at.linear(layer.outProjection),
      norm2: norm(layer.norm2),
      expand: at.linear(layer.expand),
      contract: at.linear(layer.contract),
    })),
    lastNorm: norm(weights.lastNorm),
    head: {
      keys: at.floats(head.keys.length),
      value: at.linear(head.value),
      outProjection: at.linear(head.outProjection),
      norm: norm(head.norm),
      expand: at.linear(head.expand),
      contract: at.linear(head.contract),
    },
  }
}

/** The thirds of a layer from one to another. */
export function partOfWeights(layer: LinearWeights, from: number, to: number): LinearWeights {
  const { inputs, levels, scales, biases } = layer
  const third = layer.outputs / 3
  return {
    inputs,
    outputs: (to - from) * third,
    levels: levels.subarray(from * third * inputs, to * third * inputs),
    scales: scales.subarray(from * third, to * third),
    biases: biases.subarray(from * third, to * third),
  }
}

/** Bytes of the largest layer as it comes in the file. */
function largestStaging({ layers, patchEmbedding, head }: TowerWeights): number {
  const linear = [
    patchEmbedding,
    head.value,
    ...layers.flatMap((layer) => [layer.inProjection, layer.expand]),
  ]
  return Math.max(...linear.map(({ inputs, outputs }) => inputs * outputs + outputs * 8 + 64))
}

/** Where activations of the whole picture are while it passes. */
export type Activations = ReturnType<typeof placeActivations>

function placeActivations(
  { shape }: TowerWeights,
  { rows, padded }: Pick<TowerPlan, 'rows' | 'padded'>,
  at: Addresses,
) {
  const { hiddenSize: hidden, intermediateSize: inner, heads, imageSize } = shape
  const width = hidden / heads
  const headRows = roundUp(heads, 4)
  const eachHead = <T>(place: () => T) => Array.from({ length: heads }, place)
  const keys = () => eachHead(() => at.linear({ inputs: width, outputs: padded }))
  return {
    /** Least and largest value of the pixels. */
    range: at.floats(2),
    pixels: at.floats(3 * imageSize ** 2),
    hidden: at.floats(rows * hidden),
    /** Queries, quantised, by head. */
    queries: eachHead(() => ({ panels: at.reserve(rows * width * 2), worths: at.reserve(rows * ROW_BYTES) })),
    /** By turns: some rows pass into the next layer while others still need the keys of this one. */
    keys: [keys(), keys()] as const,
    /** As they come, and as they are multiplied, by head. */
    values: at.floats(rows * hidden),
    packedValues: eachHead(() => at.linear({ inputs: padded * 2, outputs: width })),
    normalized: at.floats(rows * hidden),
    head: {
      rows: headRows,
      scores: at.floats(rows + 3),
      pooled: at.floats(headRows * hidden),
      values: at.floats(headRows * hidden),
      hidden: at.floats(4 * hidden),
      wide: at.floats(4 * inner),
      panels: at.reserve(Math.max(headRows * hidden, 4 * inner) * 2),
      worths: at.reserve(headRows * ROW_BYTES),
    },
  }
}

/** Where a thread has what it computes of one chunk of rows. */
export type ThreadRoom = ReturnType<typeof placeRoom>

function placeRoom({ shape, patchEmbedding }: TowerWeights, padded: number, at: Addresses) {
  const { hiddenSize: hidden, intermediateSize: inner } = shape
  const widest = Math.max(2 * hidden, inner, patchEmbedding.inputs)
  return {
    /** The widest of what is computed: patches, queries with keys, the inside of a perceptron. */
    wide: at.floats(chunkRows * widest),
    attended: at.floats(chunkRows * hidden),
    row: at.floats(widest),
    panels: at.reserve(chunkRows * widest * 2),
    worths: at.reserve(chunkRows * ROW_BYTES),
    scores: at.floats(scoreRows * padded),
    shares: at.reserve(scoreRows * padded * 2),
    shareWorths: at.reserve(scoreRows * ROW_BYTES),
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
