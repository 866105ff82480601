import type { LinearWeights, NormWeights, TowerWeights } from './tower-weights.js'

/** A linear layer in the kernel's memory. */
export interface PlacedLinear {
  readonly inputs: number
  readonly outputs: number
  readonly weights: number
  readonly channels: number
}

/** `finish.ts` needs this many bytes for one output channel. */
const CHANNEL_BYTES = 12
/** What a row of quantised activations is worth, in bytes. */
const ROW_BYTES = 16

/** Hands out addresses from 0 up. */
export class Addresses {
  #end = 0

  /** Room for `bytes` bytes, at the start of a cache line. */
  reserve(bytes: number): number {
    const address = this.#end
    this.#end = roundUp(address + bytes, 64)
    return address
  }

  floats(count: number): number {
    return this.reserve(count * 4)
  }

  linear({ inputs, outputs }: LinearWeights): PlacedLinear {
    return {
      inputs,
      outputs,
      weights: this.reserve(inputs * outputs),
      channels: this.reserve(outputs * CHANNEL_BYTES),
    }
  }

  get end(): number {
    return this.#end
  }
}

/** Where the weights are. */
export type PlacedWeights = ReturnType<typeof placeWeights>

export function placeWeights(weights: TowerWeights, at: Addresses) {
  const norm = (gains: NormWeights) => at.floats(gains.length)
  const { head } = weights
  return {
    patchEmbedding: at.linear(weights.patchEmbedding),
    positions: at.floats(weights.positions.length),
    layers: weights.layers.map((layer) => ({
      norm1: norm(layer.norm1),
      inProjection: at.linear(layer.inProjection),
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

/** Where activations are while a picture passes. */
export type Activations = ReturnType<typeof placeActivations>

/** Rows come in fours: behind those of the last token there is room for as many as are missing. */
export function placeActivations(weights: TowerWeights, at: Addresses) {
  const { hiddenSize: hidden, intermediateSize: inner, heads, imageSize } = weights.shape
  const tokens = weights.positions.length / hidden
  const rows = roundUp(tokens, 4)
  const padded = roundUp(tokens, 8)
  const widest = Math.max(3 * hidden, inner, weights.patchEmbedding.inputs)
  const width = hidden / heads
  const headRows = roundUp(heads, 4)
  return {
    tokens,
    rows,
    headRows,
    pixels: at.floats(3 * imageSize ** 2),
    hidden: at.floats(rows * hidden),
    /** The widest of what layers compute: patches, queries with keys and values, the inside of a perceptron. */
    wide: at.floats(rows * widest),
    attended: at.floats(rows * hidden),
    panels: at.reserve(rows * Math.max(widest, hidden) * 2),
    worths: at.reserve(Math.max(rows, headRows) * ROW_BYTES),
    row: at.floats(widest),
    keys: at.reserve(padded * width * 2),
    keyScales: at.floats(padded),
    values: at.reserve(padded * width * 2),
    valueScales: at.floats(width),
    /** As `attend` needs it, and for the scores of a pooling head. */
    room: at.reserve(64 + width * 8 + padded * 16 + padded * 8),
    pooled: at.floats(headRows * hidden),
    headValues: at.floats(headRows * hidden),
    headHidden: at.floats(4 * hidden),
    headWide: at.floats(4 * inner),
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
