import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Shop, test } from '../harness.js'
import { openEngine } from './engine-page.js'

/** Writes photos as files that stay in the HTTP cache for an hour, and a feed of them on the other host. */
function catalogOfCachedPhotos(shop: Shop, count: number): readonly string[] {
  const links = shop.photos.slice(0, count).map((photo) => {
    const file = fileURLToPath(
      new URL(`../../../node_modules/@vendure/create/assets/images/${photo}`, import.meta.url),
    )
    shop.write(`/cached/${photo}`, readFileSync(file), { 'cache-control': 'max-age=3600' })
    return `${shop.cdn.origin}/cached/${photo}`
  })
  const items = links.map((image_link, index) => ({ id: `sku-0${index + 1}`, title: 'Photo', image_link }))
  shop.write('/catalog.json', JSON.stringify(items))
  return links
}

test('pictures that an <img> has left in the cache without CORS headers are fetched past it', async ({
  page,
  shop,
}) => {
  shop.cdn.cors = 'asked'
  const links = catalogOfCachedPhotos(shop, 3)
  // Chromium reports the first, failed try on the console.
  shop.allowErrors(/CORS policy|ERR_FAILED/)
  await page.goto(shop.page(links.map((src) => `<img src="${src}" width="50">`).join('')))
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  expect(shop.requests('/cached/')).toHaveLength(3)
  await openEngine(page)
  const result = await page.evaluate(async () => {
    await window.engine.sync()
    const { hits } = await window.engine.similarTo('sku-01')
    return { hits: hits.length, skipped: window.engine.status.skipped }
  })
  expect(result).toEqual({ hits: 2, skipped: [] })
  expect(shop.requests('/cached/'), 'each is fetched once more').toHaveLength(6)

  // What is in the cache now can be read: another visit asks for nothing.
  await page.evaluate(() => window.engine.clear())
  await page.evaluate(() => window.engine.sync())
  expect(shop.requests('/cached/')).toHaveLength(6)
})

test('a picture host without CORS headers is given up after three tries, each of them once more past the cache, and named', async ({
  page,
  shop,
}) => {
  const [first = ''] = catalogOfCachedPhotos(shop, 2)
  shop.allowErrors(/CORS policy|ERR_FAILED/)
  await page.goto(shop.page(''))
  await openEngine(page)
  const failure = await page.evaluate(async (url) => {
    try {
      await window.engine.searchByImage(url)
    } catch (error) {
      const { code, message } = error as Error & { code: string }
      return { code, message }
    }
    return null
  }, first)
  expect(failure).toMatchObject({ code: 'image-unreachable' })
  expect(failure?.message).toContain(first)
  expect(failure?.message).toContain('CORS')
  expect(shop.requests('/cached/')).toHaveLength(6)
})
