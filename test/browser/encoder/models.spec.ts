import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { modelPath, openEngine } from '../engine/engine-page.js'
import { expect, test } from '../harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const golden = JSON.parse(readFileSync(`${root}test/fixtures/reference/golden.json`, 'utf8')) as {
  images: Record<string, { embedding: number[] }>
}

const folders = [
  { what: 'of another size', options: { imageSize: 64, hiddenSize: 32, heads: 2 }, dimensions: 32 },
  {
    what: 'with image_embeds and model.onnx',
    options: { output: 'image_embeds', fileStem: 'model' },
    dimensions: 48,
  },
  { what: 'whose self-check has one picture', options: { selfCheck: 'one picture' }, dimensions: 48 },
  { what: 'without self-check.json', options: { selfCheck: false }, dimensions: 48 },
  { what: 'with 8-bit weights only', options: { precisions: ['int8'] }, dimensions: 48 },
  {
    what: 'with full-precision weights only, of a two-tower export',
    options: { precisions: ['fp32'], config: 'two-tower', selfCheck: false },
    dimensions: 48,
  },
  {
    what: 'with other means',
    options: { mean: [0.48, 0.46, 0.41], std: [0.27, 0.26, 0.28] },
    dimensions: 48,
  },
] as const

for (const { what, options, dimensions } of folders) {
  test(`a SigLIP folder ${what} drops in`, async ({ page, shop }) => {
    shop.photoCatalog(3)
    // Without a list of its files, names that exports use are tried until one exists.
    shop.allowErrors('/generated/')
    await page.goto(shop.page(''))
    await openEngine(page, { backend: 'wasm', model: await shop.model(options) })
    const result = await page.evaluate(async () => {
      const { encoded } = await window.engine.sync()
      const { hits } = await window.engine.similarTo('sku-01', { nearDuplicate: 2 })
      const { space, backend } = window.engine.status
      return { encoded, hits: hits.length, dimensions: space?.dimensions, backend }
    })
    expect(result).toEqual({ encoded: 3, hits: 2, dimensions, backend: 'wasm' })
  })
}

test('a backend that fails the self-check is not trusted, and the reason is told', async ({ page, shop }) => {
  shop.photoCatalog(2)
  const selfCheck = JSON.parse(readFileSync(`${root}public${modelPath}self-check.json`, 'utf8')) as {
    pictures: { seed: number; embedding: number[] }[]
  }
  // One reference is that of another picture: no backend can reproduce it.
  const last = selfCheck.pictures.length - 1
  const pictures = selfCheck.pictures.with(last, {
    seed: selfCheck.pictures[last]?.seed ?? 0,
    embedding: golden.images[shop.photos[0] as string]?.embedding ?? [],
  })
  const wrong = { ...selfCheck, pictures }
  for (const file of ['config.json', 'preprocessor_config.json']) {
    shop.write(`/wrong/${file}`, readFileSync(`${root}public${modelPath}${file}`))
  }
  for (const file of ['vision_model_quantized.onnx', 'vision_model_fp16.onnx']) {
    shop.write(`/wrong/onnx/${file}`, readFileSync(`${root}public${modelPath}onnx/${file}`))
  }
  shop.write('/wrong/self-check.json', JSON.stringify(wrong))
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'wasm', model: '/wrong/' })
  const failure = await page.evaluate(() =>
    window.engine.similarTo('sku-01').then(
      () => null,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    ),
  )
  expect(failure?.code).toBe('no-backend')
  expect(failure?.message).toContain('self-check failed')
  expect(failure?.message).toContain('vision_model_quantized.onnx')
  expect(failure?.message).toContain('vision_model_fp16.onnx')
})
