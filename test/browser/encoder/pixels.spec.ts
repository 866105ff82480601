import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { planarJpeg, SAMPLINGS } from '../../fixtures/planar-jpeg.js'
import { expect, test } from '../harness.js'
import { expectAlike, writeOddPictures } from './odd-pictures.js'
import { openPixelsPage } from './pixels-page.js'
import { expectUpright, writeTurnedPictures } from './turned-pictures.js'

interface Pair {
  source: string
  expected: string
  mode: string
  sha256OfRgb: string
}

const reference = fileURLToPath(new URL('../../fixtures/reference/', import.meta.url))
const pairs = (JSON.parse(readFileSync(`${reference}pixels/index.json`, 'utf8')) as { cases: Pair[] }).cases
const golden = JSON.parse(readFileSync(`${reference}golden.json`, 'utf8')) as {
  images: Record<string, { resizedRgbSha256: string }>
}

test('the reference pairs, decoded here and resized, have the bytes that Pillow makes', async ({
  page,
  shop,
}) => {
  const inPage = await openPixelsPage(page, shop)
  const hashes = await inPage(
    async (pixels, sources: string[]) => {
      const hashes: string[] = []
      for (const source of sources) {
        const image = await pixels.decodeImage(await pixels.fetchBlob(`/reference/pixels/${source}`))
        hashes.push(await pixels.sha256(await pixels.resize(image)))
        image.close()
      }
      return hashes
    },
    pairs.map(({ source }) => source),
  )
  expect(hashes).toEqual(pairs.map(({ sha256OfRgb }) => sha256OfRgb))
})

test('read through a canvas, as other engines need it, opaque pairs are the same and alpha is one level off at most', async ({
  page,
  shop,
}) => {
  const inPage = await openPixelsPage(page, shop)
  const differences = await inPage(async (pixels, pairs: Pair[]) => {
    const differences: number[] = []
    for (const { source, expected } of pairs) {
      const bitmap = await createImageBitmap(await pixels.fetchBlob(`/reference/pixels/${source}`))
      const image = new pixels.CanvasPixels(bitmap, { transparent: true, closeBitmap: true })
      const reference = await pixels.readByCanvas(await pixels.fetchBlob(`/reference/pixels/${expected}`))
      differences.push(pixels.compare(await pixels.resize(image), reference).largest)
      image.close()
    }
    return differences
  }, pairs)
  for (const [index, { source, mode }] of pairs.entries()) {
    expect(differences[index], source).toBeLessThanOrEqual(mode === 'RGBA' ? 1 : 0)
  }
})

test('all 54 photos, decoded here and resized, have the bytes that Pillow makes', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const hashes = await inPage((pixels, photos: readonly string[]) => pixels.hashPhotos(photos), shop.photos)
  const expected = Object.entries(golden.images).map(([name, { resizedRgbSha256 }]) => [
    name,
    resizedRgbSha256,
  ])
  expect(expected).toHaveLength(54)
  expect(hashes).toEqual(Object.fromEntries(expected))
})

for (const kind of ['a file', 'an ImageBitmap']) {
  test(`all eight EXIF orientations are upright, read from ${kind}`, async ({ page, shop }) => {
    const inPage = await openPixelsPage(page, shop)
    const results = await inPage(async (pixels, fromBitmap: boolean) => {
      const upright = await pixels.readByCanvas(await pixels.fetchBlob('/reference/orientation/upright.png'))
      const results: { size: string; toCanvas: number; toUpright: number }[] = []
      for (let orientation = 1; orientation <= 8; orientation++) {
        const file = await pixels.fetchBlob(`/reference/orientation/orientation-${orientation}.jpg`)
        const image = await pixels.decodeImage(fromBitmap ? await createImageBitmap(file) : file)
        const rgb = await pixels.readRgb(image)
        results.push({
          size: `${image.width} x ${image.height}`,
          toCanvas: pixels.compare(rgb, await pixels.readByCanvas(file)).largest,
          toUpright: pixels.compare(rgb, upright).mean,
        })
        image.close()
      }
      return results
    }, kind === 'an ImageBitmap')
    console.log(
      `worst mean difference to upright.png: ${Math.max(...results.map(({ toUpright }) => toUpright))}`,
    )
    for (const { size, toCanvas, toUpright } of results) {
      expect(size).toBe('96 x 64')
      expect(toCanvas).toBe(0)
      // what JPEG compression changed; mirrored it is 70 and more off
      expect(toUpright).toBeLessThan(4)
    }
  })
}

test('WebP, PNG and AVIF pictures with an EXIF orientation are upright, as the indexer has them', async ({
  page,
  shop,
}) => {
  const paths = await writeTurnedPictures(shop)
  const inPage = await openPixelsPage(page, shop)
  const seen = await inPage((pixels, paths: readonly string[]) => pixels.differencesToUpright(paths), paths)
  expectUpright(seen)
})

test('pictures of odd kinds have the colours that libvips reads', async ({ page, shop }) => {
  const paths = await writeOddPictures(shop)
  const inPage = await openPixelsPage(page, shop)
  expectAlike(await inPage((pixels, paths: readonly string[]) => pixels.differencesToReference(paths), paths))
})

test('JPEGs of any chroma subsampling, of even and odd sizes, have the pixels that libjpeg-turbo makes', async ({
  page,
  shop,
}) => {
  const inPage = await openPixelsPage(page, shop)
  const noise = ({ width, height }: { width: number; height: number }, plane: number) =>
    Uint8Array.from({ length: width * height }, (_, index) => (index ** 2 * (plane + 3)) >> 4)
  const sizes = [1, 2, 3, 4, 5, 6, 7, 16, 17, 33, 100, 301].flatMap((width) =>
    [1, 2, 3, 17, 64].map((height) => ({ width, height })),
  )
  const expected: { path: string; pixels: Buffer }[] = []
  for (const sampling of SAMPLINGS) {
    for (const { width, height } of sizes) {
      const { bytes } = await planarJpeg({ width, height }, sampling, noise)
      const path = `/planar/${sampling.replaceAll(':', '')}-${width}x${height}.jpg`
      shop.write(path, bytes)
      expected.push({ path, pixels: await sharp(bytes).raw().toBuffer() })
    }
  }
  const decoded = await inPage(
    async (pixels, paths: string[]) => {
      const decoded: { channels: string; hash: string }[] = []
      for (const path of paths) {
        const image = await pixels.decodeImage(await pixels.fetchBlob(path))
        decoded.push({ channels: image.channels, hash: await pixels.sha256(await pixels.readRgb(image)) })
        image.close()
      }
      return decoded
    },
    expected.map(({ path }) => path),
  )
  const planar = decoded.filter(({ channels }) => channels === 'ycbcr')
  expect(planar, 'three subsamplings, of 5 pixels and more').toHaveLength(3 * 8 * 5)
  for (const [index, { path, pixels }] of expected.entries()) {
    expect(decoded[index]?.hash, path).toBe(createHash('sha256').update(pixels).digest('hex'))
  }
})

test('wide-gamut and 16-bit pictures become 8-bit sRGB', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const picture = () =>
    sharp(`${reference}pixels/downscale-1000x750.png`).resize(200).modulate({ saturation: 0.7 })
  shop.write('/srgb.png', await picture().png().toBuffer())
  shop.write('/p3.png', await picture().withIccProfile('p3').png().toBuffer())
  shop.write('/deep.png', await picture().toColourspace('rgb16').png().toBuffer())
  const { p3, p3AsStored, deep } = await inPage(async (pixels) => {
    const read = async (path: string) =>
      pixels.readRgb(await pixels.decodeImage(await pixels.fetchBlob(path)))
    const srgb = await read('/srgb.png')
    const asStored = await createImageBitmap(await pixels.fetchBlob('/p3.png'), {
      colorSpaceConversion: 'none',
    })
    return {
      p3: pixels.compare(await read('/p3.png'), srgb),
      p3AsStored: pixels.compare(await pixels.readRgb(await pixels.decodeImage(asStored)), srgb),
      deep: pixels.compare(await read('/deep.png'), srgb),
    }
  })
  console.log(`Display P3: ${JSON.stringify(p3)}, unconverted ${JSON.stringify(p3AsStored)}`)
  expect(p3.mean).toBeLessThan(1)
  expect(p3AsStored.mean).toBeGreaterThan(p3.mean * 3)
  expect(deep.largest).toBeLessThanOrEqual(1)
})

test('what is not a picture is named', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const errors = await inPage(async (pixels) => {
    const photo = await pixels.fetchBlob('/reference/orientation/orientation-1.jpg')
    const bitmap = await createImageBitmap(photo)
    bitmap.close()
    return {
      empty: await pixels.decodingError(new Blob([])),
      html: await pixels.decodingError(
        new Blob(['<!doctype html><title>404</title>'], { type: 'image/jpeg' }),
      ),
      svg: await pixels.decodingError(
        new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' }),
      ),
      pdf: await pixels.decodingError(new Blob(['%PDF-1.7'])),
      heic: await pixels.decodingError(new Blob(['\0\0\0\x18ftypheic\0\0\0\0mif1heic'])),
      headless: await pixels.decodingError(photo.slice(0, 200)),
      noise: await pixels.decodingError(
        new Blob([Uint8Array.from({ length: 5000 }, (_, index) => index * index)]),
      ),
      closed: await pixels.decodingError(bitmap),
    }
  })
  for (const error of Object.values(errors)) {
    expect(error).toMatchObject({ code: 'image-undecodable', subject: 'https://shop.test/picture' })
    expect(error.message).toMatch(/^https:\/\/shop\.test\/picture cannot be decoded .* Use an intact JPEG/)
  }
  expect(errors.empty.message).toContain('an empty file')
  expect(errors.html.message).toContain('an HTML page')
  expect(errors.svg.message).toContain('an SVG drawing')
  expect(errors.pdf.message).toContain('a PDF document')
  expect(errors.heic.message).toContain('an HEIC photo')
  expect(errors.headless.message).toContain('a JPEG picture')
  expect(errors.noise.message).toContain('a file of an unknown kind')
  expect(errors.closed.message).toContain('an ImageBitmap that was closed')
})

test('a picture that is too large is refused before it is decoded', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const errors = await inPage(async (pixels) => {
    // no pixels follow this header: to decode it would fail with another error
    const header = new DataView(new ArrayBuffer(33))
    const name = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
    for (const [offset, byte] of name.entries()) header.setUint8(offset, byte)
    header.setUint32(16, 20000)
    header.setUint32(20, 20000)
    header.setUint8(24, 8)
    header.setUint8(25, 2)
    const photo = await pixels.fetchBlob('/reference/orientation/orientation-6.jpg')
    return {
      huge: await pixels.decodingError(new Blob([header])),
      photo: await pixels.decodingError(photo, 96 * 64 - 1),
      bitmap: await pixels.decodingError(await createImageBitmap(photo), 96 * 64 - 1),
    }
  })
  for (const { code } of Object.values(errors)) expect(code).toBe('image-too-large')
  expect(errors.huge.message).toContain('20000 x 20000 pixels (400 megapixels); the limit is 120 megapixels')
})

test('an abort ends the wait for a decoder', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const reasons = await inPage(async (pixels, path: string) => {
    const photo = await pixels.fetchBlob(path)
    const reasons: unknown[] = []
    for (const delay of [null, 0, 2]) {
      const controller = new AbortController()
      if (delay === null) controller.abort(`after ${delay}`)
      const decoding = pixels.decodeImage(photo, { signal: controller.signal })
      if (delay === 0) controller.abort(`after ${delay}`)
      if (delay) setTimeout(() => controller.abort(`after ${delay}`), delay)
      reasons.push(
        await decoding.then(
          () => 'decoded',
          (reason) => reason,
        ),
      )
    }
    return reasons
  }, `/photos/${shop.photos[0]}`)
  expect(reasons.slice(0, 2)).toEqual(['after null', 'after 0'])
  expect(['after 2', 'decoded']).toContain(reasons[2])
})

test('an ImageBitmap gives the pixels of its file and stays open', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const results = await inPage(async (pixels) => {
    const results: { name: string; largest: number; width: number }[] = []
    for (const name of ['barely-225x223.png', 'alpha-gradient-400x300.png']) {
      const file = await pixels.fetchBlob(`/reference/pixels/${name}`)
      for (const premultiplyAlpha of ['none', 'premultiply'] as const) {
        const bitmap = await createImageBitmap(file, { premultiplyAlpha })
        const image = await pixels.decodeImage(bitmap)
        const rgb = await pixels.readRgb(image)
        image.close()
        const exact = await pixels.readRgb(await pixels.decodeImage(file))
        results.push({ name, largest: pixels.compare(rgb, exact).largest, width: bitmap.width })
      }
    }
    return results
  })
  for (const { name, largest, width } of results) {
    expect(width, name).toBeGreaterThan(0)
    expect(largest, name).toBeLessThanOrEqual(name.startsWith('alpha') ? 1 : 0)
  }
})

test('Chromium needs no canvas for photos from a camera', async ({ page, shop }) => {
  const inPage = await openPixelsPage(page, shop)
  const throughFrames = await inPage(
    async (pixels, paths: string[]) => {
      const images = await Promise.all(
        paths.map(async (path) => pixels.decodeImage(await pixels.fetchBlob(path))),
      )
      return images.map((image) => !(image instanceof pixels.CanvasPixels))
    },
    [
      `/photos/${shop.photos[0]}`,
      '/reference/orientation/orientation-6.jpg',
      '/reference/pixels/one-pixel.png',
    ],
  )
  expect(throughFrames).toEqual([true, true, true])
})
