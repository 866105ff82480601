import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { decodeInNode } from '../../fixtures/node-encoder.js'
import { resizeAsPillow } from './pixels-pillow.js'
import { noise, sourceOf } from './pixels-source.js'

interface Pair {
  source: string
  size: [number, number]
  sha256OfRgb: string
}

const reference = fileURLToPath(new URL('../../fixtures/reference/pixels/', import.meta.url))
const pairs = (JSON.parse(readFileSync(`${reference}index.json`, 'utf8')) as { cases: Pair[] }).cases
const side = fc.integer({ min: 1, max: 300 })
const filter = fc.constantFrom('bicubic', 'bilinear')
const source = fc.record({ width: side, height: side, seed: fc.integer() }).map(noise)
const target = fc.record({ width: side, height: side, filter })

let resampler: Resampler
beforeAll(async () => {
  resampler = await Resampler.open()
})

describe('makes the bytes that Pillow makes:', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(12)
  test.each(pairs)('$source', async ({ source, size, sha256OfRgb }) => {
    const image = await decodeInNode(reference + source)
    expect([image.width, image.height]).toEqual(size)
    const rgb = await resampler.resize(image, { width: 224, height: 224, filter: 'bicubic' })
    expect(createHash('sha256').update(rgb).digest('hex')).toBe(sha256OfRgb)
  })
})

/** Made with Pillow 12.3.0 from the bytes of `noise`. The reference pairs have neither bilinear nor very tall ones. */
const pillowHashes = [
  {
    size: [640, 480],
    seed: 1,
    target: [224, 224],
    filter: 'bilinear',
    sha256: '05bf942ecae994162f83f3729b4c346b4cc3f1eff0b274e4ca591dfffe9907d2',
  },
  {
    size: [31, 45],
    seed: 2,
    target: [256, 256],
    filter: 'bilinear',
    sha256: '923bb6c3351a791af11abcdaa8111505c46c75889523e1aa336ee1b614439822',
  },
  {
    size: [300, 150],
    seed: 3,
    target: [384, 384],
    filter: 'bilinear',
    sha256: '563b51bf8c784e3d6b5bd679817b0692c212bb21ad447160743f3f68d6dbe63a',
  },
  {
    size: [3, 302],
    seed: 4,
    target: [120, 12],
    filter: 'bilinear',
    sha256: '54b7801282b1cd6c052082a7ee6a984b3a9820dc9aab3a67d58f3ca11f57a2dc',
  },
  {
    size: [14, 1430],
    seed: 5,
    target: [224, 224],
    filter: 'bicubic',
    sha256: '788ad985d3a918e48a0292e83a5b964890db36a02f308cc09fa07ed0eb9bc137',
  },
  {
    size: [2, 220],
    seed: 6,
    target: [224, 98],
    filter: 'bicubic',
    sha256: 'd869f44cf7d38df66358c06e27abbfe5ac1a37d160557083fbff2e9cb900e4c7',
  },
] as const

test.each(pillowHashes)('makes the bytes that Pillow makes: $filter $size to $target', async (expected) => {
  const image = noise({ width: expected.size[0], height: expected.size[1], seed: expected.seed })
  const [width, height] = expected.target
  const rgb = await resampler.resize(sourceOf(image), { width, height, filter: expected.filter })
  expect(createHash('sha256').update(rgb).digest('hex')).toBe(expected.sha256)
})

test('agrees with the plain algorithm on any sizes, channel orders and strips', async () => {
  const stripBytes = fc.integer({ min: 1, max: 100_000 })
  const channels = fc.constantFrom('rgb', 'bgr')
  await fc.assert(
    fc.asyncProperty(source, target, channels, stripBytes, async (image, target, channels, stripBytes) => {
      const inStrips = await Resampler.open({ stripBytes })
      const rgb = await inStrips.resize(sourceOf(image, channels), target)
      expect(Buffer.compare(rgb, resizeAsPillow(image, target))).toBe(0)
    }),
    { numRuns: 60 },
  )
})

test('resizes a region as if it had been cut out before', async () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(
      source,
      target,
      fc.tuple(fraction, fraction, fraction, fraction),
      async (image, target, at) => {
        const x = Math.floor(at[0] * (image.width - 1))
        const y = Math.floor(at[1] * (image.height - 1))
        const width = 1 + Math.floor(at[2] * (image.width - x - 1))
        const height = 1 + Math.floor(at[3] * (image.height - y - 1))
        const region = { x, y, width, height }
        const rgb = await resampler.resize(sourceOf(image), target, { region })
        expect(Buffer.compare(rgb, resizeAsPillow(image, target, region))).toBe(0)
      },
    ),
    { numRuns: 40 },
  )
})

test('very tall pictures, which Pillow shortens first, agree as well', async () => {
  const tall = fc.record({
    width: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 90, max: 700 }),
    seed: fc.integer(),
  })
  await fc.assert(
    fc.asyncProperty(tall.map(noise), target, async (image, target) => {
      const rgb = await resampler.resize(sourceOf(image), target)
      expect(Buffer.compare(rgb, resizeAsPillow(image, target))).toBe(0)
    }),
    { numRuns: 60 },
  )
})

test('a photo resized to its own size is the photo', async () => {
  await fc.assert(
    fc.asyncProperty(source, filter, async (image, filter) => {
      const rgb = await resampler.resize(sourceOf(image), { ...image, filter })
      expect(Buffer.compare(rgb, image.data)).toBe(0)
    }),
    { numRuns: 20 },
  )
})

test('composites every colour and every alpha on white as Pillow rounds it', async () => {
  const image = { width: 256, height: 256, channels: 'rgb', transparency: 'straight' } as const
  const read = async (area: { y: number; height: number }, target: Uint8Array) => {
    for (let pixel = 0; pixel < area.height * 256; pixel++) {
      target.fill(pixel % 256, pixel * 4, pixel * 4 + 3)
      target[pixel * 4 + 3] = area.y + Math.floor(pixel / 256)
    }
  }
  const rgb = await resampler.resize({ ...image, read }, { width: 256, height: 256, filter: 'bicubic' })
  const wrong = Array.from({ length: 65536 }, (_, pixel) => pixel).filter((pixel) => {
    const [colour, alpha] = [pixel % 256, Math.floor(pixel / 256)]
    const composited = colour * alpha + 255 * (255 - alpha)
    return rgb[pixel * 3] !== Math.round(composited / 255)
  })
  expect(wrong).toEqual([])
})

test('calls that overlap do not disturb each other, and one that fails does not stop the next', async () => {
  const images = [3, 4, 5, 6].map((seed) => noise({ width: 40 * seed, height: 300 - 30 * seed, seed }))
  const size = { width: 50, height: 60, filter: 'bicubic' } as const
  const broken = {
    ...sourceOf(noise({ width: 9, height: 9, seed: 1 })),
    read: () => Promise.reject(new Error('gone')),
  }
  const failure = expect(resampler.resize(broken, size)).rejects.toThrow('gone')
  const results = await Promise.all(images.map((image) => resampler.resize(sourceOf(image), size)))
  await failure
  for (const [index, image] of images.entries()) {
    expect(Buffer.compare(results[index] as Uint8Array, resizeAsPillow(image, size))).toBe(0)
  }
})

test('reads a tall picture in strips, each row once, and stops between strips on abort', async () => {
  const rows = new Set<number>()
  const controller = new AbortController()
  const tall = { width: 4000, height: 5000, channels: 'rgb', transparency: 'opaque' } as const
  let largest = 0
  const read = async (area: { y: number; height: number }, target: Uint8Array) => {
    largest = Math.max(largest, target.length)
    for (let row = area.y; row < area.y + area.height; row++) {
      expect(rows.has(row)).toBe(false)
      rows.add(row)
    }
  }
  const size = { width: 16, height: 16, filter: 'bicubic' } as const
  await resampler.resize({ ...tall, read }, size)
  expect(rows.size).toBe(5000)
  expect(largest).toBeLessThan(1_000_000)

  rows.clear()
  const abortingRead = async (area: { y: number; height: number }, target: Uint8Array) => {
    await read(area, target)
    if (rows.size > 1000) controller.abort(new Error('superseded'))
  }
  const { signal } = controller
  await expect(resampler.resize({ ...tall, read: abortingRead }, size, { signal })).rejects.toThrow(
    'superseded',
  )
  expect(rows.size).toBeLessThan(1100)
})

test('rejects a region outside the picture, and everything after it was closed', async () => {
  const image = sourceOf(noise({ width: 10, height: 10, seed: 1 }))
  const size = { width: 4, height: 4, filter: 'bicubic' } as const
  for (const region of [
    { x: -1, y: 0, width: 5, height: 5 },
    { x: 0, y: 6, width: 5, height: 5 },
    { x: 0, y: 0, width: 0, height: 5 },
    { x: 0.5, y: 0, width: 5, height: 5 },
    { x: 0, y: 0, width: Number.NaN, height: 5 },
  ]) {
    await expect(resampler.resize(image, size, { region })).rejects.toThrow(RangeError)
  }
  const closed = await Resampler.open()
  closed.close()
  await expect(closed.resize(image, size)).rejects.toThrow('closed')
})
