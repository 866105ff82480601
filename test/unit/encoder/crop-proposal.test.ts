import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasPlainBorder, proposeCropBox } from '../../../src/encoder/crop-proposal.js'

const dimensions = 8

/** Tokens of a square grid: `object` inside the rectangle, `ground` outside it, and a little of something else. */
function gridWith(side: number, object: { left: number; top: number; right: number; bottom: number }) {
  const tokens = new Float32Array(side * side * dimensions)
  for (let patch = 0; patch < side * side; patch++) {
    const [x, y] = [patch % side, Math.floor(patch / side)]
    const isObject = x >= object.left && x < object.right && y >= object.top && y < object.bottom
    tokens[patch * dimensions + (isObject ? 0 : 1)] = 5
    tokens[patch * dimensions + 2 + (patch % 5)] = 0.5
  }
  return tokens
}

const pooled = Float32Array.of(3, 1, 0, 0, 0, 0, 0, 0)

test('frames the patches that look like the picture and unlike its border, with a patch around them, half the way', () => {
  const box = proposeCropBox(gridWith(14, { left: 4, top: 2, right: 10, bottom: 9 }), pooled)
  if (!box) throw new Error('nothing was proposed')
  expect(box.x * 14).toBeCloseTo(3 / 2)
  expect(box.y * 14).toBeCloseTo(1 / 2)
  expect((box.x + box.width) * 14).toBeCloseTo((11 + 14) / 2)
  expect((box.y + box.height) * 14).toBeCloseTo((10 + 14) / 2)
})

test('a box lies inside the picture, whatever the tokens are', () => {
  const values = fc.float32Array({
    minLength: 36 * dimensions,
    maxLength: 36 * dimensions,
    noNaN: true,
    noDefaultInfinity: true,
    min: Math.fround(0.01),
    max: 100,
  })
  fc.assert(
    fc.property(values, (tokens) => {
      const box = proposeCropBox(tokens, pooled)
      if (!box) return
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0)
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(2 / 3)
      expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-9)
      expect(box.width * box.height).toBeLessThanOrEqual(0.9)
    }),
  )
})

test('proposes nothing for tokens that are no square grid', () => {
  expect(proposeCropBox(new Float32Array(15 * dimensions).fill(1), pooled)).toBeNull()
  expect(proposeCropBox(new Float32Array(0), pooled)).toBeNull()
})

test('a border is plain where most of it has nearly one colour', () => {
  const size = { width: 60, height: 40 }
  const picture = (colour: (x: number, y: number) => number) =>
    Uint8Array.from({ length: 60 * 40 * 3 }, (_, index) => {
      const pixel = Math.floor(index / 3)
      return colour(pixel % 60, Math.floor(pixel / 60))
    })
  const isInside = (x: number, y: number) => x > 5 && y > 5 && x < 54 && y < 34
  expect(
    hasPlainBorder(
      picture((x, y) => (isInside(x, y) ? (x * y) % 256 : 250 - (x % 9))),
      size,
    ),
  ).toBe(true)
  expect(
    hasPlainBorder(
      picture((x, y) => (isInside(x, y) ? 250 : (x * 37 + y * 91) % 256)),
      size,
    ),
  ).toBe(false)
})
