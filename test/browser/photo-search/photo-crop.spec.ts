import { fileURLToPath } from 'node:url'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { decodeInNode, openNodeEncoder } from '../../fixtures/node-encoder.js'
import { modelPath, openEngine } from '../engine/engine-page.js'
import { expect, test } from '../harness.js'
import { photo } from './photo-pictures.js'

const photos = fileURLToPath(new URL('../../../node_modules/@vendure/create/assets/images/', import.meta.url))

test('the engine proposes the frames that the same code proposes in Node', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page, { backend: 'wasm' })
  const names = shop.photos.filter((_, index) => index % 6 === 0)
  const boxes = await page.evaluate(async (names) => {
    const boxes = []
    for (const name of names) boxes.push(await window.engine.proposeCrop(`/photos/${name}`))
    return boxes
  }, names)
  const encoder = await openNodeEncoder(shop.url(modelPath), 'int8')
  const resampler = await Resampler.open()
  for (const [index, name] of names.entries()) {
    const rgb = await resampler.resize(await decodeInNode(photos + name), encoder.preprocessing)
    expect(boxes[index], name).toEqual((await encoder.proposeCrop(rgb)).crop)
  }
  const proposed = boxes.filter((box) => box !== null)
  console.log(`a frame is proposed for ${proposed.length} of ${boxes.length} photos`)
  expect(proposed.length).toBeGreaterThan(0)
})

test('a product picture on a plain ground is searched as a whole', async ({ page, shop }) => {
  shop.photoCatalog(2)
  const object = await photo().resize(300, 300, { fit: 'cover' }).png().toBuffer()
  const ground = photo().resize(800, 800, { fit: 'cover' }).linear(0, 245)
  const path = shop.write(
    '/product.png',
    await ground
      .composite([{ input: object }])
      .png()
      .toBuffer(),
  )
  await page.goto(shop.page(''))
  await openEngine(page)
  const box = await page.evaluate((url) => window.engine.proposeCrop(url), path)
  expect(box).toBeNull()
})
