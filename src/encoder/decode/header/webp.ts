import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

const EXTENDED_ALPHA = 0x10
const EXTENDED_EXIF = 0x08

/** Reads the first chunk of a WebP file: `VP8 ` (RFC 6386), `VP8L` or `VP8X` (RFC 9649). */
export function readWebpHeader(bytes: ByteReader): ImageHeader | null {
  if (bytes.text(0, 4) !== 'RIFF' || bytes.text(8, 4) !== 'WEBP') return null
  const format = 'webp'
  switch (bytes.text(12, 4)) {
    case 'VP8 ': {
      if (bytes.text(23, 3) !== '\x9d\x01\x2a') return null
      const width = bytes.uint16(26, true) % 0x4000
      const height = bytes.uint16(28, true) % 0x4000
      return { format, width, height, transparency: false }
    }
    case 'VP8L': {
      if (bytes.uint8(20) !== 0x2f) return null
      const packed = bytes.uint32(21, true)
      const width = (packed % 0x4000) + 1
      const height = (Math.floor(packed / 0x4000) % 0x4000) + 1
      return { format, width, height, transparency: Math.floor(packed / 2 ** 28) % 2 === 1 }
    }
    case 'VP8X': {
      const flags = bytes.uint8(20)
      const width = uint24(bytes, 24) + 1
      const height = uint24(bytes, 27) + 1
      const transparency = (flags & EXTENDED_ALPHA) !== 0
      return { format, width, height, transparency, ...((flags & EXTENDED_EXIF) !== 0 && { exif: true }) }
    }
    default:
      return null
  }
}

function uint24(bytes: ByteReader, offset: number): number {
  return bytes.uint16(offset, true) + bytes.uint8(offset + 2) * 65536
}
