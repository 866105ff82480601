import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageEncoder } from '../../../src/encoder/image-encoder.js'
import { Resampler } from '../../../src/encoder/resample.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { decodeInNode, openNodeEncoder } from '../../fixtures/node-encoder.js'
import { serveFolder } from '../../fixtures/serve-folder.js'

interface Golden {
  images: Record<string, { resizedRgbSha256: string; embedding: number[] }>
}

const root = fileURLToPath(new URL('../../../', import.meta.url))
const golden = JSON.parse(readFileSync(`${root}test/fixtures/reference/golden.json`, 'utf8')) as Golden
const photos = Object.entries(golden.images)
const server = serveFolder(`${root}public/models/siglip-tiny-patch16-224`)
const resized = new Map<string, Uint8Array>()

beforeAll(async () => {
  const resampler = await Resampler.open()
  for (const [name] of photos) {
    const pixels = await decodeInNode(`${root}node_modules/@vendure/create/assets/images/${name}`)
    resized.set(name, await resampler.resize(pixels, { width: 224, height: 224, filter: 'bicubic' }))
  }
}, 60_000)

afterAll(async () => (await server).close())

test('all 54 photos are resized to the bytes that Pillow makes', () => {
  expect(photos).toHaveLength(54)
  const different = photos.filter(([name, { resizedRgbSha256 }]) => {
    const rgb = resized.get(name) as Uint8Array
    return createHash('sha256').update(rgb).digest('hex') !== resizedRgbSha256
  })
  expect(different.map(([name]) => name)).toEqual([])
})

describe.each([
  { precision: 'fp16', atLeast: 0.9999 },
  { precision: 'int8', atLeast: 0.9985 },
] as const)('$precision weights in Node', ({ precision, atLeast }) => {
  let encoder: ImageEncoder
  beforeAll(async () => {
    encoder = await openNodeEncoder((await server).url, precision)
  }, 60_000)
  afterAll(() => encoder.close())

  test(`agree with transformers on 54 photos (cosine >= ${atLeast})`, { timeout: 120_000 }, async () => {
    const cosines: { name: string; cosine: number }[] = []
    for (const [name, { embedding }] of photos) {
      const { vector } = await encoder.encode(resized.get(name) as Uint8Array)
      cosines.push({ name, cosine: cosineSimilarity(vector, embedding) })
    }
    const worst = cosines.reduce((a, b) => (a.cosine < b.cosine ? a : b))
    const mean = cosines.reduce((sum, { cosine }) => sum + cosine, 0) / cosines.length
    console.log(
      `${precision}: cosine to transformers, worst ${worst.cosine.toFixed(6)} (${worst.name}), mean ${mean.toFixed(6)}`,
    )
    expect(worst.cosine).toBeGreaterThanOrEqual(atLeast)
  })
})
