import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import type { SendableOptions } from '../engine/engine-page.js'
import { openEngine } from './engine-page.js'
import { golden } from './golden.js'
import { expect, openPage, type Tab, test } from './harness.js'
import { webgpuPreferences } from './webgpu-preferences.js'

// Mesa's lavapipe, where it is installed: a GPU in software that computes in 16 bits, which Chromium's own cannot.
test.use({ preferences: webgpuPreferences })

/** Whether there is a GPU that computes in 16 bits. */
function hasShaderF16(tab: Tab): Promise<boolean> {
  return tab.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter()
    return adapter?.features.has('shader-f16') ?? false
  })
}

/** The vector of a photo with these options, and what made it. */
async function embed(tab: Tab, photo: string, options: SendableOptions) {
  await openEngine(tab, options)
  const vector = await tab.evaluate(
    async (photo) => [...(await window.engine.embed(`/photos/${photo}`)).vector],
    photo,
  )
  const { backend, modelFile, rejectedBackends } = await tab.evaluate(() => window.engine.status)
  await tab.evaluate(() => window.engine.close())
  return { vector, backend, modelFile, rejectedBackends }
}

test('WebGPU runs the package’s own model and agrees with transformers', async ({ tab, shop }) => {
  test.setTimeout(240_000)
  shop.photoCatalog(2)
  await openPage(tab, shop)
  test.skip(!(await hasShaderF16(tab)), 'this browser has no WebGPU adapter that computes in 16 bits')
  const photo = shop.photos[0] as string
  const { vector, backend, modelFile, rejectedBackends } = await embed(tab, photo, { backend: 'webgpu' })
  const cosine = cosineSimilarity(vector, golden(photo).embedding)
  console.log(`WebGPU, weights of 16 bits: cosine to transformers ${cosine.toFixed(7)}`)
  expect({ backend, rejectedBackends }).toEqual({ backend: 'webgpu', rejectedBackends: [] })
  // 8-bit weights are never given to WebGPU.
  expect(modelFile).toContain('vision_model_fp16.onnx')
  expect(cosine).toBeGreaterThanOrEqual(0.9999)
})

test('WebGPU computes in 16 bits where it can, and agrees with full precision on WASM', async ({
  tab,
  shop,
}) => {
  test.setTimeout(240_000)
  shop.photoCatalog(2)
  await openPage(tab, shop)
  test.skip(!(await hasShaderF16(tab)), 'this browser has no WebGPU adapter that computes in 16 bits')
  const photo = shop.photos[0] as string
  const model = await shop.model({ precisions: ['fp32', 'fp16'] })
  const half = await embed(tab, photo, { model, backend: 'webgpu' })
  const full = await embed(tab, photo, { model, backend: 'wasm', precision: 'fp32' })
  const cosine = cosineSimilarity(half.vector, full.vector)
  console.log(`WebGPU in 16-bit arithmetic: cosine to 32 bits on WASM ${cosine.toFixed(7)}`)
  expect([half.backend, full.backend]).toEqual(['webgpu', 'wasm'])
  expect(half.modelFile).toContain('vision_model_fp16.onnx')
  expect(half.rejectedBackends).toEqual([])
  expect(cosine).toBeGreaterThanOrEqual(0.999)
  // Not the same bits: it did compute in another way.
  expect(cosine).toBeLessThan(1)
})
