import { ByteReader } from './header/byte-reader.js'
import { readExifOrientation } from './header/exif.js'
import { propertyBoxes } from './header/isobmff.js'
import type { Orientation } from './orientation.js'

/** Formats that some browsers turn upright and others leave as they are stored. */
export type TurnedFormat = 'webp' | 'png' | 'avif'

/** How a whole file says that its pixels become upright. Never throws. */
export function readStoredOrientation(file: Uint8Array, format: TurnedFormat): Orientation {
  const bytes = new ByteReader(file)
  if (format === 'avif') return readTransforms(bytes)
  const exif = format === 'webp' ? findWebpExif(bytes) : findPngExif(bytes)
  return ORIENTATIONS[(exif === null ? 1 : readExifOrientation(bytes, exif)) - 1] as Orientation
}

/** By EXIF's numbers, from 1. */
const ORIENTATIONS: readonly Orientation[] = [
  { rotation: 0, flip: false },
  { rotation: 0, flip: true },
  { rotation: 180, flip: false },
  { rotation: 180, flip: true },
  { rotation: 90, flip: true },
  { rotation: 90, flip: false },
  { rotation: 270, flip: true },
  { rotation: 270, flip: false },
]

/** Of RIFF chunks, padded to even lengths; some writers leave JPEG's `Exif` before the TIFF header. */
function findWebpExif(bytes: ByteReader): number | null {
  for (let offset = 12; offset < bytes.length; ) {
    const length = bytes.uint32(offset + 4, true)
    const start = offset + 8
    if (bytes.text(offset, 4) === 'EXIF') return bytes.text(start, 6) === 'Exif\0\0' ? start + 6 : start
    if (!(length >= 0)) return null
    offset = start + length + (length % 2)
  }
  return null
}

function findPngExif(bytes: ByteReader): number | null {
  for (let offset = 8; offset < bytes.length; offset += 12 + bytes.uint32(offset)) {
    if (bytes.text(offset + 4, 4) === 'eXIf') return offset + 8
  }
  return null
}

/**
 * Files of the HEIF family are turned by properties of the picture, anticlockwise and then mirrored, and not by EXIF
 * (ISO/IEC 23008-12, 6.5.10 and 6.5.12).
 */
function readTransforms(bytes: ByteReader): Orientation {
  let quarters = 0
  let flip = false
  for (const { type, body } of propertyBoxes(bytes)) {
    if (type === 'irot') quarters = 4 - (bytes.uint8(body) & 3)
    if (type === 'imir') {
      flip = true
      // Mirrored top to bottom is turned by half and mirrored left to right.
      if ((bytes.uint8(body) & 1) === 0) quarters += 2
    }
  }
  return { rotation: ((quarters % 4) * 90) as Orientation['rotation'], flip }
}
