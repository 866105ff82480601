import type { TowerWeights } from '../../../src/encoder/tower/tower-weights.js'

/** The weights for pictures of `imageSize` pixels: positions are interpolated, bilinearly, between those that were learnt. */
export function forSmallerInput(weights: TowerWeights, imageSize: number): TowerWeights {
  const { patchSize, hiddenSize } = weights.shape
  const from = weights.shape.imageSize / patchSize
  const to = imageSize / patchSize
  const positions = new Float32Array(to * to * hiddenSize)
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      const target = positions.subarray((row * to + column) * hiddenSize)
      for (const [y, ofRow] of neighbours(row, from, to)) {
        for (const [x, ofColumn] of neighbours(column, from, to)) {
          const source = (y * from + x) * hiddenSize
          for (let axis = 0; axis < hiddenSize; axis++) {
            target[axis] =
              (target[axis] as number) + ofRow * ofColumn * (weights.positions[source + axis] as number)
          }
        }
      }
    }
  }
  return { ...weights, shape: { ...weights.shape, imageSize }, positions }
}

/** The two places on the finer grid that a place lies between, and their shares. */
function neighbours(place: number, from: number, to: number): [number, number][] {
  const at = Math.min(from - 1, Math.max(0, ((place + 0.5) * from) / to - 0.5))
  const low = Math.floor(at)
  return [
    [low, 1 - (at - low)],
    [Math.min(from - 1, low + 1), at - low],
  ]
}
