import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/measure/seeded-random.js'
import {
  chooseMean,
  farthestMove,
  fewestPictures,
  longestMean,
} from '../../../src/node/indexing/catalog-mean.js'
import { normalize } from '../../../src/vectors/normalize.js'

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
    const many = pictures(fewestPictures)
    const mean = chooseMean(many, { earlier: null }) as Float32Array
    for (const [axis, component] of mean.entries()) {
      const sum = many.reduce((total, vector) => total + (vector[axis] as number), 0)
      expect(component).toBeCloseTo(sum / many.length, 5)
    }
    const placeholder = Array<Float32Array>(500).fill(many[0] as Float32Array)
    expect(chooseMean([...many, ...placeholder], { earlier: null })).toEqual(mean)
  })

  test('is not taken of few pictures, unless asked for, and of none where that is asked for', () => {
    const few = pictures(fewestPictures - 1)
    expect(chooseMean(few, { earlier: null })).toBeNull()
    expect(length(chooseMean(few, { center: true, earlier: null }))).toBeGreaterThan(0.1)
    expect(chooseMean(pictures(fewestPictures), { center: false, earlier: null })).toBeNull()
  })

  test('stays while that of the catalogue has not moved far, also where few pictures are left', () => {
    const many = pictures(fewestPictures)
    const mean = chooseMean(many, { earlier: null }) as Float32Array
    const near = moved(mean, farthestMove * 0.9)
    expect(chooseMean(many, { earlier: near })).toBe(near)
    expect(chooseMean(many, { earlier: moved(mean, farthestMove * 1.1) })).toEqual(mean)
    const few = many.slice(0, -1)
    expect(chooseMean(few, { earlier: near })).toBe(near)
    expect(chooseMean(few, { earlier: moved(mean, 3 * farthestMove) })).toBeNull()
    expect(chooseMean(many, { center: false, earlier: near })).toBeNull()
  })

  test('is not taken of pictures that are all alike', () => {
    const alike = pictures(fewestPictures, 30)
    expect(length(alike[0] as Float32Array)).toBeCloseTo(1, 5)
    expect(chooseMean(alike, { earlier: null })).toBeNull()
    expect(() => chooseMean(alike, { center: true, earlier: null })).toThrow(/too much alike/)
    const one = pictures(1)
    expect(chooseMean(one, { earlier: null })).toBeNull()
    expect(() => chooseMean(one, { center: true, earlier: null })).toThrow(/too much alike/)
    expect(longestMean).toBeLessThan(1)
  })
})
