import type { PixelSource } from '../../../src/encoder/pixels.js'
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
  channels: PixelSource['channels'] = 'rgb',
  fourth = 77,
): PixelSource {
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
