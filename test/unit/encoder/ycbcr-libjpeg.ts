import type { ChromaSubsampling } from '../../../src/encoder/decode/pixels.js'
import type { Plane } from '../../fixtures/planar-jpeg.js'
import type { PlainImage } from './pixels-pillow.js'

/**
 * What libjpeg makes of the planes of a picture more than four pixels wide, written to be read and not to be fast:
 * `h2v1_fancy_upsample` and `h2v2_fancy_upsample` of jdsample.c, `build_ycc_rgb_table` and `ycc_rgb_convert` of jdcolor.c.
 */
export function ycbcrToRgbAsLibjpeg(
  [luma, cb, cr]: readonly [Plane, Plane, Plane],
  subsampling: ChromaSubsampling,
): PlainImage {
  const { width, height } = luma
  const data = new Uint8ClampedArray(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = sampleAt(luma, x, y)
      const blue = chromaAt(cb, subsampling, x, y) - 128
      const red = chromaAt(cr, subsampling, x, y) - 128
      const pixel = (y * width + x) * 3
      data[pixel] = level + ((91881 * red + 32768) >> 16)
      data[pixel + 1] = level + ((-22554 * blue - 46802 * red + 32768) >> 16)
      data[pixel + 2] = level + ((116130 * blue + 32768) >> 16)
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

function chromaAt(plane: Plane, subsampling: ChromaSubsampling, x: number, y: number): number {
  if (subsampling === '4:4:4') return sampleAt(plane, x, y)
  const column = x >> 1
  const beside = x % 2 === 0 ? column - 1 : column + 1
  if (subsampling === '4:2:2') {
    return (3 * sampleAt(plane, column, y) + sampleAt(plane, beside, y) + (x % 2 === 0 ? 1 : 2)) >> 2
  }
  const row = y >> 1
  const far = y % 2 === 0 ? row - 1 : row + 1
  const sum = (column: number) => 3 * sampleAt(plane, column, row) + sampleAt(plane, column, far)
  return (3 * sum(column) + sum(beside) + (x % 2 === 0 ? 8 : 7)) >> 4
}

/** Beyond the edges the outermost samples go on. */
function sampleAt({ width, height, data }: Plane, x: number, y: number): number {
  const column = Math.min(Math.max(x, 0), width - 1)
  const row = Math.min(Math.max(y, 0), height - 1)
  return data[row * width + column] as number
}
