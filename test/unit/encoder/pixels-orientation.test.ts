import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { readImageHeader } from '../../../src/encoder/image-header.js'
import { isTransposed, type Orientation, storedArea, turnUpright } from '../../../src/encoder/orientation.js'
import type { PixelRectangle, PixelSize } from '../../../src/encoder/pixels.js'

const reference = fileURLToPath(new URL('../../fixtures/reference/orientation/', import.meta.url))
/** What the EXIF orientations 1 to 8 mean. */
const orientations: readonly Orientation[] = [
  { rotation: 0, flip: false },
  { rotation: 0, flip: true },
  { rotation: 180, flip: false },
  { rotation: 180, flip: true },
  { rotation: 90, flip: true },
  { rotation: 90, flip: false },
  { rotation: 270, flip: true },
  { rotation: 270, flip: false },
]

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i is turned as libvips turns it', async (exif) => {
  const path = `${reference}orientation-${exif}.jpg`
  const header = readImageHeader(readFileSync(path))
  expect(header?.orientation).toBe(exif)
  const stored = await pixelsOf(sharp(path))
  expect(header).toMatchObject({ width: stored.width, height: stored.height })
  const expected = await pixelsOf(sharp(path).rotate())
  const upright = new Uint32Array(stored.pixels.length)
  turnUpright(stored.pixels, stored, orientations[exif - 1] as Orientation, upright)
  expect(upright).toEqual(expected.pixels)
})

test('a piece read from where it is stored and turned is that piece of the turned picture', () => {
  const side = fc.integer({ min: 1, max: 20 })
  const size = fc.record({ width: side, height: side })
  const fractions = fc.tuple(
    ...Array<fc.Arbitrary<number>>(4).fill(fc.double({ min: 0, max: 0.999, noNaN: true })),
  )
  fc.assert(
    fc.property(size, fc.constantFrom(...orientations), fractions, (stored, orientation, at) => {
      const picture = Uint32Array.from({ length: stored.width * stored.height }, (_, index) => index)
      const turned = new Uint32Array(picture.length)
      turnUpright(picture, stored, orientation, turned)
      const upright = isTransposed(orientation) ? { width: stored.height, height: stored.width } : stored

      const area = areaWithin(upright, at as [number, number, number, number])
      const rect = storedArea(area, stored, orientation)
      const piece = new Uint32Array(area.width * area.height)
      turnUpright(cut(picture, stored, rect), rect, orientation, piece)
      expect(piece).toEqual(cut(turned, upright, area))
    }),
  )
})

function areaWithin({ width, height }: PixelSize, at: [number, number, number, number]): PixelRectangle {
  const x = Math.floor(at[0] * width)
  const y = Math.floor(at[1] * height)
  return { x, y, width: 1 + Math.floor(at[2] * (width - x)), height: 1 + Math.floor(at[3] * (height - y)) }
}

function cut(pixels: Uint32Array, size: PixelSize, { x, y, width, height }: PixelRectangle): Uint32Array {
  return Uint32Array.from({ length: width * height }, (_, index) => {
    const row = y + Math.floor(index / width)
    return pixels[row * size.width + x + (index % width)] as number
  })
}

async function pixelsOf(image: Sharp): Promise<PixelSize & { pixels: Uint32Array }> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, pixels: new Uint32Array(new Uint8Array(data).buffer) }
}
