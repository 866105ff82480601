import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { colorHistogram, histogramIntersection } from '../../../demo/data/color-histogram.js'

const level = fc.integer({ min: 0, max: 255 })
const pixel = fc.tuple(level, level, level, level)
const picture = fc
  .array(pixel, { minLength: 1, maxLength: 40 })
  .filter((pixels) => pixels.some(([, , , alpha]) => alpha > 0))
  .map((pixels) => Uint8Array.from(pixels.flat()))

describe('a colour histogram', () => {
  test('has the share of each colour, weighted by opacity', () => {
    const red = [255, 0, 0, 255]
    const blue = [0, 0, 255, 85]
    const nothing = [0, 255, 0, 0]
    const histogram = colorHistogram(Uint8Array.from([...red, ...blue, ...nothing]))
    expect(histogram).toHaveLength(64)
    expect(histogram[0b110000]).toBeCloseTo(0.75, 12)
    expect(histogram[0b000011]).toBeCloseTo(0.25, 12)
    expect(histogram[0b001100]).toBe(0)
  })

  test('does not have a picture that is not there', () => {
    expect(() => colorHistogram(new Uint8Array(8))).toThrow(RangeError)
  })

  test('sums to 1, whatever the picture', () => {
    fc.assert(
      fc.property(picture, (rgba) => {
        expect(colorHistogram(rgba).reduce((sum, share) => sum + share)).toBeCloseTo(1, 9)
      }),
    )
  })
})

test('an intersection is symmetric, between 0 and 1, and 1 with itself', () => {
  fc.assert(
    fc.property(picture, picture, (one, other) => {
      const [a, b] = [colorHistogram(one), colorHistogram(other)]
      const common = histogramIntersection(a, b)
      expect(common).toBe(histogramIntersection(b, a))
      expect(common).toBeGreaterThanOrEqual(0)
      expect(common).toBeLessThanOrEqual(histogramIntersection(a, a) + 1e-12)
      expect(histogramIntersection(a, a)).toBeCloseTo(1, 9)
    }),
  )
})
