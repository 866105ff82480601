import { abortable } from '../../abortable.js'
import { settleWithin } from '../../settle-within.js'
import { decodeLimit } from './decode-limit.js'
import { type FramePixels, framePixels, framesAreFast, type KnownPixels } from './frame-pixels.js'

/**
 * Decodes with WebCodecs' `ImageDecoder`.
 *
 * @param prepare says what to decode.
 * @returns `null` where the engine cannot do it or the frame is no plain sRGB; then nothing is held.
 * @throws the signal's reason once it is aborted.
 */
export async function decodeFrame(
  prepare: () => Promise<ImageDecoderInit>,
  known: KnownPixels,
  signal: AbortSignal | undefined,
): Promise<FramePixels | null> {
  if (typeof ImageDecoder === 'undefined' || !framesAreFast()) return null
  let decoder: ImageDecoder | undefined
  try {
    decoder = new ImageDecoder(await abortable(prepare(), signal))
    const { image } = await settleWithin(decoder.decode(), decodeLimit, () => new Error('no frame'), signal)
    return framePixels(image, known)
  } catch {
    signal?.throwIfAborted()
    // the ordinary way finds out what is wrong with the file, if anything is; a decoder that hangs may hang alone
    return null
  } finally {
    decoder?.close()
  }
}
