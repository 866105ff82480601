import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'
import { type ExifOrientation, readExifOrientation } from './exif.js'

const START_OF_SCAN = 0xda
const APP1 = 0xe1
const APP2 = 0xe2
/** Profiles begin with a directory and short texts; their tables may be long. */
const PROFILE_START = 4096

/** Follows the marker segments to the frame header. */
export function readJpegHeader(bytes: ByteReader): ImageHeader | null {
  let orientation: ExifOrientation = 1
  for (const { marker, start } of markerSegments(bytes)) {
    if (isStartOfFrame(marker)) {
      const height = bytes.uint16(start + 1)
      return { format: 'jpeg', width: bytes.uint16(start + 3), height, orientation, transparency: false }
    }
    if (marker === APP1 && bytes.text(start, 6) === 'Exif\0\0') {
      orientation = readExifOrientation(bytes, start + 6)
    }
  }
  return null
}

/** Whether a JPEG has an ICC profile that is not called sRGB: its decoded pixels are most likely in other colours. */
export function hasForeignProfile(bytes: ByteReader): boolean {
  for (const { marker, start, length } of markerSegments(bytes)) {
    if (marker === APP2 && bytes.text(start, 12) === 'ICC_PROFILE\0') {
      // names are in ASCII or, since version 4 of ICC, in UTF-16
      return !bytes.text(start, Math.min(length, PROFILE_START)).replaceAll('\0', '').includes('sRGB')
    }
  }
  return false
}

/**
 * Segments from the start of a JPEG up to its first scan (ITU-T T.81, annex B), or up to where it breaks off.
 * `start` is where the content is, behind marker and length.
 */
function* markerSegments(bytes: ByteReader) {
  if (bytes.uint16(0) !== 0xffd8) return
  for (let offset = 2; offset < bytes.length; ) {
    if (bytes.uint8(offset) !== 0xff) return
    const marker = bytes.uint8(offset + 1)
    if (marker === 0xff) {
      // a fill byte before the marker
      offset += 1
      continue
    }
    if (marker === START_OF_SCAN) return
    const length = bytes.uint16(offset + 2)
    if (!(length >= 2)) return
    yield { marker, start: offset + 4, length: length - 2 }
    offset += 2 + length
  }
}

/** SOF0 to SOF15 without the three codes in between that mean tables. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}
