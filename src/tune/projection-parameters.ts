import type { SeededRandom } from '../measure/statistics/seeded-random.js'
import { Adam } from './adam.js'
import {
  addProduct,
  addTransposedProduct,
  identity,
  type Matrix,
  multiplyTransposed,
  zeros,
} from './matrix.js'

/** A projection while it is learned. It starts as the identity, so that tuning starts from the untuned encoder. */
export interface ProjectionParameters {
  /** The projection `[k, d]` now. */
  matrix(): Matrix
  /** @param gradient of the loss by `matrix()`. */
  step(gradient: Matrix, learningRate: number): void
}

/** Every element is learned; the decay pulls towards the identity. */
export function linearParameters(rows: number, columns: number, decay: number): ProjectionParameters {
  const weights = identity(rows, columns)
  const optimizer = new Adam(weights.data, { anchor: weights.data.slice(), decay })
  return {
    matrix: () => weights,
    step: (gradient, learningRate) => optimizer.step(gradient.data, learningRate),
  }
}

/**
 * The identity plus a product of two thin matrices `[k, rank]` and `[rank, d]` (as in E. Hu et al.: LoRA, ICLR 2022):
 * fewer numbers to learn, for few pairs. The decay pulls the product towards zero.
 */
export function lowRankParameters(
  rows: number,
  columns: number,
  { rank, decay, random }: { rank: number; decay: number; random: SeededRandom },
): ProjectionParameters {
  const up = zeros(rows, rank)
  const down = zeros(rank, columns)
  // `up` starts at zero, so that the sum starts at the identity; `down` must not, or nothing would be learned.
  for (let index = 0; index < down.data.length; index++) {
    down.data[index] = (2 * random.next() - 1) / Math.sqrt(columns)
  }
  const upOptimizer = new Adam(up.data, { decay })
  const downOptimizer = new Adam(down.data, { decay })
  return {
    matrix() {
      const sum = identity(rows, columns)
      addProduct(sum, up, down)
      return sum
    },
    step(gradient, learningRate) {
      const upGradient = multiplyTransposed(gradient, down)
      const downGradient = zeros(rank, columns)
      addTransposedProduct(downGradient, up, gradient)
      upOptimizer.step(upGradient.data, learningRate)
      downOptimizer.step(downGradient.data, learningRate)
    },
  }
}
