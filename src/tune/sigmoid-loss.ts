import type { LogitScale } from './logit-scale.js'
import { type Matrix, zeros } from './matrix.js'
import { PrefixCosines, type RowGradients } from './prefix-cosines.js'

export interface LossGradients extends RowGradients {
  readonly loss: number
  readonly logTemperature: number
  readonly bias: number
}

/**
 * The pairwise sigmoid loss of X. Zhai, B. Mustafa, A. Kolesnikov, L. Beyer: Sigmoid Loss for Language Image
 * Pre-Training (ICCV 2023), and its gradients: every row of `left` is compared with every row of `right`,
 *
 *     loss = 1 / rows * sum over i, j of log(1 + exp(-target_ij * (temperature * cosine_ij + bias))).
 *
 * With several `prefixes` it is the mean of the losses of the leading components, each normalised by itself
 * (A. Kusupati et al.: Matryoshka Representation Learning, NeurIPS 2022), so that a vector may be cut there.
 *
 * @param left `[n, k]`, @param right `[n, k]`: rows of any length; none is zero. They may be one matrix, which costs
 * half; then the targets must be symmetric, and `left` and `right` of the result are one matrix, too.
 * @param targets `[n, n]`: 1 for a match, -1 for none, 0 for a comparison that is left out.
 */
export function sigmoidLoss(
  left: Matrix,
  right: Matrix,
  targets: Int8Array,
  { logTemperature, bias }: LogitScale,
  prefixes: readonly number[],
): LossGradients {
  const temperature = Math.exp(logTemperature)
  const compared = new PrefixCosines(left, right, prefixes)
  const scale = 1 / (left.rows * compared.prefixes.length)
  let loss = 0
  let temperatureGradient = 0
  let biasGradient = 0
  const gradients = compared.cosines.map((cosines) => {
    const gradient = zeros(cosines.rows, cosines.columns)
    for (let index = 0; index < targets.length; index++) {
      const target = targets[index] as number
      if (target === 0) continue
      const cosine = cosines.data[index] as number
      const margin = target * (temperature * cosine + bias)
      // One exponential, of a number below zero, for both log(1 + exp(-margin)) and 1 / (1 + exp(margin)).
      const small = Math.exp(-Math.abs(margin))
      loss += scale * (Math.max(0, -margin) + Math.log1p(small))
      const slope = (-target * scale * (margin > 0 ? small : 1)) / (1 + small)
      temperatureGradient += slope * cosine
      biasGradient += slope
      gradient.data[index] = temperature * slope
    }
    return gradient
  })
  return {
    loss,
    ...compared.backward(gradients),
    logTemperature: temperatureGradient * temperature,
    bias: biasGradient,
  }
}
