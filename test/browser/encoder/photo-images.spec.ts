import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import sharp from 'sharp'
import type { ImageEncoder } from '../../../src/encoder/image-encoder.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { openNodeEncoder } from '../../fixtures/node-encoder.js'
import { turnedPicture } from '../../fixtures/turned-picture.js'
import { type Failure, modelPath, openEngine } from '../engine/engine-page.js'
import { expect, type Shop, test } from '../harness.js'
import {
  cameraPhoto,
  jpegOf,
  photo,
  printPictures,
  referenceEmbedding,
  type Upload,
} from '../photo-search/photo-pictures.js'

/** 8-bit weights would hide small differences of pixels behind their own rounding. */
const precision = 'fp16'

let encoder: ImageEncoder | undefined
let resampler: Resampler | undefined

async function openShop(page: Page, shop: Shop): Promise<void> {
  shop.photoCatalog(2)
  await page.goto(shop.page('<input type="file">'))
  await openEngine(page, { backend: 'wasm', precision })
}

/** What the engine makes of a file, through a file input. */
async function embed(page: Page, { bytes, name, type }: Upload): Promise<number[] | Failure> {
  await page.setInputFiles('input', { name, mimeType: type, buffer: Buffer.from(bytes) })
  return embedChosen(page)
}

function embedChosen(page: Page): Promise<number[] | Failure> {
  return page.evaluate(async () => {
    const [file] = (document.querySelector('input') as HTMLInputElement).files ?? []
    try {
      return [...(await window.engine.embed(file as File)).vector]
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string }
      return { name, message, code }
    }
  })
}

/** Cosine of what the page computes to what Node computes from the same file. */
async function cosineToReference(page: Page, shop: Shop, upload: Upload): Promise<number> {
  encoder ??= await openNodeEncoder(shop.url(modelPath), precision)
  resampler ??= await Resampler.open()
  const vector = await embed(page, upload)
  if (!Array.isArray(vector)) throw new Error(`${upload.name}: ${vector.message}`)
  return cosineSimilarity(vector, await referenceEmbedding(upload.bytes, encoder, resampler))
}

const small = () => photo().resize(1000, 700, { fit: 'cover' })
/** Files that are pictures, whatever they are called. */
const pictures: Readonly<Record<string, () => Promise<Upload>>> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [
      `EXIF orientation ${orientation}`,
      () => jpegOf(small().withMetadata({ orientation })),
    ]),
  ),
  ...Object.fromEntries(
    (['webp', 'png', 'avif'] as const).map((format) => [
      `${format} with orientation 6`,
      async () => ({
        bytes: await turnedPicture(await small().png().toBuffer(), format, 6),
        name: `turned.${format}`,
        type: `image/${format}`,
      }),
    ]),
  ),
  'one pixel': async () => ({
    bytes: await sharp({ create: { width: 1, height: 1, channels: 3, background: '#c84' } })
      .png()
      .toBuffer(),
    name: 'pixel.png',
    type: 'image/png',
  }),
  'one column of 2000 pixels': async () => ({
    bytes: await photo().resize(1, 2000, { fit: 'fill' }).png().toBuffer(),
    name: 'column.png',
    type: 'image/png',
  }),
  'a JPEG called .png': async () => ({ ...(await jpegOf(small())), name: 'photo.png', type: 'image/png' }),
  'a PNG called .txt': async () => ({
    bytes: await small().png().toBuffer(),
    name: 'photo.txt',
    type: 'text/plain',
  }),
  '12 megapixels, turned': () => cameraPhoto(4032, 3024, 6),
  '24 megapixels, turned and mirrored': () => cameraPhoto(6000, 4000, 7),
}

test('pictures of every kind get the embedding that they get outside the browser', async ({ page, shop }) => {
  test.setTimeout(300_000)
  await openShop(page, shop)
  const cosines: { picture: string; cosine: number }[] = []
  for (const [picture, make] of Object.entries(pictures)) {
    cosines.push({ picture, cosine: await cosineToReference(page, shop, await make()) })
  }
  console.table(cosines.map(({ picture, cosine }) => ({ picture, cosine: cosine.toFixed(6) })))
  for (const { picture, cosine } of cosines) expect(cosine, picture).toBeGreaterThanOrEqual(0.999)
})

test('CMYK photos, whose colours browsers convert in their own way, are encoded', async ({ page, shop }) => {
  await openShop(page, shop)
  for (const [what, make] of Object.entries(printPictures)) {
    const cosine = await cosineToReference(page, shop, await make())
    console.log(`${what}: cosine ${cosine.toFixed(4)}`)
    expect(cosine, what).toBeGreaterThanOrEqual(0.98)
  }
})

test('what is no picture, or not a whole one, is refused with a sentence', async ({ page, shop }) => {
  await openShop(page, shop)
  const { bytes } = await jpegOf(small())
  const text = (content: string) => new TextEncoder().encode(content)
  const refused: readonly (readonly [Uint8Array, string, string])[] = [
    [text(''), 'image/jpeg', 'an empty file'],
    [bytes.subarray(0, 300), 'image/jpeg', 'a JPEG picture'],
    [text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'image/png', 'an SVG drawing'],
    [
      text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/svg+xml',
      'an SVG drawing',
    ],
    [text('%PDF-1.7\n1 0 obj'), 'image/jpeg', 'a PDF document'],
    [text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'image/heic', 'an HEIC photo'],
    [text('<!doctype html><title>Not found</title>'), 'image/webp', 'an HTML page'],
    [Uint8Array.from({ length: 5000 }, (_, index) => index ** 2), 'image/jpeg', 'a file of an unknown kind'],
  ]
  for (const [bytes, type, kind] of refused) {
    const failure = await embed(page, { bytes, name: 'photo.jpg', type })
    expect(failure, kind).toMatchObject({ name: 'SimilarItemsError', code: 'image-undecodable' })
    expect((failure as Failure).message).toContain(kind)
  }
  // the engine goes on
  expect(await embed(page, { bytes, name: 'photo.jpg', type: 'image/jpeg' })).toHaveLength(192)
})

test('a JPEG that breaks off is refused, or encoded as far as the browser decodes it', async ({
  page,
  shop,
}) => {
  await openShop(page, shop)
  const whole = await jpegOf(small())
  const large = await cameraPhoto(6000, 4000, 7)
  for (const { bytes, ...file } of [whole, large]) {
    const outcome = await embed(page, { ...file, bytes: bytes.subarray(0, bytes.length / 2) })
    console.log(`${bytes.length} bytes, cut in half: ${Array.isArray(outcome) ? 'encoded' : outcome.message}`)
    if (Array.isArray(outcome)) expect(Math.hypot(...outcome)).toBeCloseTo(1, 5)
    else expect(outcome).toMatchObject({ name: 'SimilarItemsError', code: 'image-undecodable' })
  }
})

test('a photo of 108 megapixels keeps memory bounded and the page alive', async ({ page, shop, browser }) => {
  test.skip(process.platform !== 'linux', 'reads the memory of processes from /proc')
  test.setTimeout(300_000)
  await openShop(page, shop)
  const upload = await cameraPhoto(12000, 9000, 6)
  await page.evaluate(() => window.engine.prepare())
  await page.evaluate(() => {
    const beats = { beats: 0 }
    Object.assign(window, beats)
    setInterval(() => (window as unknown as typeof beats).beats++, 10)
  })
  await page.setInputFiles('input', {
    name: upload.name,
    mimeType: upload.type,
    buffer: Buffer.from(upload.bytes),
  })
  const memory = await MemoryWatch.start(browser)
  const before = await page.evaluate(() => (window as unknown as { beats: number }).beats)
  const vector = await embedChosen(page)
  const after = await page.evaluate(() => (window as unknown as { beats: number }).beats)
  const { start, peak } = memory.stop()
  console.log(
    `108 megapixels: renderer and GPU process ${start.toFixed(0)} MB before, ${peak.toFixed(0)} MB at peak`,
  )
  expect(peak).toBeLessThan(700)
  expect(after - before, 'timers of the page that fired meanwhile').toBeGreaterThan(3)

  encoder ??= await openNodeEncoder(shop.url(modelPath), precision)
  resampler ??= await Resampler.open()
  const cosine = cosineSimilarity(
    vector as number[],
    await referenceEmbedding(upload.bytes, encoder, resampler),
  )
  console.log(`108 megapixels: cosine ${cosine.toFixed(6)}`)
  expect(cosine).toBeGreaterThanOrEqual(0.999)
})

/** Resident memory of the page's renderer, the largest, and of the GPU process, looked at every few milliseconds. */
class MemoryWatch {
  readonly #renderers: readonly number[]
  readonly #gpu: readonly number[]
  readonly #start: number
  readonly #timer: ReturnType<typeof setInterval>
  #peak = 0

  private constructor(renderers: readonly number[], gpu: readonly number[]) {
    this.#renderers = renderers
    this.#gpu = gpu
    this.#start = this.#resident()
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, this.#resident())
    }, 10)
  }

  static async start(browser: Browser): Promise<MemoryWatch> {
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const ids = (type: string) => processInfo.filter((info) => info.type === type).map(({ id }) => id)
    return new MemoryWatch(ids('renderer'), ids('GPU'))
  }

  /** Megabytes. */
  stop(): { start: number; peak: number } {
    clearInterval(this.#timer)
    return { start: this.#start, peak: Math.max(this.#peak, this.#resident()) }
  }

  #resident(): number {
    return Math.max(...this.#renderers.map(megabytesOf)) + Math.max(0, ...this.#gpu.map(megabytesOf))
  }
}

function megabytesOf(process: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1000
}
