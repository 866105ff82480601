import { colorConversionOf } from './color-conversion.js'
import type { HeicDecoderModule, HeicPixels } from './decoder-module.js'
import { reducePixels } from './reduce-pixels.js'

/**
 * More are refused: unlike a browser's decoders, one in WebAssembly holds the whole picture in several forms, some ten
 * bytes a pixel. The largest that phones take have 50 million.
 */
export const MOST_HEIC_PIXELS = 64e6

export interface HeicOptions {
  /** A picture of many times more pixels is returned at a fraction of its size, with at least as many as this. */
  readonly enoughPixels: number
  /** No pixel is transparent, as far as the file's header says. */
  readonly opaque: boolean
  readonly signal: AbortSignal
}

/** A module that is no decoder. */
export class NoDecoderError extends Error {
  override readonly name = 'NoDecoderError'
}

export interface SrgbPixels extends HeicPixels {
  readonly data: Uint8Array<ArrayBuffer>
  readonly isReduced: boolean
}

/**
 * Decodes a HEIC file with the decoder of a shop, and makes sRGB of it.
 * @throws what the decoder throws; NoDecoderError for a module without one, or whose one returns something else than pixels.
 */
export async function decodeToSrgb(
  module: Partial<HeicDecoderModule>,
  file: Uint8Array,
  { enoughPixels, opaque, signal }: HeicOptions,
): Promise<SrgbPixels> {
  if (typeof module.decode !== 'function') throw new NoDecoderError('it exports no function named decode')
  // A decoder may take the bytes for its own.
  const convert = colorConversionOf(file)
  const pixels = checkedPixels(await module.decode(file, { maxPixels: MOST_HEIC_PIXELS, signal }))
  convert?.(pixels.data)
  // Mixing the colours of transparent pixels would take their alpha into account: they stay.
  const reduced = opaque ? reducePixels(pixels, enoughPixels) : null
  return reduced ? { ...reduced, isReduced: true } : { ...pixels, isReduced: false }
}

function checkedPixels(
  pixels: Partial<HeicPixels> | null | undefined,
): HeicPixels & { data: Uint8Array<ArrayBuffer> } {
  const { width = 0, height = 0, data } = pixels ?? {}
  const isSize = [width, height].every((side) => Number.isInteger(side) && side > 0)
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray
  if (!isSize || !isBytes || data.length !== width * height * 4) {
    throw new NoDecoderError(
      'its decode returned something else than { width, height, data } with four bytes a pixel',
    )
  }
  // What WebAssembly's memory holds cannot be sent to another thread.
  const isOwn = data.buffer instanceof ArrayBuffer && data.buffer.byteLength === data.length
  const own = isOwn ? data : data.slice()
  return { width, height, data: new Uint8Array(own.buffer as ArrayBuffer, own.byteOffset, own.length) }
}
