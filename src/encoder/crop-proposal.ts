import type { CropBox } from '../types.js'
import { normalize } from '../vectors/normalize.js'
import type { PixelSize } from './decode/pixels.js'

/** How tightly a box is drawn. */
export interface Framing {
  /** Patches count for the box from so many standard deviations above the mean on: higher makes it tighter. */
  readonly leastSalience: number
  /** How far to go from the whole picture (0) to the box (1). */
  readonly way: number
}

/** The best with version 1 of the packaged weights; with version 2 those that test/bench/quality/crop-proposal.ts tries differ too little to tell. */
export const usualFraming: Framing = { leastSalience: 0.3, way: 0.5 }

/**
 * Where the object of a picture seems to be, judged by the encoder's own patch tokens: the rectangle that holds the
 * most patches which look like the whole picture and unlike its border, and one patch around it. The box goes only half
 * the way there: tighter ones help photos in shops no more, and harm photos that were well framed.
 *
 * @param patchTokens `[rows * columns, dimensions]` of a square grid.
 * @param poolerOutput `[dimensions]`, not normalised.
 * @returns `null` for tokens that are no square grid, and where the box is nearly the whole picture.
 */
export function proposeCropBox(
  patchTokens: Float32Array,
  poolerOutput: Float32Array,
  { leastSalience, way } = usualFraming,
): CropBox | null {
  const dimensions = poolerOutput.length
  const side = Math.sqrt(patchTokens.length / dimensions)
  if (!Number.isInteger(side) || side < 4) return null
  const tokens = Array.from({ length: side * side }, (_, patch) =>
    normalize(patchTokens.slice(patch * dimensions, (patch + 1) * dimensions)),
  )
  const border = directionOf(tokens.filter((_, patch) => isAtBorder(patch, side)))
  const likePicture = cosines(tokens, normalize(poolerOutput))
  const unlikeBorder = cosines(tokens, border).map((cosine) => -cosine)
  const salience = standardScores(
    [likePicture, unlikeBorder]
      .map((map) => standardScores(smooth(withoutOutliers(map), side)))
      .reduce((sum, map) => sum.map((value, patch) => value + (map[patch] as number))),
  )
  const { left, top, right, bottom } = heaviestRectangle(
    salience.map((value) => value - leastSalience),
    side,
  )
  const x = (way * Math.max(0, left - 1)) / side
  const y = (way * Math.max(0, top - 1)) / side
  const width = 1 - way + (way * Math.min(side, right + 1)) / side - x
  const height = 1 - way + (way * Math.min(side, bottom + 1)) / side - y
  return width * height > LARGEST_AREA ? null : { x, y, width, height }
}

/**
 * Whether most of a picture's border has one colour, as a product picture's has: such a picture is framed already.
 *
 * @param rgb `height * width * 3` bytes.
 */
export function hasPlainBorder(rgb: ArrayLike<number>, { width, height }: PixelSize): boolean {
  const thickness = Math.round(0.04 * Math.min(width, height))
  const channels: number[][] = [[], [], []]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = x >= thickness && y >= thickness && x < width - thickness && y < height - thickness
      if (isInside) continue
      for (const [channel, values] of channels.entries())
        values.push(rgb[(y * width + x) * 3 + channel] as number)
    }
  }
  const colour = channels.map((values) => values.toSorted((a, b) => a - b)[values.length >> 1] as number)
  const [red = []] = channels
  const plain = red.filter((_, pixel) =>
    channels.every(
      (values, channel) => Math.abs((values[pixel] as number) - (colour[channel] as number)) <= 32,
    ),
  )
  return plain.length >= 0.6 * red.length
}

const LARGEST_AREA = 0.9

function isAtBorder(patch: number, side: number): boolean {
  const [column, row] = [patch % side, Math.floor(patch / side)]
  return column === 0 || row === 0 || column === side - 1 || row === side - 1
}

function directionOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0)
  for (const vector of vectors)
    for (const [index, value] of vector.entries()) sum[index] = (sum[index] as number) + value
  return normalize(sum)
}

function cosines(tokens: readonly Float32Array[], direction: Float32Array): number[] {
  return tokens.map((token) =>
    token.reduce((sum, value, index) => sum + value * (direction[index] as number), 0),
  )
}

/** Some patches serve a transformer as scratch space and say nothing about their place (Darcet et al. 2023). */
function withoutOutliers(map: readonly number[]): number[] {
  const sorted = map.toSorted((a, b) => a - b)
  const few = Math.floor(map.length / 49)
  const [lowest, highest] = [sorted[few] as number, sorted[sorted.length - 1 - few] as number]
  return map.map((value) => Math.min(highest, Math.max(lowest, value)))
}

/** Binomial 3 x 3 filter. */
function smooth(map: readonly number[], side: number): number[] {
  return map.map((_, patch) => {
    let sum = 0
    let weights = 0
    for (const down of [-1, 0, 1]) {
      for (const right of [-1, 0, 1]) {
        const [column, row] = [(patch % side) + right, Math.floor(patch / side) + down]
        if (column < 0 || row < 0 || column >= side || row >= side) continue
        const weight = (right === 0 ? 2 : 1) * (down === 0 ? 2 : 1)
        sum += weight * (map[row * side + column] as number)
        weights += weight
      }
    }
    return sum / weights
  })
}

function standardScores(map: readonly number[]): number[] {
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length
  const variance = map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / map.length
  return map.map((value) => (value - mean) / (Math.sqrt(variance) || 1))
}

/** The rectangle with the largest sum, at least a third of a side wide and high. */
function heaviestRectangle(map: readonly number[], side: number) {
  const stride = side + 1
  const sums = new Float64Array(stride * stride)
  const at = (column: number, row: number) => sums[row * stride + column] as number
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const value = map[row * side + column] as number
      sums[(row + 1) * stride + column + 1] =
        value + at(column, row + 1) + at(column + 1, row) - at(column, row)
    }
  }
  const least = Math.ceil(side / 3)
  let best = { left: 0, top: 0, right: side, bottom: side, sum: Number.NEGATIVE_INFINITY }
  for (let top = 0; top <= side - least; top++) {
    for (let bottom = top + least; bottom <= side; bottom++) {
      for (let left = 0; left <= side - least; left++) {
        for (let right = left + least; right <= side; right++) {
          const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)
          if (sum > best.sum) best = { left, top, right, bottom, sum }
        }
      }
    }
  }
  return best
}
