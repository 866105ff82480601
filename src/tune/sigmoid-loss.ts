import { addProduct, addTransposedProduct, type Matrix, multiplyTransposed, zeros } from './matrix.js'

/** The two numbers that the loss learns besides the vectors: logit = exp(logTemperature) * cosine + bias. */
export interface LogitScale {
  readonly logTemperature: number
  readonly bias: number
}

/** Where SigLIP starts: few pairs of a batch match, and the bias says so from the first step on. */
const initialLogitScale: LogitScale = { logTemperature: Math.log(10), bias: -10 }

export interface LossGradients {
  readonly loss: number
  /** Same shapes as the inputs. */
  readonly left: Matrix
  readonly right: Matrix
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
 * @param left `[n, k]`, @param right `[n, k]`: rows of any length; none is zero.
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
  const leftGradient = zeros(left.rows, left.columns)
  const rightGradient = zeros(right.rows, right.columns)
  const scale = 1 / (left.rows * prefixes.length)
  let loss = 0
  let temperatureGradient = 0
  let biasGradient = 0
  for (const prefix of prefixes) {
    const unitLeft = unitPrefix(left, prefix)
    const unitRight = unitPrefix(right, prefix)
    const cosines = multiplyTransposed(unitLeft.rows, unitRight.rows)
    for (let index = 0; index < targets.length; index++) {
      const target = targets[index] as number
      const cosine = cosines.data[index] as number
      const margin = target * (temperature * cosine + bias)
      const logitGradient = target === 0 ? 0 : (-target * scale) / (1 + Math.exp(margin))
      if (target !== 0) loss += scale * softplus(-margin)
      temperatureGradient += logitGradient * cosine
      biasGradient += logitGradient
      // From here on the matrix holds the gradients of the cosines.
      cosines.data[index] = temperature * logitGradient
    }
    const unitLeftGradient = zeros(left.rows, prefix)
    const unitRightGradient = zeros(right.rows, prefix)
    addProduct(unitLeftGradient, cosines, unitRight.rows)
    addTransposedProduct(unitRightGradient, cosines, unitLeft.rows)
    addThroughNorm(leftGradient, unitLeft, unitLeftGradient)
    addThroughNorm(rightGradient, unitRight, unitRightGradient)
  }
  return {
    loss,
    left: leftGradient,
    right: rightGradient,
    logTemperature: temperatureGradient * temperature,
    bias: biasGradient,
  }
}

/**
 * The temperature and bias with the least loss for these vectors, by Newton's method. Towers that are trained from
 * scratch learn them on the way; for vectors that are good already, the steps until then would only push all of them
 * apart.
 */
export function fitLogitScale(left: Matrix, right: Matrix, targets: Int8Array): LogitScale {
  const cosines = multiplyTransposed(
    unitPrefix(left, left.columns).rows,
    unitPrefix(right, right.columns).rows,
  )
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

interface UnitRows {
  readonly rows: Matrix
  readonly norms: Float64Array
}

/** The first `prefix` components of every row, with norm 1. */
function unitPrefix({ rows, columns, data }: Matrix, prefix: number): UnitRows {
  const unit = zeros(rows, prefix)
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let index = 0; index < prefix; index++) squares += (data[row * columns + index] as number) ** 2
    const norm = Math.sqrt(squares)
    norms[row] = norm
    for (let index = 0; index < prefix; index++) {
      unit.data[row * prefix + index] = (data[row * columns + index] as number) / norm
    }
  }
  return { rows: unit, norms }
}

/** Takes the gradient of unit rows back to the rows: only what is at right angles to the row changes its direction. */
function addThroughNorm(target: Matrix, { rows: unit, norms }: UnitRows, unitGradient: Matrix): void {
  const prefix = unit.columns
  for (let row = 0; row < unit.rows; row++) {
    let along = 0
    for (let index = row * prefix; index < (row + 1) * prefix; index++) {
      along += (unit.data[index] as number) * (unitGradient.data[index] as number)
    }
    for (let index = 0; index < prefix; index++) {
      const at = row * target.columns + index
      const across =
        (unitGradient.data[row * prefix + index] as number) -
        along * (unit.data[row * prefix + index] as number)
      target.data[at] = (target.data[at] as number) + across / (norms[row] as number)
    }
  }
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}
