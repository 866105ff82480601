import { losslessPhotos } from '../lossless-photos.js'
import { openEngine } from './engine-page.js'
import { expect, openPage, test } from './harness.js'

test('the kernel gives photos the vectors that it gives them in Node, to the bit', async ({
  tab,
  shop,
  testedName,
}) => {
  shop.photoCatalog(1)
  const photos = await losslessPhotos(shop.photos.slice(0, 4))
  for (const { path, png } of photos) shop.write(path, png)
  await openPage(tab, shop, '', { isolate: true })
  const threads = testedName === 'webkit' ? 1 : 2
  await openEngine(tab, { backend: 'auto', threads })
  const { vectors, status } = await tab.evaluate(
    async ({ paths, threads }) => {
      const vectors: number[][] = []
      for (const path of paths) {
        vectors.push([...(await window.engine.embed(path)).vector])
        // The other photos are for all threads, as soon as they are there.
        for (let waits = 0; window.engine.status.threads !== threads && waits < 100; waits++) {
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      return { vectors, status: window.engine.status }
    },
    { paths: photos.map(({ path }) => path), threads },
  )
  expect(status).toMatchObject({ backend: 'kernel', threads, warnings: [] })
  expect(vectors).toEqual(photos.map(({ vector }) => vector))
  expect(shop.requests(/\/ort[.-]|\.onnx$/)).toEqual([])
})
