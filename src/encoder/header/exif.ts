import type { ByteReader } from './byte-reader.js'

/** Values of the EXIF orientation tag; 1 is upright. */
export type ExifOrientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const ORIENTATION_TAG = 0x0112

/** The orientation in the TIFF structure that starts at `start`; 1 where it says none. */
export function readExifOrientation(bytes: ByteReader, start: number): ExifOrientation {
  const byteOrder = bytes.text(start, 2)
  if (byteOrder !== 'II' && byteOrder !== 'MM') return 1
  const littleEndian = byteOrder === 'II'
  const directory = start + bytes.uint32(start + 4, littleEndian)
  const entries = bytes.uint16(directory, littleEndian)
  for (let entry = 0; entry < entries; entry++) {
    const offset = directory + 2 + entry * 12
    if (bytes.uint16(offset, littleEndian) !== ORIENTATION_TAG) continue
    const value = bytes.uint16(offset + 8, littleEndian)
    return value >= 1 && value <= 8 ? (value as ExifOrientation) : 1
  }
  return 1
}
