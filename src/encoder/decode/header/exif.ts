import type { ByteReader } from './byte-reader.js'

const ORIENTATION = 0x112

/** The orientation, 1 to 8, in EXIF metadata whose TIFF header is at `start`; 1 where there is none. */
export function readExifOrientation(bytes: ByteReader, start: number): number {
  const order = bytes.text(start, 2)
  if (order !== 'II' && order !== 'MM') return 1
  const littleEndian = order === 'II'
  const directory = start + bytes.uint32(start + 4, littleEndian)
  const count = bytes.uint16(directory, littleEndian)
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (bytes.uint16(entry, littleEndian) !== ORIENTATION) continue
    const orientation = bytes.uint16(entry + 8, littleEndian)
    return orientation >= 1 && orientation <= 8 ? orientation : 1
  }
  return 1
}
