import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp, { type PngOptions, type Sharp } from 'sharp'
import { RgbaPixels } from '../../../src/encoder/decode/rgba-pixels.js'
import type { ImageEncoder } from '../../../src/encoder/image-encoder.js'
import type { Resampler } from '../../../src/encoder/resample/resample.js'

const photos = fileURLToPath(new URL('../../../node_modules/@vendure/create/assets/images/', import.meta.url))

/** A file as a shopper may choose it: its name and type say whatever they say. */
export interface Upload {
  readonly bytes: Uint8Array
  readonly name: string
  readonly type: string
}

/** One of the package's test photos. */
export function photo(name = 'abel-y-costa-716024-unsplash'): Sharp {
  return sharp(readFileSync(`${photos}${name}.jpg`), { limitInputPixels: false })
}

export async function jpegOf(image: Sharp): Promise<Upload> {
  return { bytes: await image.jpeg({ quality: 85 }).toBuffer(), name: 'photo.jpg', type: 'image/jpeg' }
}

/** A photo enlarged to the size of a camera with so many pixels, turned as a phone stores it. */
export async function cameraPhoto(width: number, height: number, orientation: number): Promise<Upload> {
  const large = photo().resize(width, height, { fit: 'cover' })
  return jpegOf(large.withMetadata({ orientation }))
}

/** A photo of the size that shops show. */
const small = () => photo().resize(1000, 700, { fit: 'cover' })

const transparent = () => {
  const circle = '<svg width="1000" height="700"><circle cx="500" cy="350" r="300" fill-opacity="0.6"/></svg>'
  return small()
    .ensureAlpha()
    .composite([{ input: Buffer.from(circle), blend: 'dest-in' }])
}

/** Files of the kinds that image programs write now and then. */
export const oddPictures: Readonly<Record<string, () => Promise<Upload>>> = {
  'an interlaced PNG': () => pngOf(small(), { progressive: true }),
  'a PNG of 32 colours': () => pngOf(small(), { palette: true, colours: 32 }),
  'a PNG of 16 bits': () => pngOf(small().toColourspace('rgb16')),
  'a grey PNG of 16 bits': () => pngOf(small().toColourspace('grey16')),
  'a grey, transparent, interlaced PNG': () =>
    pngOf(transparent().toColourspace('b-w'), { progressive: true }),
  'a black and white PNG': () => pngOf(small().threshold(), { palette: true, colours: 2 }),
  'a PNG in Display P3': () => pngOf(small().withIccProfile('p3')),
  'a progressive JPEG': async () => ({
    ...(await jpegOf(small())),
    bytes: await small().jpeg({ progressive: true, quality: 85 }).toBuffer(),
  }),
  'a grey JPEG': () => jpegOf(small().grayscale()),
  'a JPEG in Display P3': () => jpegOf(small().withIccProfile('p3')),
  'a JPEG whose colour profile is broken': async () => {
    const upload = await jpegOf(small().withIccProfile('p3'))
    return { ...upload, bytes: withBrokenProfile(upload.bytes) }
  },
  'a JPEG without subsampling': async () => ({
    ...(await jpegOf(small())),
    bytes: await small().jpeg({ chromaSubsampling: '4:4:4', quality: 85 }).toBuffer(),
  }),
  'an animated GIF': async () => ({
    bytes: await (await animation()).gif().toBuffer(),
    name: 'animation.gif',
    type: 'image/gif',
  }),
  'an animated WebP': async () => ({
    bytes: await (await animation()).webp({ lossless: true }).toBuffer(),
    name: 'animation.webp',
    type: 'image/webp',
  }),
  'a transparent lossless WebP': async () => ({
    bytes: await transparent().webp({ lossless: true }).toBuffer(),
    name: 'transparent.webp',
    type: 'image/webp',
  }),
  'an AVIF without subsampling': async () => ({
    bytes: await small().avif({ chromaSubsampling: '4:4:4', effort: 0, quality: 80 }).toBuffer(),
    name: 'picture.avif',
    type: 'image/avif',
  }),
}

/** Photos for printing, whose colours each browser converts in its own way. */
export const printPictures: Readonly<Record<string, () => Promise<Upload>>> = {
  'a CMYK JPEG with a profile': () => jpegOf(small().withIccProfile('cmyk')),
  'a CMYK JPEG without a profile': () => jpegOf(small().toColourspace('cmyk')),
}

/** Three frames, of which the first is shown. */
async function animation(): Promise<Sharp> {
  const frames = await Promise.all(
    [photo(), photo().negate(), photo().flop()].map((frame) => frame.resize(300, 200).png().toBuffer()),
  )
  return sharp(frames, { join: { animated: true } })
}

/** The file with zeros in the place of its colour profile. */
function withBrokenProfile(bytes: Uint8Array): Uint8Array {
  const broken = Buffer.from(bytes)
  const name = broken.indexOf('ICC_PROFILE\0')
  const length = broken.readUInt16BE(name - 2)
  return broken.fill(0, name + 14, name - 2 + length)
}

async function pngOf(image: Sharp, options?: PngOptions): Promise<Upload> {
  return { bytes: await image.png(options).toBuffer(), name: 'picture.png', type: 'image/png' }
}

/** The embedding without a browser: libvips decodes, this package's exact resize and the same model follow. */
export async function referenceEmbedding(
  bytes: Uint8Array,
  encoder: ImageEncoder,
  resampler: Resampler,
): Promise<Float32Array> {
  const rgb = await resampler.resize(await referencePixels(bytes), encoder.preprocessing)
  return (await encoder.encode(rgb)).vector
}

/** The pixels that libvips decodes. */
export async function referencePixels(bytes: Uint8Array): Promise<RgbaPixels> {
  const { data, info } = await sharp(bytes, { limitInputPixels: false })
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return new RgbaPixels({ ...info, data }, { transparency: 'straight', isReduced: false })
}
