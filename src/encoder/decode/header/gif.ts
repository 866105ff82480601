import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

/** Reads the logical screen descriptor. Any GIF may be transparent: that is said frame by frame, further on. */
export function readGifHeader(bytes: ByteReader): ImageHeader | null {
  if (!/^GIF8[79]a$/.test(bytes.text(0, 6))) return null
  const width = bytes.uint16(6, true)
  const height = bytes.uint16(8, true)
  return { format: 'gif', width, height, transparency: true }
}
