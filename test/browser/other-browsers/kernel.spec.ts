import { losslessPhotos } from '../encoder/lossless-photos.js'
import { openEngine } from './engine-page.js'
import { expect, openPage, test } from './harness.js'

test('the kernel gives photos the vectors that it gives them in Node, to the bit', async ({ tab, shop }) => {
  shop.photoCatalog(1)
  const photos = await losslessPhotos(shop.photos.slice(0, 4))
  for (const { path, png } of photos) shop.write(path, png)
  await openPage(tab, shop)
  await openEngine(tab, { backend: 'auto' })
  const { vectors, status } = await tab.evaluate(
    async (paths) => {
      const vectors: number[][] = []
      for (const path of paths) vectors.push([...(await window.engine.embed(path)).vector])
      return { vectors, status: window.engine.status }
    },
    photos.map(({ path }) => path),
  )
  expect(status).toMatchObject({ backend: 'kernel', threads: 1, warnings: [] })
  expect(vectors).toEqual(photos.map(({ vector }) => vector))
  expect(shop.requests(/\/ort[.-]|\.onnx$/)).toEqual([])
})
