import type { Page } from '@playwright/test'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { openEngine } from '../engine/engine-page.js'
import { expect, type Shop, test } from '../harness.js'
import { cameraPhoto, jpegOf, photo } from '../photo-search/photo-pictures.js'

const parts = [
  undefined,
  { x: 0.1, y: 0.1, width: 0.8, height: 0.8 },
  { x: 0.3, y: 0.2, width: 0.5, height: 0.6 },
  { x: 0.4, y: 0.4, width: 0.2, height: 0.2 },
]

async function openShop(page: Page, shop: Shop, bytes: Uint8Array): Promise<string> {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page, { precision: 'fp16' })
  return shop.write('/photo.jpg', bytes)
}

/** Embeddings of parts of one blob after the other, and of the same parts of blobs that nothing is known of. */
function embedParts(page: Page, url: string) {
  return page.evaluate(
    async ({ url, parts }) => {
      const file = await (await fetch(url)).blob()
      const embed = async (blob: Blob, crop: (typeof parts)[number]) => [
        ...(await window.engine.embed(blob, crop && { crop })).vector,
      ]
      const pairs = []
      await window.engine.proposeCrop(file)
      for (const part of parts) {
        const again = new Blob([file], { type: file.type })
        pairs.push([await embed(file, part), await embed(again, part), await embed(file, part)] as const)
      }
      return pairs
    },
    { url, parts },
  )
}

test('parts of a photo that is kept decoded have the embeddings of the photo decoded anew', async ({
  page,
  shop,
}) => {
  const { bytes } = await jpegOf(photo().resize(3000, 2000, { fit: 'cover' }))
  for (const [kept, anew, again] of await embedParts(page, await openShop(page, shop, bytes))) {
    expect(kept).toEqual(anew)
    expect(again).toEqual(anew)
  }
})

test('so have, nearly, parts of a large photo that is kept at reduced size', async ({ page, shop }) => {
  const { bytes } = await cameraPhoto(4032, 3024, 6)
  const url = await openShop(page, shop, bytes)
  const cosines = (await embedParts(page, url)).map(([kept, anew]) => cosineSimilarity(kept, anew))
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.999)
})

/** Whether the model ran for a search: where it did not, it took no time at all. */
function searchParts(page: Page, url: string) {
  return page.evaluate(async (url) => {
    const crop = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 }
    const file = await (await fetch(url)).blob()
    const hasRun = async (image: Blob | string) =>
      (await window.engine.searchByImage(image, { crop })).timings.inference > 0
    const hide = (hidden: boolean) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
      document.dispatchEvent(new Event('visibilitychange'))
    }
    const first = await hasRun(file)
    const again = await hasRun(file)
    hide(true)
    const whenHidden = await hasRun(file)
    hide(false)
    const other = await hasRun(new Blob([file]))
    const firstUrl = await hasRun(url)
    const urlAgain = await hasRun(url)
    return { first, again, whenHidden, other, firstUrl, urlAgain }
  }, url)
}

test('the same part of the same photo is not encoded twice, unless the page was hidden', async ({
  page,
  shop,
}) => {
  const { bytes } = await jpegOf(photo().resize(600, 400, { fit: 'cover' }))
  const ran = await searchParts(page, await openShop(page, shop, bytes))
  expect(ran).toEqual({
    first: true,
    again: false,
    whenHidden: true,
    other: true,
    firstUrl: true,
    urlAgain: false,
  })
})

test('a picture that was replaced at its address is seen', async ({ page, shop }) => {
  const small = () => photo().resize(600, 400, { fit: 'cover' })
  const url = await openShop(page, shop, (await jpegOf(small())).bytes)
  const embed = () => page.evaluate(async (url) => [...(await window.engine.embed(url)).vector], url)
  const before = await embed()
  expect(await embed()).toEqual(before)
  shop.write('/photo.jpg', (await jpegOf(small().negate())).bytes)
  expect(cosineSimilarity(before, await embed())).toBeLessThan(0.99)
})
