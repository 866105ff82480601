import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'
import { type ExifOrientation, readExifOrientation } from './exif.js'

const START_OF_SCAN = 0xda
const APP1 = 0xe1

/** Follows the marker segments to the frame header (ITU-T T.81, annex B). */
export function readJpegHeader(bytes: ByteReader): ImageHeader | null {
  if (bytes.uint16(0) !== 0xffd8) return null
  let orientation: ExifOrientation = 1
  for (let offset = 2; offset < bytes.length; ) {
    if (bytes.uint8(offset) !== 0xff) return null
    const marker = bytes.uint8(offset + 1)
    if (marker === 0xff) {
      // a fill byte before the marker
      offset += 1
      continue
    }
    if (isStartOfFrame(marker)) {
      const height = bytes.uint16(offset + 5)
      return { format: 'jpeg', width: bytes.uint16(offset + 7), height, orientation, transparency: false }
    }
    if (marker === START_OF_SCAN) return null
    if (marker === APP1 && bytes.text(offset + 4, 6) === 'Exif\0\0') {
      orientation = readExifOrientation(bytes, offset + 10)
    }
    const length = bytes.uint16(offset + 2)
    if (!(length >= 2)) return null
    offset += 2 + length
  }
  return null
}

/** SOF0 to SOF15 without the three codes in between that mean tables. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}
