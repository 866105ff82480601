import { recognizeFile } from '../../encoder/decode/file-kind.js'
import type { HeicDecoderModule } from '../../encoder/decode/heic/decoder-module.js'
import { decodeToSrgb, MOST_HEIC_PIXELS } from '../../encoder/decode/heic/srgb-pixels.js'
import { type ImageHeader, readImageHeader } from '../../encoder/decode/image-header.js'
import type { PixelSize, PixelSource } from '../../encoder/decode/pixels.js'
import { RgbaPixels } from '../../encoder/decode/rgba-pixels.js'
import { SimilarItemsError } from '../../errors.js'
import { loadOptional } from '../optional-package.js'

/** What the page's decoder refuses too. */
const largestPicture = 120e6

/**
 * The upright sRGB pixels of an image file; of an animation, its first frame.
 * @param name what to call the picture in errors, their subject.
 * @param heic decodes HEIC files, for which the published builds of sharp have no decoder.
 * @throws SimilarItemsError `image-too-large`, `image-undecodable`, `package-missing`.
 */
export async function decodePicture(
  file: Uint8Array,
  name: string,
  heic: HeicDecoderModule | null = null,
): Promise<PixelSource> {
  const { default: sharp } = await loadOptional('sharp')
  try {
    const image = sharp(file, { limitInputPixels: false, failOn: 'error' })
    const { width = 0, height = 0 } = await image.metadata()
    checkSize(name, { width, height }, largestPicture)
    const upright = image.rotate().toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' })
    const { data, info } = await upright.toBuffer({ resolveWithObject: true })
    return new RgbaPixels({ ...info, data }, { transparency: 'straight', isReduced: false })
  } catch (cause) {
    if (cause instanceof SimilarItemsError) throw cause
    const header = readImageHeader(file)
    if (header?.format === 'heic' && heic) return decodeHeic(file, name, header, heic)
    const ways = header?.format === 'heic' ? ', as HEIC without --heic-decoder' : ''
    const what =
      file.length === 0 ? 'is empty' : `is ${recognizeFile(file).description}, which cannot be decoded${ways}`
    throw new SimilarItemsError('image-undecodable', `The picture ${name} ${what} (${messageOf(cause)}).`, {
      cause,
      subject: name,
    })
  }
}

async function decodeHeic(
  file: Uint8Array,
  name: string,
  header: ImageHeader,
  heic: HeicDecoderModule,
): Promise<PixelSource> {
  checkSize(name, header, MOST_HEIC_PIXELS)
  const options = {
    enoughPixels: Number.POSITIVE_INFINITY,
    opaque: !header.transparency,
    signal: new AbortController().signal,
  }
  try {
    const pixels = await decodeToSrgb(heic, file, options)
    return new RgbaPixels(pixels, {
      transparency: header.transparency ? 'straight' : 'opaque',
      isReduced: false,
    })
  } catch (cause) {
    const message = `The picture ${name} cannot be decoded by the HEIC decoder (${messageOf(cause)}).`
    throw new SimilarItemsError('image-undecodable', message, { cause, subject: name })
  }
}

function checkSize(name: string, { width, height }: PixelSize, most: number): void {
  if (width * height <= most) return
  throw new SimilarItemsError(
    'image-too-large',
    `The picture ${name} has ${width} x ${height} pixels; ${most / 1e6} million are the most.`,
    { subject: name },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim().split('\n', 1).join() : String(error)
}
