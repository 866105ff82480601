import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

const START_OF_SCAN = 0xda
const APP2 = 0xe2
/** Profiles begin with a directory and short texts; their tables may be long. */
const PROFILE_START = 4096

/** Follows the marker segments to the frame header. */
export function readJpegHeader(bytes: ByteReader): ImageHeader | null {
  let foreignProfile = false
  for (const { marker, start, length } of markerSegments(bytes)) {
    if (isStartOfFrame(marker)) {
      const height = bytes.uint16(start + 1)
      return { format: 'jpeg', width: bytes.uint16(start + 3), height, transparency: false, foreignProfile }
    }
    if (marker === APP2 && bytes.text(start, 12) === 'ICC_PROFILE\0') {
      // names are in ASCII or, since version 4 of ICC, in UTF-16
      const text = bytes.text(start, Math.min(length, PROFILE_START)).replaceAll('\0', '')
      // only the first part of a profile has its name
      foreignProfile ||= bytes.uint8(start + 12) === 1 && !text.includes('sRGB')
    }
  }
  return null
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
