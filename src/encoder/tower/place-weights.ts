import type { TowerKernel } from './tower-kernel.js'
import { type PlacedLinear, type PlacedWeights, partOfWeights, type TowerPlan } from './tower-layout.js'
import type { LinearWeights, NormWeights, TowerWeights } from './tower-weights.js'

/**
 * Puts weights where the kernel multiplies with them, in the order it does so.
 * @throws RangeError where weights have more than 7 bits.
 */
export function placeWeightsIn(kernel: TowerKernel, weights: TowerWeights, plan: TowerPlan): void {
  // They come through the room of activations, which are not there yet.
  new WeightPlacer(kernel, plan.weightsEnd).place(weights, plan.weights)
}

class WeightPlacer {
  constructor(
    private readonly kernel: TowerKernel,
    private readonly staging: number,
  ) {}

  place(weights: TowerWeights, at: PlacedWeights): void {
    this.linear(weights.patchEmbedding, at.patchEmbedding)
    this.floats(weights.positions, at.positions)
    for (const [index, layer] of weights.layers.entries()) {
      const place = at.layers[index] as PlacedWeights['layers'][number]
      this.norm(layer.norm1, place.norm1)
      this.linear(partOfWeights(layer.inProjection, 0, 2), place.queriesAndKeys)
      this.linear(partOfWeights(layer.inProjection, 2, 3), place.values)
      this.linear(layer.outProjection, place.outProjection)
      this.norm(layer.norm2, place.norm2)
      this.linear(layer.expand, place.expand)
      this.linear(layer.contract, place.contract)
    }
    this.norm(weights.lastNorm, at.lastNorm)
    this.floats(weights.head.keys, at.head.keys)
    this.linear(weights.head.value, at.head.value)
    this.linear(weights.head.outProjection, at.head.outProjection)
    this.norm(weights.head.norm, at.head.norm)
    this.linear(weights.head.expand, at.head.expand)
    this.linear(weights.head.contract, at.head.contract)
  }

  private linear({ inputs, outputs, levels, scales, biases }: LinearWeights, to: PlacedLinear): void {
    const { exports, form, memory } = this.kernel
    const scalesAt = this.staging
    const biasesAt = scalesAt + outputs * 4
    const levelsAt = biasesAt + outputs * 4
    this.floats(scales, scalesAt)
    this.floats(biases, biasesAt)
    new Int8Array(memory.buffer, levelsAt, levels.length).set(levels)
    const { weights, channels } = to
    const haveSevenBits = exports.packWeights(
      levelsAt,
      outputs,
      inputs,
      scalesAt,
      biasesAt,
      weights,
      channels,
      form,
    )
    if (haveSevenBits) return
    // More bits could pass 16 when two products are added up.
    throw new RangeError('weights have more than 7 bits')
  }

  private norm(gains: NormWeights, to: number): void {
    this.floats(gains, to)
  }

  private floats(values: Float32Array, to: number): void {
    new Float32Array(this.kernel.memory.buffer, to, values.length).set(values)
  }
}
