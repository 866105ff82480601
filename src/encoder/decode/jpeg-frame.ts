import { decodeFrame } from './decode-frame.js'
import type { FramePixels } from './frame-pixels.js'
import type { ImageHeader } from './image-header.js'

/**
 * Decodes a JPEG to the planes that it stores, which takes a fraction of the time of decoding it to a bitmap: Chromium
 * leaves it to whoever reads the frame to make RGB of them.
 *
 * @returns `null` for other formats and other colour spaces than sRGB, and where the engine cannot do it; then nothing
 * is held.
 * @throws the signal's reason once it is aborted.
 */
export async function decodeJpeg(
  file: Blob,
  header: ImageHeader,
  signal: AbortSignal | undefined,
): Promise<FramePixels | null> {
  // a frame in other colours would be of no use here
  if (header.format !== 'jpeg' || header.foreignProfile) return null
  const prepare = async (): Promise<ImageDecoderInit> => {
    // a stream would be decoded to RGB
    const data = await file.arrayBuffer()
    return { type: 'image/jpeg', data, transfer: [data] }
  }
  return decodeFrame(prepare, { transparent: false }, signal)
}
