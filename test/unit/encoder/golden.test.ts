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

/** Enough for 16 bits, which ONNX Runtime computes slowly, and of which no photo loses more than another. */
const some = photos.filter((_, index) => index % 4 === 0)

describe.each([
  { runtime: 'onnxruntime-web', precision: 'fp16', atLeast: 0.9999, of: some },
  { runtime: 'onnxruntime-web', precision: 'int8', atLeast: 0.9985, of: photos },
  { runtime: 'onnxruntime-node', precision: 'fp16', atLeast: 0.9999, of: some },
  { runtime: 'onnxruntime-node', precision: 'int8', atLeast: 0.9985, of: photos },
  { runtime: 'kernel', precision: 'auto', atLeast: 0.9995, of: photos },
] as const)('$precision weights in $runtime', ({ runtime, precision, atLeast, of }) => {
  let encoder: ImageEncoder
  beforeAll(async () => {
    const { url } = await server
    encoder = await openNodeEncoder(url, precision, await runtimes[runtime]())
  }, 60_000)
  afterAll(() => encoder.close())

  test(`agree with transformers (cosine >= ${atLeast})`, { timeout: 120_000 }, async () => {
    const computed: Float32Array[] = []
    for (const [name] of of) computed.push((await encoder.encode(resized.get(name) as Uint8Array)).vector)
    vectors.set(`${runtime} ${precision}`, computed)
    const reference = of.map(([, { embedding }]) => embedding)
    const what = `${runtime} ${precision} to transformers, ${of.length} photos`
    expect(worstOf(what, computed, reference)).toBeGreaterThanOrEqual(atLeast)
  })
})

test('pages and Node make the same vectors (cosine >= 0.9985)', () => {
  const [page, node] = [vectors.get('onnxruntime-web int8'), vectors.get('onnxruntime-node int8')]
  expect(page).toHaveLength(54)
  expect(worstOf('8 bits, page to Node', page ?? [], node ?? [])).toBeGreaterThanOrEqual(0.9985)
})

/** Prints and returns the lowest cosine. */
function worstOf(
  what: string,
  computed: readonly ArrayLike<number>[],
  reference: readonly ArrayLike<number>[],
): number {
  const cosines = computed.map((vector, index) => cosineSimilarity(vector, reference[index] ?? []))
  const worst = Math.min(...cosines)
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length
  console.log(`${what}: cosine ${worst.toFixed(6)} at worst, mean ${mean.toFixed(6)}`)
  return worst
}
