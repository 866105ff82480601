import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageEncoder } from '../../../src/encoder/image-encoder.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { openKernelRuntime } from '../../../src/encoder/tower/kernel-runtime.js'
import { openRuntime } from '../../../src/node/encoder/node-runtime.js'
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

const vectors = new Map<string, Float32Array[]>()
const runtimes = {
  'onnxruntime-web': async () => undefined,
  'onnxruntime-node': () => openRuntime(1),
  kernel: openKernelRuntime,
}

describe.each([
  { runtime: 'onnxruntime-web', precision: 'fp16', atLeast: 0.9999 },
  { runtime: 'onnxruntime-web', precision: 'int8', atLeast: 0.9985 },
  { runtime: 'onnxruntime-node', precision: 'fp16', atLeast: 0.9999 },
  { runtime: 'onnxruntime-node', precision: 'int8', atLeast: 0.9985 },
  { runtime: 'kernel', precision: 'auto', atLeast: 0.9995 },
] as const)('$precision weights in $runtime', ({ runtime, precision, atLeast }) => {
  let encoder: ImageEncoder
  beforeAll(async () => {
    const { url } = await server
    encoder = await openNodeEncoder(url, precision, await runtimes[runtime]())
  }, 60_000)
  afterAll(() => encoder.close())

  test(`agree with transformers on 54 photos (cosine >= ${atLeast})`, { timeout: 120_000 }, async () => {
    const computed: Float32Array[] = []
    for (const [name] of photos) computed.push((await encoder.encode(resized.get(name) as Uint8Array)).vector)
    vectors.set(`${runtime} ${precision}`, computed)
    const reference = photos.map(([, { embedding }]) => embedding)
    expect(worstOf(`${runtime} ${precision} to transformers`, computed, reference)).toBeGreaterThanOrEqual(
      atLeast,
    )
  })
})

test('pages and Node make the same vectors (cosine >= 0.9985)', () => {
  const [page, node] = [vectors.get('onnxruntime-web int8'), vectors.get('onnxruntime-node int8')]
  expect(page).toHaveLength(54)
  expect(worstOf('8 bits, page to Node', page ?? [], node ?? [])).toBeGreaterThanOrEqual(0.9985)
})

/** Prints and returns the lowest of 54 cosines. */
function worstOf(
  what: string,
  computed: readonly ArrayLike<number>[],
  reference: readonly ArrayLike<number>[],
): number {
  const cosines = photos.map(([name], index) => {
    return { name, cosine: cosineSimilarity(computed[index] ?? [], reference[index] ?? []) }
  })
  const worst = cosines.reduce((a, b) => (a.cosine < b.cosine ? a : b))
  const mean = cosines.reduce((sum, { cosine }) => sum + cosine, 0) / cosines.length
  console.log(`${what}: cosine ${worst.cosine.toFixed(6)} at worst (${worst.name}), mean ${mean.toFixed(6)}`)
  return worst.cosine
}
