import type { Orientation } from '../../../src/encoder/decode/orientation.js'
import type { PackedSource, PixelSize } from '../../../src/encoder/decode/pixels.js'
import type { PlainImage } from './pixels-pillow.js'

/** RGB pixels that anything may be done to: some rows equal, some extreme, most without order. */
export function noise({ width, height, seed }: { width: number; height: number; seed: number }): PlainImage {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  }
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const kind = next() % 4
    for (let index = y * width * 3; index < (y + 1) * width * 3; index++) {
      data[index] = kind === 0 ? (next() < 128 ? 0 : 255) : kind === 1 ? 128 : next()
    }
  }
  return { width, height, data }
}

/** `image` as the source of a resampler; the fourth byte of its pixels is `fourth`. */
export function sourceOf(
  { width, height, data }: PlainImage,
  channels: PackedSource['channels'] = 'rgb',
  fourth = 77,
): PackedSource {
  const red = channels === 'rgb' ? 0 : 2
  return {
    width,
    height,
    channels,
    transparency: 'opaque',
    async read(area, target) {
      let written = 0
      for (let y = area.y; y < area.y + area.height; y++) {
        for (let x = area.x; x < area.x + area.width; x++, written += 4) {
          const pixel = (y * width + x) * 3
          target[written + red] = data[pixel] as number
          target[written + 1] = data[pixel + 1] as number
          target[written + 2 - red] = data[pixel + 2] as number
          target[written + 3] = fourth
        }
      }
    },
  }
}

/** The pixels of `upright` as a file with this orientation stores them. */
export function storedAs(orientation: Orientation, upright: PlainImage): PlainImage {
  const mirrored = orientation.flip ? mirrorColumns(upright) : upright
  let stored = mirrored
  for (let turned = orientation.rotation; turned % 360 !== 0; turned += 90) stored = quarterTurn(stored)
  return stored
}

/** Turns clockwise by 90 degrees. */
function quarterTurn(image: PlainImage): PlainImage {
  const size = { width: image.height, height: image.width }
  return mapPixels(image, size, (x, y) => ({ x: y, y: image.height - 1 - x }))
}

function mirrorColumns(image: PlainImage): PlainImage {
  return mapPixels(image, image, (x, y) => ({ x: image.width - 1 - x, y }))
}

function mapPixels(
  image: PlainImage,
  { width, height }: PixelSize,
  from: (x: number, y: number) => { x: number; y: number },
): PlainImage {
  const data = new Uint8Array(image.data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = from(x, y)
      const start = (source.y * image.width + source.x) * 3
      data.set(image.data.subarray(start, start + 3), (y * width + x) * 3)
    }
  }
  return { width, height, data }
}
