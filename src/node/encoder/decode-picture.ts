import type { PixelSource } from '../../encoder/pixels.js'
import { SimilarItemsError } from '../../errors.js'
import { loadOptional } from '../optional-package.js'

/** What the page's decoder refuses too. */
const largestPicture = 120e6

/**
 * The upright sRGB pixels of an image file; of an animation, its first frame.
 * @param name what to call the picture in errors, their subject.
 * @throws SimilarItemsError `image-too-large`, `image-undecodable`, `package-missing`.
 */
export async function decodePicture(file: Uint8Array, name: string): Promise<PixelSource> {
  const { default: sharp } = await loadOptional('sharp')
  try {
    const image = sharp(file, { limitInputPixels: false, failOn: 'error' })
    const { width = 0, height = 0 } = await image.metadata()
    if (width * height > largestPicture) {
      throw new SimilarItemsError(
        'image-too-large',
        `The picture ${name} has ${width} x ${height} pixels; ${largestPicture / 1e6} million are the most.`,
        { subject: name },
      )
    }
    const upright = image.rotate().toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' })
    const { data, info } = await upright.toBuffer({ resolveWithObject: true })
    return toPixelSource(data, info)
  } catch (cause) {
    if (cause instanceof SimilarItemsError) throw cause
    const what = file.length === 0 ? 'is empty' : 'cannot be decoded'
    throw new SimilarItemsError('image-undecodable', `The picture ${name} ${what} (${messageOf(cause)}).`, {
      cause,
      subject: name,
    })
  }
}

function toPixelSource(data: Uint8Array, { width, height }: { width: number; height: number }): PixelSource {
  return {
    width,
    height,
    channels: 'rgb',
    transparency: 'straight',
    async read(area, target) {
      for (let row = 0; row < area.height; row++) {
        const start = ((area.y + row) * width + area.x) * 4
        target.set(data.subarray(start, start + area.width * 4), row * area.width * 4)
      }
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim().split('\n', 1).join() : String(error)
}
