import { readFileSync } from 'node:fs'
import { expect, openPage, test } from '../browser/other-browsers/harness.js'
import { generateModel } from '../fixtures/generate-model.js'
import { ask, askUntilComplete, codeOfOpening, openShop } from './engine-page.js'

test('a damaged file in the HTTP cache is asked for past it', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  const model = await shop.model()
  const cached = { 'cache-control': 'max-age=3600' }
  await openPage(tab, shop)
  // What a proxy or a deploy has damaged, and the browser keeps for an hour.
  const files = [`${model}onnx/vision_model_quantized.onnx`, `/photos/${shop.photos[0]}`]
  for (const file of files) shop.write(file.replace('/photos/', '/pictures/'), 'damaged', cached)
  const items = shop.photos
    .slice(0, 2)
    .map((photo, index) => ({ id: `sku-0${index + 1}`, title: photo, image_link: `/pictures/${photo}` }))
  shop.write('/catalog.json', JSON.stringify(items))
  await tab.evaluate(
    async (urls) => {
      for (const url of urls) await (await fetch(url)).text()
    },
    files.map((file) => file.replace('/photos/', '/pictures/')),
  )
  for (const [path, bytes] of await generateModel()) {
    if (path.endsWith('_quantized.onnx')) shop.write(model + path, bytes, cached)
  }
  for (const photo of shop.photos.slice(0, 2)) shop.write(`/pictures/${photo}`, readPhoto(photo), cached)
  expect(await codeOfOpening(tab, { model, storage: 'memory' })).toBeNull()
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 2 })
})

test('a backend that computes something else is not trusted', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  const model = await shop.model()
  const check = JSON.parse(await (await fetch(shop.url(`${model}self-check.json`))).text())
  const [picture] = check.pictures
  picture.embedding = picture.embedding.map((_: number, index: number) => (index % 2 ? 1 : -1))
  shop.write(`${model}self-check.json`, JSON.stringify(check))
  await openShop(tab, shop, { storage: 'memory', model })
  const failed = await ask(tab)
  expect(failed.code).toBe('no-backend')
  expect(failed.message).toContain('self-check')
})

test('without a GPU, WASM answers', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  await openShop(tab, shop, { storage: 'memory', model: await shop.model(), backend: 'webgpu' })
  await askUntilComplete(tab)
  const { backend } = await tab.evaluate(() => window.engine.status)
  const hasGpu = await tab.evaluate(async () =>
    Boolean(await (navigator as { gpu?: GPU }).gpu?.requestAdapter()),
  )
  expect(hasGpu ? ['webgpu', 'wasm'] : ['wasm']).toContain(backend)
})

test('the model is replaced, and a file of it fails for a while', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  const model = await shop.model()
  await openShop(tab, shop, { model, storage: 'memory' })
  await askUntilComplete(tab)
  for (const [path, bytes] of await generateModel({ seed: 2 })) shop.write(model + path, bytes)
  await tab.evaluate(() => window.engine.clear())
  const rule = shop.fault(`${model}self-check.json`, { kind: 'status', status: 500 })
  await ask(tab)
  rule.remove()
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
})

function readPhoto(name: string): Uint8Array {
  return readFileSync(new URL(`../../node_modules/@vendure/create/assets/images/${name}`, import.meta.url))
}
