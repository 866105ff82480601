import type { ImageHeader } from '../image-header.js'
import type { ByteReader } from './byte-reader.js'

const AVIF_BRANDS = ['avif', 'avis']
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1', 'miaf']
/** What auxiliary pictures are called that are alpha: by MPEG-B, and in HEVC files (ISO/IEC 23008-12, B.2.2.1). */
const ALPHA = /auxiliary:alpha|hevc:2015:auxid:1\b/
/** Boxes that the image properties are inside of, and how many bytes of their own precede their children. */
const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 }

/**
 * Reads AVIF and HEIC files (ISO/IEC 23008-12): the largest `ispe` property is the picture, smaller ones are its
 * tiles and its thumbnail.
 */
export function readIsobmffHeader(bytes: ByteReader): ImageHeader | null {
  if (bytes.text(4, 4) !== 'ftyp') return null
  const brand = bytes.text(8, 4)
  const isAvif = AVIF_BRANDS.includes(brand) || compatibleBrands(bytes).includes('avif')
  if (!isAvif && !HEIC_BRANDS.includes(brand)) return null

  let width = Number.NaN
  let height = Number.NaN
  let transparency = false
  for (const { type, body } of propertyBoxes(bytes)) {
    if (type === 'auxC' && ALPHA.test(bytes.text(body + 4, 64))) transparency = true
    if (type !== 'ispe') continue
    const size = { width: bytes.uint32(body + 4), height: bytes.uint32(body + 8) }
    if (!(size.width * size.height <= width * height)) ({ width, height } = size)
  }
  return { format: isAvif ? 'avif' : 'heic', width, height, transparency }
}

/** The other brands of the `ftyp` box, one after the other. */
function compatibleBrands(bytes: ByteReader): string {
  const size = bytes.uint32(0)
  return size > 16 ? bytes.text(16, Math.min(size, 256) - 16) : ''
}

/** Walks the boxes of the file, into the containers above and past all others. `size` is that of the body. */
export function* propertyBoxes(bytes: ByteReader): Generator<{ type: string; body: number; size: number }> {
  for (let offset = 0; offset < bytes.length; ) {
    const type = bytes.text(offset + 4, 4)
    const size = bytes.uint32(offset)
    const inner = Object.hasOwn(CONTAINERS, type) ? CONTAINERS[type] : undefined
    if (inner !== undefined) {
      // what is cut off may be the size of the picture, after those of its tiles
      if (!(offset + size <= bytes.length)) return
      offset += 8 + inner
      continue
    }
    yield { type, body: offset + 8, size: size - 8 }
    // 0 means to the end of the file and 1 a 64-bit size: only the pixels are that large
    if (!(size >= 8)) return
    offset += size
  }
}
