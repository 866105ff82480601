import { largestStaging, WeightPlacer } from './place-weights.js'
import type { TowerKernel } from './tower-kernel.js'
import {
  type Activations,
  Addresses,
  type PlacedLinear,
  type PlacedWeights,
  placeActivations,
  placeWeights,
  scoreRows,
} from './tower-layout.js'
import type { TowerShape } from './tower-shape.js'
import type { TowerWeights } from './tower-weights.js'

/** What a vision tower computes of a picture. */
export interface TowerOutputs {
  /** `[tokens, hiddenSize]`. */
  readonly lastHiddenState: Float32Array
  /** `[hiddenSize]`. */
  readonly poolerOutput: Float32Array
}

/** SigLIP's own normalisation gives -1..1: bytes are then quantised to themselves. */
const usualRange = { least: -1, largest: 1 }

/**
 * A SigLIP vision tower with 7-bit weights: linear layers in whole numbers, what is between them in 32-bit floats. The
 * same picture gives the same bits on every engine and processor. Not re-entrant.
 */
export class VisionTower {
  readonly #kernel: TowerKernel
  readonly #shape: TowerShape
  readonly #weights: PlacedWeights
  readonly #at: Activations

  /**
   * Takes the memory of `kernel`, once and for all.
   * @throws RangeError where there is not enough memory, or weights have more than 7 bits.
   */
  constructor(kernel: TowerKernel, weights: TowerWeights) {
    this.#kernel = kernel
    this.#shape = weights.shape
    const addresses = new Addresses(kernel.exports.firstFree.value)
    this.#weights = placeWeights(weights, addresses)
    this.#at = placeActivations(weights, addresses)
    const { memory } = kernel.exports
    // Weights come through the room of activations, which are not there yet; the widest layer's may need more.
    const staging = this.#at.pixels
    const needed = Math.max(addresses.end, staging + largestStaging(weights))
    const missing = needed - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
    new WeightPlacer(kernel, staging).place(weights, this.#weights)
  }

  get shape(): TowerShape {
    return this.#shape
  }

  /** @param pixels `[3, imageSize, imageSize]`, normalised. */
  run(pixels: Float32Array): TowerOutputs {
    const { hiddenSize: hidden } = this.#shape
    const at = this.#at
    this.#embed(pixels)
    for (const layer of this.#weights.layers) this.#layer(layer)
    this.#kernel.exports.normalizeRows(
      at.hidden,
      hidden,
      0,
      at.tokens,
      this.#weights.lastNorm,
      this.#shape.epsilon,
      at.attended,
    )
    this.#pool()
    return {
      lastHiddenState: this.#floats(at.attended, at.tokens * hidden).slice(),
      poolerOutput: this.#floats(at.headHidden, hidden).slice(),
    }
  }

  #embed(pixels: Float32Array): void {
    const { exports, isWide } = this.#kernel
    const { imageSize, patchSize, hiddenSize } = this.#shape
    const at = this.#at
    this.#floats(at.pixels, pixels.length).set(pixels)
    exports.gatherPatches(at.pixels, imageSize, patchSize, at.wide)
    const { least, largest } = rangeOf(pixels)
    const { inputs } = this.#weights.patchEmbedding
    exports.quantizeWithin(at.wide, inputs, 0, at.tokens, at.panels, at.worths, least, largest, isWide)
    const { memory } = exports
    new Uint8Array(memory.buffer).copyWithin(
      at.hidden,
      this.#weights.positions,
      this.#weights.positions + at.tokens * hiddenSize * 4,
    )
    this.#multiply(this.#weights.patchEmbedding, at.rows, at.hidden, true)
  }

  #layer(layer: PlacedWeights['layers'][number]): void {
    const { exports, isWide } = this.#kernel
    const { hiddenSize: hidden, intermediateSize: inner, epsilon } = this.#shape
    const { tokens, rows, panels, worths, wide, attended, row } = this.#at
    const residual = this.#at.hidden
    exports.normalizeAndQuantize(
      residual,
      hidden,
      0,
      tokens,
      layer.norm1,
      epsilon,
      row,
      panels,
      worths,
      isWide,
    )
    this.#multiply(layer.inProjection, rows, wide, false)
    this.#attend()
    exports.quantizeRows(attended, hidden * 4, hidden, 0, tokens, panels, worths, isWide)
    this.#multiply(layer.outProjection, rows, residual, true)
    exports.normalizeAndQuantize(
      residual,
      hidden,
      0,
      tokens,
      layer.norm2,
      epsilon,
      row,
      panels,
      worths,
      isWide,
    )
    this.#multiply(layer.expand, rows, wide, false)
    exports.activateAndQuantize(wide, inner, 0, tokens, panels, worths, isWide)
    this.#multiply(layer.contract, rows, residual, true)
  }

  #attend(): void {
    const { hiddenSize: hidden, heads } = this.#shape
    for (let head = 0; head < heads; head++) this.#attendWith(head * (hidden / heads) * 4)
  }

  /** @param offset of the head in a row, in bytes. */
  #attendWith(offset: number): void {
    const { exports, isWide, multiply } = this.#kernel
    const { hiddenSize: hidden, heads } = this.#shape
    const { tokens, rows, panels, worths, keys, values, scores, shares, shareWorths } = this.#at
    const width = hidden / heads
    const query = this.#at.wide + offset
    const to = this.#at.attended + offset
    const stride = 3 * hidden * 4
    const padded = keys.outputs
    const factor = Math.LOG2E / Math.sqrt(width)
    exports.quantizeRows(query, stride, width, 0, tokens, panels, worths, isWide)
    exports.packKeys(query + hidden * 4, stride, width, tokens, factor, keys.weights, keys.channels, isWide)
    exports.packValues(query + hidden * 8, stride, width, tokens, values.weights, values.channels)
    for (let first = 0; first < rows; first += scoreRows) {
      const last = Math.min(first + scoreRows, rows)
      multiply(
        panels,
        worths,
        first,
        last,
        width,
        keys.weights,
        keys.channels,
        padded,
        scores,
        padded * 4,
        false,
      )
      exports.shareTokens(scores, padded * 4, last - first, tokens, shares, shareWorths)
      exports.multiplyWords(
        shares,
        shareWorths,
        0,
        last - first,
        padded,
        values.weights,
        values.channels,
        width,
        to + first * hidden * 4,
        hidden * 4,
        false,
      )
    }
  }

  #pool(): void {
    const { exports, isWide } = this.#kernel
    const { hiddenSize: hidden, intermediateSize: inner, heads, epsilon } = this.#shape
    const { head } = this.#weights
    const {
      tokens,
      headRows,
      panels,
      worths,
      attended,
      poolScores,
      pooled,
      headValues,
      headHidden,
      headWide,
      row,
    } = this.#at
    exports.poolTokens(attended, hidden, tokens, head.keys, heads, poolScores, pooled)
    exports.quantizeRows(pooled, hidden * 4, hidden, 0, heads, panels, worths, isWide)
    this.#multiply(head.value, headRows, headValues, false)
    // Each head's mean counts for the head's own channels.
    const width = hidden / heads
    const own = this.#floats(headValues, heads * hidden)
    for (let index = 1; index < heads; index++) {
      own.copyWithin(index * width, index * hidden + index * width, index * hidden + (index + 1) * width)
    }
    exports.quantizeRows(headValues, hidden * 4, hidden, 0, 1, panels, worths, isWide)
    this.#multiply(head.outProjection, 4, headHidden, false)
    exports.normalizeAndQuantize(headHidden, hidden, 0, 1, head.norm, epsilon, row, panels, worths, isWide)
    this.#multiply(head.expand, 4, headWide, false)
    exports.activateAndQuantize(headWide, inner, 0, 1, panels, worths, isWide)
    this.#multiply(head.contract, 4, headHidden, true)
  }

  #multiply(layer: PlacedLinear, rows: number, to: number, isAdded: boolean): void {
    const { panels, worths } = this.#at
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

  #floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#kernel.exports.memory.buffer, address, count)
  }
}

function rangeOf(pixels: Float32Array): { least: number; largest: number } {
  let { least, largest } = usualRange
  for (const value of pixels) {
    if (value < least) least = value
    if (value > largest) largest = value
  }
  return { least, largest }
}
