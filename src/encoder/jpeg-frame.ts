import { abortable } from '../abortable.js'
import { type FramePixels, framePixels, framesAreFast } from './frame-pixels.js'
import { ByteReader } from './header/byte-reader.js'
import { hasForeignProfile } from './header/jpeg.js'
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
  if (header.format !== 'jpeg' || typeof ImageDecoder === 'undefined' || !framesAreFast()) return null
  let decoder: ImageDecoder | undefined
  try {
    // a stream would be decoded to RGB
    const data = await abortable(file.arrayBuffer(), signal)
    // a frame in other colours would be of no use here
    if (hasForeignProfile(new ByteReader(new Uint8Array(data)))) return null
    decoder = new ImageDecoder({ type: 'image/jpeg', data, transfer: [data] })
    const { image } = await abortable(decoder.decode(), signal)
    return framePixels(image, { upright: header.orientation === 1, transparent: false })
  } catch {
    signal?.throwIfAborted()
    // the ordinary way finds out what is wrong with the file, if anything is
    return null
  } finally {
    decoder?.close()
  }
}
