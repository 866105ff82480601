import { largestStaging, WeightPlacer } from './place-weights.js'
import type { TowerKernel } from './tower-kernel.js'
import {
  type Activations,
  Addresses,
  type PlacedLinear,
  type PlacedWeights,
  placeActivations,
  placeWeights,
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
    const addresses = new Addresses()
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
    exports.quantizeRows(attended, hidden, 0, tokens, panels, worths, isWide)
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
    const { exports } = this.#kernel
    const { hiddenSize: hidden, heads } = this.#shape
    const { tokens, rows, wide, keys, keyScales, values, valueScales, room, attended } = this.#at
    const width = hidden / heads
    const stride = 3 * hidden * 4
    const factor = 1 / Math.sqrt(width)
    for (let head = 0; head < heads; head++) {
      const query = wide + head * width * 4
      const key = query + hidden * 4
      const value = key + hidden * 4
      exports.prepareHead(key, value, stride, width, tokens, keys, keyScales, values, valueScales)
      exports.attend(
        query,
        stride,
        width,
        0,
        rows,
        tokens,
        factor,
        keys,
        keyScales,
        values,
        valueScales,
        room,
        attended + head * width * 4,
        hidden * 4,
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
      room,
      pooled,
      headValues,
      headHidden,
      headWide,
      row,
    } = this.#at
    exports.poolTokens(attended, hidden, tokens, head.keys, heads, room, pooled)
    exports.quantizeRows(pooled, hidden, 0, heads, panels, worths, isWide)
    this.#multiply(head.value, headRows, headValues, false)
    // Each head's mean counts for the head's own channels.
    const width = hidden / heads
    const own = this.#floats(headValues, heads * hidden)
    for (let index = 1; index < heads; index++) {
      own.copyWithin(index * width, index * hidden + index * width, index * hidden + (index + 1) * width)
    }
    exports.quantizeRows(headValues, hidden, 0, 1, panels, worths, isWide)
    this.#multiply(head.outProjection, 4, headHidden, false)
    exports.normalizeAndQuantize(headHidden, hidden, 0, 1, head.norm, epsilon, row, panels, worths, isWide)
    this.#multiply(head.expand, 4, headWide, false)
    exports.activateAndQuantize(headWide, inner, 0, 1, panels, worths, isWide)
    this.#multiply(head.contract, 4, headHidden, true)
  }

  #multiply(layer: PlacedLinear, rows: number, to: number, isAdded: boolean): void {
    const { panels, worths } = this.#at
    const { inputs, outputs, weights, channels } = layer
    this.#kernel.multiply(panels, worths, 0, rows, inputs, weights, channels, outputs, to, isAdded)
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
