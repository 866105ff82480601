import { SimilarItemsError } from '../../../errors.js'
import { OwnThread } from '../../threads/own-thread.js'
import { type StartThread, threadNames } from '../../threads/thread-script.js'
import type { ImageHeader } from '../image-header.js'
import { RgbaPixels } from '../rgba-pixels.js'
import type { HeicReply, HeicRequest } from './heic-thread.js'
import { MOST_HEIC_PIXELS } from './srgb-pixels.js'

/** The decoder that a shop has installed for photos that the browser cannot decode. */
export interface HeicDecoder {
  /** Absolute URL of a module as `HeicDecoderModule`. */
  readonly module: string
  /** Starts the thread that it runs in. */
  readonly startThread: StartThread
}

export interface DecodeHeicOptions {
  /** What to call the picture in errors. */
  readonly name: string | undefined
  readonly enoughPixels: number
  readonly signal: AbortSignal | undefined
  /** Seconds that the module may take to arrive, and then to decode. Default 60. */
  readonly patience?: number | undefined
}

/**
 * Decodes a HEIC file with a shop's decoder, in a thread that ends with it.
 * @throws SimilarItemsError `decoder-failed` where the module cannot be loaded, is none or hangs; `image-undecodable`
 * where it does not decode the file; `image-too-large`, before anything is loaded; the signal's reason once it is aborted.
 */
export async function decodeHeic(
  file: Uint8Array<ArrayBuffer>,
  { width, height, transparency }: ImageHeader,
  { module, startThread }: HeicDecoder,
  { name = 'The photo', enoughPixels, signal, patience = 60 }: DecodeHeicOptions,
): Promise<RgbaPixels> {
  signal?.throwIfAborted()
  if (width * height > MOST_HEIC_PIXELS) throw tooLarge(name, width, height)
  const request: HeicRequest = { decoder: module, file, enoughPixels, opaque: !transparency }
  const pixels = await ask(request, startThread, { name, signal, patience })
  const { isReduced } = pixels
  return new RgbaPixels(pixels, { transparency: transparency ? 'straight' : 'opaque', isReduced })
}

function ask(
  request: HeicRequest,
  startThread: StartThread,
  { name, signal, patience }: { name: string; signal: AbortSignal | undefined; patience: number },
): Promise<Extract<HeicReply, { type: 'decoded' }>['pixels']> {
  return new Promise((resolve, reject) => {
    let isLoaded = false
    let seconds = 0
    const thread = new OwnThread<HeicRequest, HeicReply>(threadNames.heic, startThread, {
      replied(reply) {
        if (reply.type === 'decoded') return end(() => resolve(reply.pixels))
        if (reply.type === 'failed')
          return end(() => reject(failureOf(reply, request.decoder, name, !isLoaded)))
        isLoaded = true
        seconds = 0
      },
      failed: (why) => end(() => reject(failed(request.decoder, `its thread failed: ${why}`, !isLoaded))),
    })
    // Ticks are counted, not time: while this thread computes, nothing can arrive.
    const clock = setInterval(() => {
      const what = isLoaded ? 'decode the photo' : 'load'
      if (++seconds >= patience)
        end(() => reject(failed(request.decoder, `it did not ${what} within ${patience} seconds`, true)))
    }, 1000)
    const abort = () => end(() => reject(signal?.reason))
    const end = (settle: () => void) => {
      clearInterval(clock)
      signal?.removeEventListener('abort', abort)
      thread.end()
      settle()
    }
    signal?.addEventListener('abort', abort)
    thread.send(request, [request.file.buffer])
  })
}

function failureOf(
  { isModule, reason }: Extract<HeicReply, { type: 'failed' }>,
  decoder: string,
  name: string,
  mayPass: boolean,
): SimilarItemsError {
  if (isModule) return failed(decoder, reason, mayPass)
  return new SimilarItemsError('image-undecodable', `${name} cannot be decoded by ${decoder}: ${reason}.`)
}

/** @param mayPass where it did not come, or took too long; one that came and is none stays so. */
function failed(decoder: string, why: string, mayPass: boolean): SimilarItemsError {
  return new SimilarItemsError(
    'decoder-failed',
    `The HEIC decoder ${decoder} does not work: ${why}. It has to be a module that exports decode, sent as JavaScript, ` +
      'and allowed by the Content-Security-Policy of the scripts.',
    { subject: decoder, mayPass },
  )
}

function tooLarge(name: string, width: number, height: number): SimilarItemsError {
  const megapixels = Number(((width * height) / 1e6).toPrecision(3))
  return new SimilarItemsError(
    'image-too-large',
    `${name} has ${width} x ${height} pixels (${megapixels} megapixels); the limit for HEIC photos is ` +
      `${MOST_HEIC_PIXELS / 1e6} megapixels. Use a smaller copy.`,
  )
}
