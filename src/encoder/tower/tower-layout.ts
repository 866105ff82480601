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
/** Rows of tokens whose scores are computed at a time: with the keys of a head, they stay in the nearest cache. */
export const scoreRows = 16
/** What a row of quantised activations is worth, in bytes. */
const ROW_BYTES = 16

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
    /** Of one head: keys, values, and scores of `scoreRows` tokens. */
    keys: at.linear({ inputs: width, outputs: padded }),
    values: at.linear({ inputs: padded * 2, outputs: width }),
    scores: at.floats(scoreRows * padded),
    shares: at.reserve(scoreRows * padded * 2),
    shareWorths: at.reserve(scoreRows * ROW_BYTES),
    /** Scores of a pooling head. */
    poolScores: at.floats(tokens + 3),
    pooled: at.floats(headRows * hidden),
    headValues: at.floats(headRows * hidden),
    headHidden: at.floats(4 * hidden),
    headWide: at.floats(4 * inner),
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
