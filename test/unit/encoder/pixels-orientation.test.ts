import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { readImageHeader } from '../../../src/encoder/decode/image-header.js'
import type { Orientation } from '../../../src/encoder/decode/orientation.js'
import type { PixelSource } from '../../../src/encoder/decode/pixels.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { type PlainImage, resizeAsPillow } from './pixels-pillow.js'
import { noise, sourceOf, storedAs } from './pixels-source.js'

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
  expect((await sharp(path).metadata()).orientation).toBe(exif)
  const header = readImageHeader(readFileSync(path))
  const stored = await pixelsOf(sharp(path))
  expect(header).toMatchObject({ width: stored.width, height: stored.height })
  const upright = await pixelsOf(sharp(path).rotate())
  const source = turned(stored, upright, orientations[exif - 1] as Orientation)
  const resampler = await Resampler.open()
  const rgb = await resampler.resize(source, { ...upright, filter: 'bicubic' })
  expect(Buffer.compare(rgb, upright.data)).toBe(0)
})

test('a turned picture, or a region of one, is resized to the bytes of the upright picture', async () => {
  const side = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 5 }))
  const picture = fc.record({ width: side, height: side, seed: fc.integer() }).map(noise)
  const target = fc.record({
    width: fc.integer({ min: 1, max: 250 }),
    height: fc.integer({ min: 1, max: 250 }),
    filter: fc.constantFrom('bicubic', 'bilinear'),
  })
  const fraction = fc.double({ min: 0, max: 1, noNaN: true })
  const fractions = fc.tuple(fraction, fraction, fraction, fraction)
  const stripBytes = fc.integer({ min: 1, max: 100_000 })
  const orientation = fc.constantFrom(...orientations)
  await fc.assert(
    fc.asyncProperty(
      picture,
      orientation,
      target,
      fractions,
      stripBytes,
      async (upright, orientation, target, at, stripBytes) => {
        const resampler = await Resampler.open({ stripBytes })
        const source = turned(storedAs(orientation, upright), upright, orientation)
        const rgb = await resampler.resize(source, target)
        expect(Buffer.compare(rgb, resizeAsPillow(upright, target))).toBe(0)

        const region = regionOf(upright, at)
        const ofRegion = await resampler.resize(source, target, { region })
        expect(Buffer.compare(ofRegion, resizeAsPillow(upright, target, region))).toBe(0)
      },
    ),
    { numRuns: 120 },
  )
})

test('very tall pictures, which Pillow shortens first, agree however they are stored', async () => {
  const resampler = await Resampler.open()
  const upright = noise({ width: 3, height: 700, seed: 11 })
  const target = { width: 40, height: 30, filter: 'bicubic' } as const
  for (const orientation of orientations) {
    const source = turned(storedAs(orientation, upright), upright, orientation)
    const rgb = await resampler.resize(source, target)
    expect(Buffer.compare(rgb, resizeAsPillow(upright, target)), JSON.stringify(orientation)).toBe(0)
  }
})

test('a large turned picture is read in strips, each row once', async () => {
  const rows = new Set<number>()
  let largest = 0
  const source: PixelSource = {
    width: 4000,
    height: 5000,
    orientation: { rotation: 90, flip: false },
    channels: 'rgb',
    transparency: 'opaque',
    async read(area, target) {
      expect(area).toMatchObject({ x: 0, width: 5000 })
      largest = Math.max(largest, target.length)
      for (let row = area.y; row < area.y + area.height; row++) {
        expect(rows.has(row)).toBe(false)
        rows.add(row)
      }
    },
  }
  const resampler = await Resampler.open()
  await resampler.resize(source, { width: 16, height: 16, filter: 'bicubic' })
  expect(rows.size).toBe(4000)
  expect(largest).toBeLessThan(21_000_000)
})

function turned(stored: PlainImage, upright: PlainImage, orientation: Orientation): PixelSource {
  return { ...sourceOf(stored), width: upright.width, height: upright.height, orientation }
}

function regionOf(
  { width, height }: PlainImage,
  at: readonly [left: number, top: number, width: number, height: number],
) {
  const x = Math.floor(at[0] * (width - 1))
  const y = Math.floor(at[1] * (height - 1))
  return {
    x,
    y,
    width: 1 + Math.floor(at[2] * (width - x - 1)),
    height: 1 + Math.floor(at[3] * (height - y - 1)),
  }
}

async function pixelsOf(image: Sharp): Promise<PlainImage> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}
