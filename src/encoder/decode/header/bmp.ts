import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

/** The oldest header, with 16-bit sizes. */
const CORE_HEADER_SIZE = 12

/** Reads the bitmap header; the height is negative for rows stored from the top down. */
export function readBmpHeader(bytes: ByteReader): ImageHeader | null {
  if (bytes.text(0, 2) !== 'BM') return null
  const headerSize = bytes.uint32(14, true)
  if (headerSize === CORE_HEADER_SIZE) {
    const width = bytes.uint16(18, true)
    return { format: 'bmp', width, height: bytes.uint16(20, true), transparency: false }
  }
  if (!(headerSize >= 40 && headerSize <= 124)) return null
  const storedHeight = bytes.uint32(22, true)
  const height = storedHeight >= 2 ** 31 ? 2 ** 32 - storedHeight : storedHeight
  const transparency = bytes.uint16(28, true) === 32
  return { format: 'bmp', width: bytes.uint32(18, true), height, transparency }
}
