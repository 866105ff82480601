import type { PixelSize } from '../decode/pixels.js'

export interface Normalization extends PixelSize {
  /** Applied first; 1 / 255 for most models. */
  readonly rescaleFactor: number
  /** Mean and standard deviation of the red, green and blue channel after rescaling. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/**
 * The model's input tensor `[1, 3, height, width]`: `(byte * rescaleFactor - mean) / std`, channel by channel.
 *
 * @param rgb `height * width * 3` bytes, row after row.
 */
export function toPixelValues(rgb: ArrayLike<number>, normalization: Normalization): Float32Array {
  const { width, height } = normalization
  const pixels = width * height
  if (rgb.length !== pixels * 3) {
    throw new RangeError(`expected ${pixels * 3} bytes for ${width} x ${height} pixels, got ${rgb.length}`)
  }
  const pixelValues = new Float32Array(pixels * 3)
  for (let channel = 0; channel < 3; channel++) {
    const values = channelTable(normalization, channel)
    const plane = pixelValues.subarray(channel * pixels, (channel + 1) * pixels)
    for (let pixel = 0, byte = channel; pixel < pixels; pixel++, byte += 3) {
      plane[pixel] = values[rgb[byte] as number] as number
    }
  }
  return pixelValues
}

/** The value of each of the 256 bytes in one channel. */
function channelTable({ rescaleFactor, mean, std }: Normalization, channel: number): Float32Array {
  const channelMean = mean[channel]
  const channelStd = std[channel]
  if (channelMean === undefined || !channelStd) {
    throw new RangeError(`channel ${channel} has no mean, or a standard deviation of zero or none`)
  }
  return Float32Array.from({ length: 256 }, (_, byte) => (byte * rescaleFactor - channelMean) / channelStd)
}
