import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { modelPath, openEngine } from '../engine/engine-page.js'
import type * as Arithmetics from '../entries/kernel-arithmetics.js'
import { expect, type Shop, test } from '../harness.js'
import { golden } from '../other-browsers/golden.js'
import { losslessPhotos } from './lossless-photos.js'

const folder = fileURLToPath(new URL(`../../../public${modelPath}`, import.meta.url))
const weights = 'onnx/vision_model_int7.safetensors'
/** What nobody who has the kernel needs. */
const onnx = /ort[.-]|\.onnx$/

test('the shipped model is computed by the kernel; nothing of ONNX Runtime is loaded', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(4)
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'auto' })
  const { hits, status, crop } = await page.evaluate(async (photo) => {
    await window.engine.sync()
    const { hits } = await window.engine.searchByImage(photo, { nearDuplicate: 2 })
    const crop = await window.engine.proposeCrop(photo)
    return { hits: hits.map(({ product }) => product.id), status: window.engine.status, crop }
  }, `/photos/${shop.photos[0]}`)
  expect(hits).toHaveLength(4)
  expect(hits[0]).toBe('sku-01')
  expect(crop === null || crop.width > 0).toBe(true)
  expect(status).toMatchObject({ backend: 'kernel', threads: 1, rejectedBackends: [] })
  expect(status.modelFile).toContain(weights)
  expect(status.bytes).toMatchObject({ runtime: 0, model: readFileSync(folder + weights).length })
  expect(shop.requests(onnx)).toEqual([])
  expect(shop.requests(/\.safetensors$/)).toHaveLength(1)
})

test('it agrees with transformers on all 54 photos', async ({ page, shop }) => {
  shop.photoCatalog(1)
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'kernel' })
  const vectors = await page.evaluate(async (photos) => {
    const vectors: number[][] = []
    for (const photo of photos) vectors.push([...(await window.engine.embed(`/photos/${photo}`)).vector])
    return vectors
  }, shop.photos)
  const cosines = shop.photos.map((photo, index) =>
    cosineSimilarity(vectors[index] as number[], golden(photo).embedding),
  )
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length
  console.log(
    `kernel: cosine to transformers, worst ${Math.min(...cosines).toFixed(5)}, mean ${mean.toFixed(5)}`,
  )
  expect(cosines).toHaveLength(54)
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9995)
})

test('photos get the vectors that they get in Node, to the bit', async ({ page, shop }) => {
  shop.photoCatalog(1)
  const photos = await losslessPhotos(shop.photos.slice(0, 6))
  for (const { path, png } of photos) shop.write(path, png)
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'kernel' })
  const vectors = await page.evaluate(
    async (paths) => {
      const vectors: number[][] = []
      for (const path of paths) vectors.push([...(await window.engine.embed(path)).vector])
      return vectors
    },
    photos.map(({ path }) => path),
  )
  expect(vectors).toEqual(photos.map(({ vector }) => vector))
})

test('layers of any weights are multiplied as plain SIMD multiplies them, to the bit', async ({
  page,
  shop,
}) => {
  const entry = await shop.entry('kernel-arithmetics')
  await page.goto(shop.page(''))
  // 588 inputs are patches of 14 pixels: an odd number of groups.
  const sizes = [
    { rows: 4, inputs: 4, outputs: 8 },
    { rows: 12, inputs: 12, outputs: 24 },
    { rows: 16, inputs: 192, outputs: 40 },
    { rows: 20, inputs: 588, outputs: 16 },
  ]
  const weights = ['small', 'any', 'largest', 'least', 'extreme'] as const
  const cases = sizes.flatMap((size) => weights.map((weights) => ({ ...size, weights })))
  const { arithmetics, outputs } = await page.evaluate(
    async ({ entry, cases }) => {
      const { multiplyBoth } = (await import(entry)) as typeof Arithmetics
      return multiplyBoth(cases)
    },
    { entry, cases },
  )
  expect(arithmetics).toEqual([expect.stringMatching(/^relaxed-/), 'simd'])
  for (const [index, { own, plain }] of outputs.entries())
    expect(own, JSON.stringify(cases[index])).toBe(plain)
})

const faults = [
  { what: 'is cut off', weights: (bytes: Buffer) => bytes.subarray(0, 4_000_000), says: 'SHA-256' },
  {
    what: 'is cut off, as the folder states it',
    weights: (bytes: Buffer) => bytes.subarray(0, 4_000_000),
    says: 'safetensors',
    isStated: true,
  },
  { what: 'has a weight of 8 bits', weights: withLargeWeight, says: '7 bits', isStated: true },
  {
    what: 'computes something else',
    weights: withOtherScale,
    says: 'self-check failed on kernel',
    isStated: true,
  },
] as const

for (const { what, weights: change, says, ...options } of faults) {
  test(`where the file ${what}, ONNX Runtime takes over and the reason is told`, async ({ page, shop }) => {
    shop.photoCatalog(2)
    await page.goto(shop.page(''))
    const model = serveModel(shop, change(readFileSync(folder + weights)), 'isStated' in options)
    await openEngine(page, { backend: 'auto', model })
    const { hits, status } = await page.evaluate(async () => {
      await window.engine.sync()
      const { hits } = await window.engine.similarTo('sku-01', { nearDuplicate: 2 })
      return { hits: hits.length, status: window.engine.status }
    })
    expect(hits).toBe(1)
    expect(status.backend).toBe('wasm')
    expect(status.rejectedBackends).toHaveLength(1)
    expect(status.rejectedBackends[0]).toContain(says)
    expect(status.rejectedBackends[0]).toContain('vision_model_int7.safetensors')
  })
}

/** The shipped model with other weights for the kernel. */
function serveModel(shop: Shop, bytes: Uint8Array, isStated: boolean): string {
  const selfCheck = JSON.parse(readFileSync(`${folder}self-check.json`, 'utf8')) as {
    files: Record<string, { sha256: string; bytes: number }>
  }
  if (isStated) {
    const stated = selfCheck.files['vision_model_int7.safetensors'] as { sha256: string; bytes: number }
    stated.sha256 = createHash('sha256').update(bytes).digest('hex')
    stated.bytes = bytes.length
  }
  shop.write('/changed/self-check.json', JSON.stringify(selfCheck))
  for (const file of ['config.json', 'preprocessor_config.json', 'onnx/vision_model_quantized.onnx']) {
    shop.write(`/changed/${file}`, readFileSync(folder + file))
  }
  shop.write(`/changed/${weights}`, bytes)
  return '/changed/'
}

function withLargeWeight(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[tensorAt(bytes, 'encoder.layers.3.mlp.fc1.weight') + 5] = 64
  return changed
}

/** The scale of a layer's first channel is another: a mistake that no format finds. */
function withOtherScale(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  const at = tensorAt(bytes, 'encoder.layers.3.mlp.fc2.scale')
  for (let channel = 0; channel < 40; channel++) changed.writeFloatLE(0.05, at + channel * 4)
  return changed
}

function tensorAt(bytes: Buffer, name: string): number {
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number] }
  >
  return 8 + length + (header[name]?.data_offsets[0] ?? Number.NaN)
}
