/** Weights of 7 bits and a scale for each output. */
export interface SevenBitWeights {
  /** `[outputs, inputs]`, from -63 to 63. */
  readonly levels: Int8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

/**
 * Rounds weights to 7 bits. The largest of an output becomes 63 or -63; its scale is then the one that fits all of its
 * levels best, in the least-squares sense. Weights that were rounded so before and stored in 16 bits give the levels
 * that they were made of.
 * @param weights `[outputs, inputs]`.
 */
export function toSevenBits(weights: Float32Array, outputs: number): SevenBitWeights {
  const inputs = weights.length / outputs
  const levels = new Int8Array(weights.length)
  const scales = new Float32Array(outputs)
  for (let output = 0; output < outputs; output++) {
    const row = weights.subarray(output * inputs, (output + 1) * inputs)
    const largest = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    if (largest === 0) continue
    let products = 0
    let squares = 0
    for (const [input, weight] of row.entries()) {
      const level = Math.round((weight / largest) * 63)
      levels[output * inputs + input] = level
      products += level * weight
      squares += level * level
    }
    scales[output] = products / squares
  }
  return { levels, scales }
}
