import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

/** Bit of the colour type that says that pixels carry alpha. */
const ALPHA_BIT = 4

/** Reads the IHDR chunk, and `tRNS` before the pixels (PNG specification, third edition). */
export function readPngHeader(bytes: ByteReader): ImageHeader | null {
  if (bytes.text(0, 8) !== '\x89PNG\r\n\x1a\n' || bytes.text(12, 4) !== 'IHDR') return null
  const width = bytes.uint32(16)
  const height = bytes.uint32(20)
  let transparency = (bytes.uint8(25) & ALPHA_BIT) !== 0
  for (let offset = 8; offset < bytes.length; offset += 12 + bytes.uint32(offset)) {
    const type = bytes.text(offset + 4, 4)
    if (type === 'IDAT') break
    if (type === 'tRNS') transparency = true
  }
  return { format: 'png', width, height, transparency }
}
