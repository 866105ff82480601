import { abortable } from '../abortable.js'
import { type FramePixels, framePixels, framesAreFast, type KnownPixels } from './frame-pixels.js'

/**
 * Decodes with WebCodecs' `ImageDecoder`.
 *
 * @param prepare says what to decode, or `null` where a frame would be of no use.
 * @returns `null` where there is nothing to decode, the engine cannot do it or the frame is no plain sRGB; then nothing
 * is held.
 * @throws the signal's reason once it is aborted.
 */
export async function decodeFrame(
  prepare: () => Promise<ImageDecoderInit | null>,
  known: KnownPixels,
  signal: AbortSignal | undefined,
): Promise<FramePixels | null> {
  if (typeof ImageDecoder === 'undefined' || !framesAreFast()) return null
  let decoder: ImageDecoder | undefined
  try {
    const init = await abortable(prepare(), signal)
    if (!init) return null
    decoder = new ImageDecoder(init)
    const { image } = await abortable(decoder.decode(), signal)
    return framePixels(image, known)
  } catch {
    signal?.throwIfAborted()
    // the ordinary way finds out what is wrong with the file, if anything is
    return null
  } finally {
    decoder?.close()
  }
}
