import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import type { ChromaSubsampling, PixelSize, YcbcrSource } from '../../../src/encoder/decode/pixels.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { type Plane, planarJpeg } from '../../fixtures/planar-jpeg.js'
import { resizeAsPillow } from './pixels-pillow.js'
import { noise } from './pixels-source.js'
import { ycbcrToRgbAsLibjpeg } from './ycbcr-libjpeg.js'

const width = fc.oneof(fc.integer({ min: 5, max: 300 }), fc.integer({ min: 5, max: 20 }))
const height = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 5 }))
const subsampling = fc.constantFrom<ChromaSubsampling>('4:2:0', '4:2:2', '4:4:4')
const stripBytes = fc.integer({ min: 1, max: 100_000 })

let resampler: Resampler
beforeAll(async () => {
  resampler = await Resampler.open()
})

test('the planes of a JPEG become the RGB that libjpeg-turbo decodes it to', async () => {
  const seed = fc.integer({ min: 0, max: 1000 })
  await fc.assert(
    fc.asyncProperty(
      width,
      height,
      subsampling,
      stripBytes,
      seed,
      async (width, height, sampling, stripBytes, seed) => {
        const { bytes, planes } = await planarJpeg({ width, height }, sampling, (size, plane) =>
          samples(size, seed * 3 + plane),
        )
        const inStrips = await Resampler.open({ stripBytes })
        const rgb = await inStrips.resize(sourceOfPlanes(planes, sampling), {
          width,
          height,
          filter: 'bicubic',
        })
        const decoded = await sharp(bytes).raw().toBuffer()
        expect(Buffer.compare(rgb, decoded)).toBe(0)
        expect(Buffer.compare(ycbcrToRgbAsLibjpeg(planes, sampling).data, decoded)).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('regions of planes, however they cut chroma samples, are resized as if they were RGB', async () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true })
  const at = fc.tuple(fraction, fraction, fraction, fraction)
  const target = fc.record({
    width: fc.integer({ min: 1, max: 250 }),
    height: fc.integer({ min: 1, max: 250 }),
    filter: fc.constantFrom('bicubic', 'bilinear'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.record({ width, height, seed: fc.integer() }),
      subsampling,
      at,
      target,
      stripBytes,
      async ({ width, height, seed }, subsampling, at, target, stripBytes) => {
        const planes = noisePlanes({ width, height }, subsampling, seed)
        const x = Math.floor(at[0] * (width - 1))
        const y = Math.floor(at[1] * (height - 1))
        const region = {
          x,
          y,
          width: 1 + Math.floor(at[2] * (width - x - 1)),
          height: 1 + Math.floor(at[3] * (height - y - 1)),
        }
        const inStrips = await Resampler.open({ stripBytes })
        const rgb = await inStrips.resize(sourceOfPlanes(planes, subsampling), target, { region })
        const expected = resizeAsPillow(ycbcrToRgbAsLibjpeg(planes, subsampling), target, region)
        expect(Buffer.compare(rgb, expected)).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('turned pictures are read along their stored rows', async () => {
  const size = { width: 61, height: 37 }
  for (const subsampling of ['4:2:0', '4:2:2', '4:4:4'] as const) {
    const planes = noisePlanes(size, subsampling, 5)
    const upright = ycbcrToRgbAsLibjpeg(planes, subsampling)
    const turned = { width: size.height, height: size.width }
    const rgb = await resampler.resize(
      { ...sourceOfPlanes(planes, subsampling), ...turned, orientation: { rotation: 90, flip: false } },
      { ...turned, filter: 'bicubic' },
    )
    const expected = await sharp(upright.data, { raw: { ...size, channels: 3 } })
      .rotate(90)
      .raw()
      .toBuffer()
    expect(Buffer.compare(rgb, expected)).toBe(0)
  }
})

test('every luma and chroma has the colour that libjpeg rounds it to', async () => {
  const size = { width: 256, height: 256 }
  const chroma = (sample: (x: number, y: number) => number) =>
    Uint8Array.from({ length: 65536 }, (_, index) => sample(index % 256, index >> 8))
  for (const luma of [0, 1, 77, 128, 254, 255]) {
    const planes = [
      { ...size, data: new Uint8Array(65536).fill(luma) },
      { ...size, data: chroma((x) => x) },
      { ...size, data: chroma((_, y) => y) },
    ] as const
    const rgb = await resampler.resize(sourceOfPlanes(planes, '4:4:4'), { ...size, filter: 'bicubic' })
    expect(Buffer.compare(rgb, ycbcrToRgbAsLibjpeg(planes, '4:4:4').data)).toBe(0)
  }
})

/** Checks that what is asked of it lies on whole chroma samples and inside the picture. */
function sourceOfPlanes(planes: readonly [Plane, Plane, Plane], subsampling: ChromaSubsampling): YcbcrSource {
  const [{ width, height }] = planes
  return {
    width,
    height,
    channels: 'ycbcr',
    transparency: 'opaque',
    subsampling,
    async readPlanes(area, target, layout) {
      for (const [index, plane] of planes.entries()) {
        const across = index === 0 || subsampling === '4:4:4' ? 1 : 2
        const down = index > 0 && subsampling === '4:2:0' ? 2 : 1
        const left = area.x / across
        const top = area.y / down
        const right = Math.ceil((area.x + area.width) / across)
        const bottom = Math.ceil((area.y + area.height) / down)
        expect([left, top].every((start) => Number.isInteger(start) && start >= 0)).toBe(true)
        expect(right <= plane.width && bottom <= plane.height).toBe(true)
        const { offset, stride } = layout[index] as PlaneLayout
        for (let y = top; y < bottom; y++) {
          const row = plane.data.subarray(y * plane.width + left, y * plane.width + right)
          target.set(row, offset + (y - top) * stride)
        }
      }
    },
  }
}

function noisePlanes(size: PixelSize, subsampling: ChromaSubsampling, seed: number) {
  const { width, height } = size
  const chroma = {
    width: subsampling === '4:4:4' ? width : Math.ceil(width / 2),
    height: subsampling === '4:2:0' ? Math.ceil(height / 2) : height,
  }
  const plane = (size: PixelSize, seed: number): Plane => ({ ...size, data: samples(size, seed) })
  return [plane({ width, height }, seed), plane(chroma, seed + 1), plane(chroma, seed + 2)] as const
}

function samples({ width, height }: PixelSize, seed: number): Uint8Array {
  return noise({ width, height, seed }).data.subarray(0, width * height)
}
