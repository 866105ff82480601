import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expectAlike, writeOddPictures } from '../encoder/odd-pictures.js'
import { expectUpright, writeTurnedPictures } from '../encoder/turned-pictures.js'
import type * as Pixels from '../entries/pixels.js'
import { golden } from './golden.js'
import { expect, openPage, type Shop, type Tab, test } from './harness.js'

declare global {
  interface Window {
    pixels: typeof Pixels
  }
}

const reference = fileURLToPath(new URL('../../fixtures/reference/', import.meta.url))
const { cases: pairs } = JSON.parse(readFileSync(`${reference}pixels/index.json`, 'utf8')) as {
  cases: { source: string; expected: string; mode: string }[]
}

/** Opens a page with the pixel modules as `window.pixels`. */
async function openPixelsPage(tab: Tab, shop: Shop): Promise<void> {
  await openPage(tab, shop)
  const path = shop.url(await shop.entry('pixels'))
  await tab.evaluate(async (path) => {
    window.pixels = (await import(path)) as typeof Pixels
  }, path)
}

test('the reference PNGs, decoded here and resized, have the bytes that Pillow makes', async ({
  tab,
  shop,
}) => {
  for (const { source, expected } of pairs) {
    const pillow = sharp(`${reference}pixels/${expected}`).removeAlpha().toColourspace('srgb').raw()
    shop.write(`/pillow/${source}`, await pillow.toBuffer())
  }
  await openPixelsPage(tab, shop)
  const differences = await tab.evaluate(
    async (sources) => {
      const { pixels } = window
      const differences: { largest: number; mean: number }[] = []
      for (const source of sources) {
        const image = await pixels.decodeImage(await pixels.fetchBlob(`/reference/pixels/${source}`))
        const pillow = await pixels.fetchBlob(`/pillow/${source}`)
        const expected = new Uint8Array(await pillow.arrayBuffer())
        differences.push(pixels.compare(await pixels.resize(image), expected))
        image.close()
      }
      return differences
    },
    pairs.map(({ source }) => source),
  )
  for (const [index, { source, mode }] of pairs.entries()) {
    const { largest = 255, mean } = differences[index] ?? {}
    // The canvases of these browsers keep colours multiplied by their alpha.
    const allowed = mode === 'RGBA' ? 2 : 0
    if (mode === 'RGBA')
      console.log(`${source}: ${largest} of 255 levels off at worst, ${mean?.toFixed(2)} on average`)
    expect(largest, source).toBeLessThanOrEqual(allowed)
  }
})

test('all 54 photos, decoded here and resized, have the bytes that Pillow makes', async ({ tab, shop }) => {
  await openPixelsPage(tab, shop)
  const hashes = await tab.evaluate((photos) => window.pixels.hashPhotos(photos), shop.photos)
  expect(shop.photos).toHaveLength(54)
  expect(hashes).toEqual(
    Object.fromEntries(shop.photos.map((photo) => [photo, golden(photo).resizedRgbSha256])),
  )
})

test('all eight EXIF orientations are upright, read from a file and from a bitmap', async ({ tab, shop }) => {
  await openPixelsPage(tab, shop)
  const seen = await tab.evaluate(async () => {
    const { pixels } = window
    const upright = await pixels.readByCanvas(await pixels.fetchBlob('/reference/orientation/upright.png'))
    const seen: { size: string; toUpright: number }[] = []
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await pixels.fetchBlob(`/reference/orientation/orientation-${orientation}.jpg`)
      for (const source of [file, await createImageBitmap(file)]) {
        const image = await pixels.decodeImage(source)
        const { mean } = pixels.compare(await pixels.readRgb(image), upright)
        seen.push({ size: `${image.width} x ${image.height}`, toUpright: mean })
        image.close()
      }
    }
    return seen
  })
  expect(seen).toHaveLength(16)
  const worst = Math.max(...seen.map(({ toUpright }) => toUpright))
  console.log(`worst mean difference to the upright picture: ${worst.toFixed(2)}`)
  for (const { size, toUpright } of seen) {
    expect(size).toBe('96 x 64')
    // What JPEG compression changed; mirrored it is 70 and more off.
    expect(toUpright).toBeLessThan(4)
  }
})

test('WebP, PNG and AVIF pictures with an EXIF orientation are upright, as the indexer has them', async ({
  tab,
  shop,
}) => {
  const paths = await writeTurnedPictures(shop)
  await openPixelsPage(tab, shop)
  const seen = await tab.evaluate((paths) => window.pixels.differencesToUpright(paths), paths)
  expectUpright(seen)
})

test('pictures of odd kinds have the colours that libvips reads', async ({ tab, shop }) => {
  const paths = await writeOddPictures(shop)
  await openPixelsPage(tab, shop)
  expectAlike(await tab.evaluate((paths) => window.pixels.differencesToReference(paths), paths))
})

test('pictures are read through a canvas, frames being slow here', async ({ tab, shop }) => {
  await openPixelsPage(tab, shop)
  const throughCanvas = await tab.evaluate(
    async (paths) => {
      const { pixels } = window
      const throughCanvas: boolean[] = []
      for (const path of paths) {
        const image = await pixels.decodeImage(await pixels.fetchBlob(path), { enoughPixels: 100_000 })
        throughCanvas.push(image instanceof pixels.CanvasPixels)
        image.close()
      }
      return throughCanvas
    },
    [`/photos/${shop.photos[0]}`, '/reference/pixels/alpha-gradient-400x300.png'],
  )
  expect(throughCanvas).toEqual([true, true])
})
