import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'
import { RgbaPixels } from '../../src/encoder/decode/rgba-pixels.js'
import type { ImageEncoder } from '../../src/encoder/image-encoder.js'
import type { Resampler } from '../../src/encoder/resample/resample.js'

const photos = fileURLToPath(new URL('../../node_modules/@vendure/create/assets/images/', import.meta.url))

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

/** The embedding without a browser: libvips decodes, this package's exact resize and the same model follow. */
export async function referenceEmbedding(
  bytes: Uint8Array,
  encoder: ImageEncoder,
  resampler: Resampler,
): Promise<Float32Array> {
  const { data, info } = await sharp(bytes, { limitInputPixels: false })
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const pixels = new RgbaPixels({ ...info, data }, { transparency: 'straight', isReduced: false })
  const rgb = await resampler.resize(pixels, encoder.preprocessing)
  return (await encoder.encode(rgb)).vector
}
