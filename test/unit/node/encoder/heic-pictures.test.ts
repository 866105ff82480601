import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { decodePicture } from '../../../../src/node/encoder/decode-picture.js'
import { loadHeicDecoder } from '../../../../src/node/encoder/load-heic-decoder.js'
import { indexCatalog } from '../../../../src/node/indexing/index-catalog.js'
import { documentedDecoder, heicFile, turnedHeic } from '../../../fixtures/heic-files.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const decoderFile = join(folder, 'decoder.mjs')
const libheif = new URL(
  '../../../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs',
  import.meta.url,
)

beforeAll(() => {
  writeFileSync(decoderFile, documentedDecoder().replace('./libheif-bundle.mjs', libheif.href))
})

test('HEIC pictures are decoded upright with the decoder that pages have, and without it say what to do', async () => {
  const turned = turnedHeic(heicFile('upright.heic'), { quarters: 1, mirrored: 'none' })
  const pixels = await decodePicture(turned, 'a.heic', await loadHeicDecoder(decoderFile))
  expect([pixels.width, pixels.height]).toEqual([64, 96])
  await expect(decodePicture(turned, 'a.heic')).rejects.toMatchObject({
    code: 'image-undecodable',
    message: expect.stringContaining('--heic-decoder'),
  })
  const damaged = heicFile('upright.heic').subarray(0, 3000)
  await expect(decodePicture(damaged, 'a.heic', await loadHeicDecoder(decoderFile))).rejects.toMatchObject({
    code: 'image-undecodable',
    subject: 'a.heic',
  })
})

test('a module that is not there, or is no decoder, is named', async () => {
  const none = join(folder, 'none.mjs')
  await expect(loadHeicDecoder(none)).rejects.toMatchObject({ code: 'decoder-failed', subject: none })
  writeFileSync(join(folder, 'other.mjs'), 'export default 1')
  await expect(loadHeicDecoder(join(folder, 'other.mjs'))).rejects.toMatchObject({
    code: 'decoder-failed',
    message: expect.stringContaining('no function named decode'),
  })
})

test('a catalogue with a HEIC picture is indexed', async () => {
  const home = join(folder, 'shop')
  mkdirSync(home)
  copyPhoto('chair', join(home, 'chair.jpg'))
  writeFileSync(join(home, 'photo.heic'), heicFile('upright.heic'))
  const items = ['chair.jpg', 'photo.heic'].map((name) => ({ id: name, title: name, image_link: `/${name}` }))
  const feed = join(home, 'feed.json')
  writeFileSync(feed, JSON.stringify(items))
  const options = {
    feed,
    model: modelFolder,
    precision: 'int8',
    workers: 1,
    heicDecoder: decoderFile,
  } as const
  const report = await indexCatalog({ ...options, out: join(home, 'out') })
  expect(report).toMatchObject({ products: 2, skipped: [] })
})

test('the path may be relative', async () => {
  const { decode } = await loadHeicDecoder(fileURLToPath(new URL(`file://${decoderFile}`)))
  expect(typeof decode).toBe('function')
})
