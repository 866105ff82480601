import { readBmpHeader } from './header/bmp.js'
import { ByteReader } from './header/byte-reader.js'
import { readGifHeader } from './header/gif.js'
import { readIsobmffHeader } from './header/isobmff.js'
import { readJpegHeader } from './header/jpeg.js'
import { readPngHeader } from './header/png.js'
import { readWebpHeader } from './header/webp.js'

/** Larger pictures are refused. */
export const MOST_PIXELS = 120e6

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic'

/** What the first bytes of an image file say about it. */
export interface ImageHeader {
  readonly format: ImageFormat
  /** Size as stored, before the orientation is applied; positive whole numbers. */
  readonly width: number
  readonly height: number
  /** False when no pixel can be transparent. */
  readonly transparency: boolean
  /** A WebP file has EXIF metadata, which are at its end. */
  readonly exif?: boolean
  /** A JPEG has an ICC profile that is not called sRGB: what is decoded is most likely in other colours. */
  readonly foreignProfile?: boolean
}

const READERS = [
  readJpegHeader,
  readPngHeader,
  readWebpHeader,
  readGifHeader,
  readBmpHeader,
  readIsobmffHeader,
] as const

/**
 * Reads the header of an image file from its first bytes.
 *
 * @returns `null` for other files, and where the bytes end before the size is known. Never throws.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const reader = new ByteReader(bytes)
  for (const read of READERS) {
    const header = read(reader)
    if (header && header.width > 0 && header.height > 0) return header
  }
  return null
}
