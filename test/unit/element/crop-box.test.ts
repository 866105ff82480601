import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxBetween,
  type Corner,
  centerBox,
  isWholePicture,
  moveBox,
  moveCorner,
  pinchBox,
  wholePicture,
} from '../../../src/element/photo-search/crop/crop-box.js'
import type { CropBox } from '../../../src/types.js'

const least = { width: 0.1, height: 0.2 }
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const point = (min = -2, max = 2) => fc.record({ x: number(min, max), y: number(min, max) })
/** Boxes inside the picture that are no smaller than `least`. */
const boxes = fc
  .record({ w: number(least.width, 1), h: number(least.height, 1), x: number(0, 1), y: number(0, 1) })
  .map(({ w, h, x, y }): CropBox => ({ x: x * (1 - w), y: y * (1 - h), width: w, height: h }))
const corners = fc.constantFrom<Corner>({ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }, { x: 1, y: 1 })
/** What rounding adds up to. */
const slack = 1e-9

function expectValid({ x, y, width, height }: CropBox): void {
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
  expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + slack)
  expect(width).toBeGreaterThanOrEqual(least.width - slack)
  expect(height).toBeGreaterThanOrEqual(least.height - slack)
}

describe('a crop box', () => {
  it('stays in the picture and large enough, whatever is done to it', () => {
    fc.assert(
      fc.property(boxes, corners, point(), point(), number(0.01, 20), (box, corner, a, b, factor) => {
        expectValid(moveBox(box, a))
        expectValid(moveCorner(box, corner, a, least))
        expectValid(pinchBox(box, factor, a, b, least))
        expectValid(boxBetween(a, b, least))
        expectValid(centerBox(box, a))
      }),
    )
  })

  it('keeps its size when it is moved, and follows the movement where there is room', () => {
    fc.assert(
      fc.property(boxes, point(-0.3, 0.3), (box, by) => {
        const moved = moveBox(box, by)
        expect([moved.width, moved.height]).toEqual([box.width, box.height])
        const fits = box.x + by.x >= 0 && box.x + by.x + box.width <= 1
        if (fits) expect(moved.x).toBeCloseTo(box.x + by.x, 9)
      }),
    )
  })

  it('keeps the opposite corner where it is when a corner is moved', () => {
    fc.assert(
      fc.property(boxes, corners, point(), (box, corner, by) => {
        const moved = moveCorner(box, corner, by, least)
        const opposite = ({ x, y, width, height }: CropBox) => [
          corner.x ? x : x + width,
          corner.y ? y : y + height,
        ]
        const [x = 0, y = 0] = opposite(moved)
        const [beforeX = 0, beforeY = 0] = opposite(box)
        expect(x).toBeCloseTo(beforeX, 9)
        expect(y).toBeCloseTo(beforeY, 9)
      }),
    )
  })

  it('keeps what is under the fingers under them, where there is room', () => {
    const box = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }
    const pinched = pinchBox(box, 1.5, { x: 0.5, y: 0.5 }, { x: 0.55, y: 0.5 }, least)
    expect(pinched.x + pinched.width / 2).toBeCloseTo(0.55)
    expect(pinched.y + pinched.height / 2).toBeCloseTo(0.5)
    expect(pinched.width).toBeCloseTo(0.3)
  })

  it('covers what was drawn, in any direction', () => {
    const drawn = { x: 0.2, y: 0.3, width: 0.5, height: 0.4 }
    for (const [from, to] of [
      [
        { x: 0.2, y: 0.3 },
        { x: 0.7, y: 0.7 },
      ],
      [
        { x: 0.7, y: 0.3 },
        { x: 0.2, y: 0.7 },
      ],
    ] as const) {
      const box = boxBetween(from, to, least)
      for (const side of ['x', 'y', 'width', 'height'] as const) expect(box[side]).toBeCloseTo(drawn[side])
    }
  })

  it('that is smaller than allowed grows when it is touched, also at the edge', () => {
    const tiny = { x: 0.99, y: 0.99, width: 0.01, height: 0.01 }
    expectValid(moveCorner(tiny, { x: 0, y: 0 }, { x: 0, y: 0 }, least))
  })

  it('is the whole picture or not', () => {
    expect(isWholePicture(wholePicture)).toBe(true)
    expect(isWholePicture({ ...wholePicture, width: 0.9 })).toBe(false)
  })
})
