import type { TowerKernel } from './tower-kernel.js'
import {
  CHANNEL_BYTES,
  chunkRows,
  loneBlock,
  type PlacedLinear,
  type PlacedWeights,
  ROW_BYTES,
  scoreRows,
  type ThreadRoom,
  type TowerPlan,
} from './tower-layout.js'

type Layer = PlacedWeights['layers'][number]

/** Rows of tokens that pass a layer together. */
interface Chunk {
  readonly first: number
  /** Of the chunk: a multiple of four. */
  readonly rows: number
  readonly tokens: number
}

/** Values of so many channels are packed together. */
const channelsAtOnce = 8

/**
 * The steps of a tower, for any number of threads: jobs of a step depend on earlier steps, not on each other. A step of
 * rows takes a chunk of them through all that concerns no other rows; a step of values packs those of all rows.
 */
export class TowerSteps {
  /** How many jobs each step has. */
  readonly jobs: readonly number[]
  readonly #kernel: TowerKernel
  readonly #plan: TowerPlan
  readonly #room: ThreadRoom

  /** @param thread whose room is used. */
  constructor(kernel: TowerKernel, plan: TowerPlan, thread: number) {
    this.#kernel = kernel
    this.#plan = plan
    this.#room = plan.rooms[thread] as ThreadRoom
    const chunks = Math.ceil(plan.rows / chunkRows)
    const values = plan.shape.hiddenSize / channelsAtOnce
    this.jobs = [...plan.weights.layers.flatMap(() => [chunks, values]), chunks]
  }

  run(step: number, job: number): void {
    const layer = step >> 1
    if (step & 1) this.#packValues(job)
    else this.#passRows(layer, this.#chunk(job))
  }

  #chunk(job: number): Chunk {
    const first = job * chunkRows
    const left = (end: number) => Math.min(chunkRows, end - first)
    return { first, rows: left(this.#plan.rows), tokens: left(this.#plan.tokens) }
  }

  /** Into the first layer; from the queries of a layer to those of the next; out of the last one. */
  #passRows(layer: number, chunk: Chunk): void {
    const { layers } = this.#plan.weights
    const [from, to] = [layers[layer - 1], layers[layer]]
    if (from) {
      this.#attend(layer - 1, from, chunk)
      this.#passPerceptron(from, chunk)
    } else this.#embed(chunk)
    if (to) this.#project(layer, to, chunk)
    else this.#normalize(chunk)
  }

  #embed({ first, rows, tokens }: Chunk): void {
    const { exports, form, memory } = this.#kernel
    const { shape, at, weights } = this.#plan
    const { wide, panels, worths } = this.#room
    const { inputs } = weights.patchEmbedding
    exports.gatherPatches(at.pixels, shape.imageSize, shape.patchSize, first, first + tokens, wide)
    const [least = -1, largest = 1] = new Float32Array(memory.buffer, at.range, 2)
    exports.quantizeWithin(wide, inputs, 0, tokens, panels, worths, least, largest, form)
    const bytes = shape.hiddenSize * 4
    const positions = weights.positions + first * bytes
    const hidden = at.hidden + first * bytes
    new Uint8Array(memory.buffer).copyWithin(hidden, positions, positions + tokens * bytes)
    this.#multiply(weights.patchEmbedding, rows, hidden, true)
  }

  /** Queries and keys, ready to be multiplied, and values. */
  #project(index: number, layer: Layer, { first, rows, tokens }: Chunk): void {
    const { exports, form } = this.#kernel
    const { shape, at } = this.#plan
    const { hiddenSize: hidden, heads, epsilon } = shape
    const { wide, row, panels, worths } = this.#room
    const residual = at.hidden + first * hidden * 4
    exports.normalizeAndQuantize(residual, hidden, 0, tokens, layer.norm1, epsilon, row, panels, worths, form)
    this.#multiply(layer.queriesAndKeys, rows, wide, false)
    this.#multiply(layer.values, rows, at.values + first * hidden * 4, false)
    const width = hidden / heads
    const stride = hidden * 8
    const factor = Math.LOG2E / Math.sqrt(width)
    for (const [head, keys] of this.#keys(index).entries()) {
      const query = wide + head * width * 4
      const quantized = this.#queries(head, first)
      exports.quantizeRows(query, stride, width, 0, tokens, quantized.panels, quantized.worths, form)
      const own = this.#keysFrom(keys, first)
      exports.packKeys(query + hidden * 4, stride, width, tokens, factor, own.weights, own.channels, form)
    }
  }

  #packValues(job: number): void {
    const { shape, at, tokens } = this.#plan
    const { hiddenSize: hidden, heads } = shape
    const width = hidden / heads
    const channel = job * channelsAtOnce
    const packed = at.packedValues[Math.floor(channel / width)] as PlacedLinear
    // These have 16 bits, so that there are twice as many bytes.
    const own = partOf(packed, channel % width, channelsAtOnce)
    this.#kernel.exports.packValues(
      at.values + channel * 4,
      hidden * 4,
      channelsAtOnce,
      tokens,
      own.weights,
      own.channels,
    )
  }

  #attend(index: number, layer: Layer, { first, rows, tokens }: Chunk): void {
    const { exports, form, multiply } = this.#kernel
    const { shape, at, padded, tokens: allTokens } = this.#plan
    const { hiddenSize: hidden, heads } = shape
    const { attended, panels, worths, scores, shares, shareWorths } = this.#room
    const width = hidden / heads
    for (const [head, keys] of this.#keys(index).entries()) {
      const queries = this.#queries(head, first)
      const values = at.packedValues[head] as PlacedLinear
      for (let start = 0; start < rows; start += scoreRows) {
        const end = Math.min(start + scoreRows, rows)
        multiply(
          queries.panels,
          queries.worths,
          start,
          end,
          width,
          keys.weights,
          keys.channels,
          padded,
          scores,
          padded * 4,
          false,
        )
        exports.shareTokens(scores, padded * 4, end - start, allTokens, shares, shareWorths)
        exports.multiplyWords(
          shares,
          shareWorths,
          0,
          end - start,
          padded,
          values.weights,
          values.channels,
          width,
          attended + (start * hidden + head * width) * 4,
          hidden * 4,
          false,
        )
      }
    }
    exports.quantizeRows(attended, hidden * 4, hidden, 0, tokens, panels, worths, form)
    this.#multiply(layer.outProjection, rows, at.hidden + first * hidden * 4, true)
  }

  #passPerceptron(layer: Layer, { first, rows, tokens }: Chunk): void {
    const { exports, form } = this.#kernel
    const { hiddenSize: hidden, intermediateSize: inner, epsilon } = this.#plan.shape
    const { wide, row, panels, worths } = this.#room
    const residual = this.#plan.at.hidden + first * hidden * 4
    exports.normalizeAndQuantize(residual, hidden, 0, tokens, layer.norm2, epsilon, row, panels, worths, form)
    this.#multiply(layer.expand, rows, wide, false)
    exports.activateAndQuantize(wide, inner, 0, tokens, panels, worths, form)
    this.#multiply(layer.contract, rows, residual, true)
  }

  #normalize({ first, tokens }: Chunk): void {
    const { shape, at, weights } = this.#plan
    const { hiddenSize: hidden, epsilon } = shape
    this.#kernel.exports.normalizeRows(
      at.hidden,
      hidden,
      first,
      first + tokens,
      weights.lastNorm,
      epsilon,
      at.normalized,
    )
  }

  #keys(layer: number): readonly PlacedLinear[] {
    return this.#plan.at.keys[layer & 1] as readonly PlacedLinear[]
  }

  /** Those of the tokens from `first` on, a multiple of eight. */
  #keysFrom({ inputs, weights, channels }: PlacedLinear, first: number) {
    const isBlocks = this.#kernel.arithmetic === 'relaxed-pairs'
    const bytes = isBlocks ? (first / 4) * loneBlock(inputs) : first * inputs
    return { weights: weights + bytes, channels: channels + first * CHANNEL_BYTES }
  }

  /** Of the rows from `first` on. */
  #queries(head: number, first: number): { readonly panels: number; readonly worths: number } {
    const { shape, at } = this.#plan
    const queries = at.queries[head] as (typeof at.queries)[number]
    const bytes = (shape.hiddenSize / shape.heads) * (this.#kernel.arithmetic === 'simd' ? 2 : 1)
    return { panels: queries.panels + first * bytes, worths: queries.worths + first * ROW_BYTES }
  }

  /** Of the rows in this thread's panels. */
  #multiply(layer: PlacedLinear, rows: number, to: number, isAdded: boolean): void {
    const { panels, worths } = this.#room
    const { inputs, outputs, weights, channels } = layer
    this.#kernel.multiply(
      panels,
      worths,
      0,
      rows,
      inputs,
      weights,
      channels,
      outputs,
      to,
      outputs * 4,
      isAdded,
    )
  }
}

/** Some outputs of a layer, from a multiple of eight on. */
function partOf({ inputs, weights, channels }: PlacedLinear, first: number, outputs: number): PlacedLinear {
  return {
    inputs,
    outputs,
    weights: weights + first * inputs,
    channels: channels + first * CHANNEL_BYTES,
  }
}
