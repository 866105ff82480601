import type { Matrix } from './matrix.js'
import { PrefixCosines } from './prefix-cosines.js'

/** The two numbers that the loss learns besides the vectors: logit = exp(logTemperature) * cosine + bias. */
export interface LogitScale {
  readonly logTemperature: number
  readonly bias: number
}

/** Where SigLIP starts: few pairs of a batch match, and the bias says so from the first step on. */
const initialLogitScale: LogitScale = { logTemperature: Math.log(10), bias: -10 }

/**
 * The temperature and bias with the least loss for these vectors, by Newton's method. Towers that are trained from
 * scratch learn them on the way; for vectors that are good already, the steps until then would only push all of them
 * apart.
 */
export function fitLogitScale(left: Matrix, right: Matrix, targets: Int8Array): LogitScale {
  const [cosines] = new PrefixCosines(left, right, [left.columns]).cosines as [Matrix]
  let temperature = Math.exp(initialLogitScale.logTemperature)
  let { bias } = initialLogitScale
  for (let step = 0; step < newtonSteps; step++) {
    let [slopeT, slopeB, curveTT, curveTB, curveBB] = [0, 0, ridge, 0, ridge]
    for (let index = 0; index < targets.length; index++) {
      const target = targets[index] as number
      if (target === 0) continue
      const cosine = cosines.data[index] as number
      const probability = 1 / (1 + Math.exp(-(temperature * cosine + bias)))
      const error = probability - (target > 0 ? 1 : 0)
      const curve = probability * (1 - probability)
      slopeT += error * cosine
      slopeB += error
      curveTT += curve * cosine * cosine
      curveTB += curve * cosine
      curveBB += curve
    }
    const determinant = curveTT * curveBB - curveTB * curveTB
    // Bounded steps, for far from the minimum the curvature is a bad guide.
    temperature = Math.max(1, temperature + bounded((curveTB * slopeB - curveBB * slopeT) / determinant))
    bias += bounded((curveTB * slopeT - curveTT * slopeB) / determinant)
  }
  return { logTemperature: Math.log(temperature), bias }
}

const newtonSteps = 30
const ridge = 1e-6

function bounded(step: number): number {
  return Math.max(-3, Math.min(3, step))
}
