import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../src/measure/statistics/seeded-random.js'
import { chooseMean, farthestMove, longestMean } from '../../../../src/node/indexing/catalog-mean.js'
import { normalize } from '../../../../src/vectors/normalize.js'

const random = seededRandom(3)
/** Unit vectors that lean to the first axis by `lean`. */
const pictures = (count: number, lean = 1) =>
  Array.from({ length: count }, () =>
    normalize(Array.from({ length: 24 }, (_, axis) => random.next() - 0.5 + (axis === 0 ? lean : 0))),
  )
const length = (vector: Float32Array | null) => Math.hypot(...(vector ?? []))
const moved = (mean: Float32Array, by: number) =>
  mean.map((component, axis) => component + (axis === 5 ? by : 0))

describe('the mean of a catalogue', () => {
  test('is that of its pictures, each counted once', () => {
    const many = pictures(100)
    const mean = chooseMean(many, null)
    for (const [axis, component] of mean.entries()) {
      const sum = many.reduce((total, vector) => total + (vector[axis] as number), 0)
      expect(component).toBeCloseTo(sum / many.length, 5)
    }
    const placeholder = Array<Float32Array>(500).fill(many[0] as Float32Array)
    expect(chooseMean([...many, ...placeholder], null)).toEqual(mean)
  })

  test('stays while that of the catalogue has not moved far', () => {
    const many = pictures(100)
    const mean = chooseMean(many, null)
    const near = moved(mean, farthestMove * 0.9)
    expect(chooseMean(many, near)).toBe(near)
    expect(chooseMean(many, moved(mean, farthestMove * 1.1))).toEqual(mean)
  })

  test('is not taken of pictures that are all alike', () => {
    const alike = pictures(100, 30)
    expect(length(alike[0] as Float32Array)).toBeCloseTo(1, 5)
    expect(() => chooseMean(alike, null)).toThrow(/too much alike/)
    expect(() => chooseMean(pictures(1), null)).toThrow(/too much alike/)
    expect(longestMean).toBeLessThan(1)
  })
})
