import type { PixelRectangle, PixelSize } from '../../../src/encoder/decode/pixels.js'
import type { ResampleFilter } from '../../../src/encoder/model/preprocessing.js'

/** A picture with one number a channel, `channels` channels a pixel, row after row. */
export interface PlainImage extends PixelSize {
  readonly data: Uint8Array
}

/** Pillow's `crop` and `resize` on RGB, written to be read and not to be fast. */
export function resizeAsPillow(
  image: PlainImage,
  target: PixelSize & { filter: ResampleFilter },
  region: PixelRectangle = { x: 0, y: 0, ...image },
): Uint8Array {
  const cropped = crop(image, region)
  const narrow = (image: PlainImage) => transpose(shorten(transpose(image), target.width, target.filter))
  if (cropped.height > cropped.width * 100 && target.height < cropped.height) {
    return narrow(shorten(cropped, target.height, target.filter)).data
  }
  return shorten(narrow(cropped), target.height, target.filter).data
}

/** Resamples along the vertical axis, rounding to bytes. */
function shorten(
  { width, height, data }: PlainImage,
  targetHeight: number,
  filter: ResampleFilter,
): PlainImage {
  const result = new Uint8Array(width * targetHeight * 3)
  for (let y = 0; y < targetHeight; y++) {
    const taps = tapsOf(y, height, targetHeight, filter)
    for (let x = 0; x < width * 3; x++) {
      let sum = 2 ** 21
      for (const { position, weight } of taps) sum += weight * (data[position * width * 3 + x] as number)
      result[y * width * 3 + x] = Math.min(Math.max(Math.floor(sum / 2 ** 22), 0), 255)
    }
  }
  return { width, height: targetHeight, data: result }
}

function tapsOf(target: number, sourceSize: number, targetSize: number, filter: ResampleFilter) {
  const scale = sourceSize / targetSize
  const stretch = Math.max(scale, 1)
  const support = (filter === 'bicubic' ? 2 : 1) * stretch
  const centre = (target + 0.5) * scale
  const first = Math.max(0, Math.trunc(centre - support + 0.5))
  const end = Math.min(sourceSize, Math.trunc(centre + support + 0.5))
  const positions = Array.from({ length: end - first }, (_, index) => first + index)
  const weights = positions.map((position) => {
    const x = Math.abs((position - centre + 0.5) * (1 / stretch))
    if (filter === 'bilinear') return x < 1 ? 1 - x : 0
    if (x < 1) return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return positions.map((position, index) => {
    const fixed = ((weights[index] as number) / total) * 2 ** 22
    return { position, weight: Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5) }
  })
}

function crop(image: PlainImage, { x, y, width, height }: PixelRectangle): PlainImage {
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * image.width + x) * 3
    data.set(image.data.subarray(start, start + width * 3), row * width * 3)
  }
  return { width, height, data }
}

function transpose({ width, height, data }: PlainImage): PlainImage {
  const result = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        result[(x * height + y) * 3 + channel] = data[(y * width + x) * 3 + channel] as number
      }
    }
  }
  return { width: height, height: width, data: result }
}
