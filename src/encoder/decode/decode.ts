import { abortable } from '../../abortable.js'
import { SimilarItemsError } from '../../errors.js'
import { settleWithin } from '../../settle-within.js'
import { importScript } from '../runtime/import-script.js'
import { CanvasPixels } from './canvas-pixels.js'
import { decodeLimit } from './decode-limit.js'
import { recognizeFile } from './file-kind.js'
import { openFramePixels } from './frame-pixels.js'
import type { HeicDecoder } from './heic/decode-heic.js'
import { type ImageHeader, MOST_PIXELS, readImageHeader } from './image-header.js'
import { decodeJpeg } from './jpeg-frame.js'
import { missingTurn } from './missing-turn.js'
import type { Orientation } from './orientation.js'
import type { PixelSize, PixelSource } from './pixels.js'
import { decodeReduced } from './reduced-frame.js'
import { keepsStraightAlpha } from './straight-alpha.js'

export interface DecodeOptions {
  /** What to call the picture in errors, and their subject: its URL. */
  readonly name?: string | undefined
  /** Pictures with more pixels are refused, by their header, before anything is decoded. Default 120 million. */
  readonly maxPixels?: number | undefined
  /**
   * Pictures with many times more pixels may be decoded at a fraction of their size, with at least as many as this.
   * Default: no picture is.
   */
  readonly enoughPixels?: number | undefined
  /** Decodes HEIC files that the browser cannot decode. Default: nothing does. */
  readonly heic?: HeicDecoder | null | undefined
  /** Told when a script of the package did not come: it takes another thread to ask for it again. */
  readonly onLost?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** An upright picture in sRGB. */
export type DecodedImage = PixelSource & {
  /** It has fewer pixels than the file, as `enoughPixels` allows. */
  readonly isReduced: boolean
  /** Frees the pixels; a bitmap that was given to `decodeImage` stays open. */
  close(): void
}

const hungDecoder = `The browser did not decode it within ${decodeLimit} seconds.`

/** Holds the header of most files; one that has more metadata than this is read whole. */
const HEADER_BYTES = 16 * 1024

/**
 * Decodes a picture with the browser's own decoders; HEIC files that it cannot decode with a shop's, where there is one.
 *
 * @throws SimilarItemsError `image-too-large`; `image-undecodable`, which says what the file seems to be;
 * `image-unreachable` for a file that can no longer be read; `decoder-failed` for the shop's decoder;
 * `runtime-unreachable` for the package's own script for such files;
 * the signal's reason once it is aborted.
 */
export async function decodeImage(
  source: Blob | ImageBitmap,
  options: DecodeOptions = {},
): Promise<DecodedImage> {
  options.signal?.throwIfAborted()
  if (!(source instanceof Blob)) {
    if (source.width === 0) throw undecodable('an ImageBitmap that was closed or transferred', options)
    checkSize(source, options)
    return openBitmap(source)
  }
  const header = await readHeader(source, options)
  if (header) checkSize(header, options)
  const { enoughPixels = Number.POSITIVE_INFINITY, signal } = options
  const reduced = header && (await decodeReduced(source, header, enoughPixels, signal))
  if (reduced) return reduced
  const planes = header && (await decodeJpeg(source, header, signal))
  if (planes) return planes
  let bitmap: ImageBitmap
  try {
    bitmap = await decodeBlob(source, header, options)
  } catch (error) {
    if (header?.format !== 'heic' || !options.heic || signal?.aborted) throw error
    return decodeHeicBlob(source, header, options.heic, options)
  }
  try {
    checkSize(bitmap, options)
    return await openDecodedBlob(bitmap, header, await missingTurn(header, () => readBytes(source, options)))
  } catch (error) {
    bitmap.close()
    throw error
  }
}

/** `null` for a file in a format whose header this package does not read but the browser may know. */
async function readHeader(file: Blob, options: DecodeOptions): Promise<ImageHeader | null> {
  const start = await readBytes(file.slice(0, HEADER_BYTES), options)
  const { image, description, excuse } = recognizeFile(start)
  if (!image) throw undecodable(description, options, undefined, excuse)
  const header = readImageHeader(start)
  if (header || file.size <= HEADER_BYTES) return header
  return readImageHeader(await readBytes(file, options))
}

async function decodeBlob(
  file: Blob,
  header: ImageHeader | null,
  options: DecodeOptions,
): Promise<ImageBitmap> {
  const decoding = createImageBitmap(file, {
    imageOrientation: 'from-image',
    // asked for only where it matters: it costs time for opaque pictures too
    ...(mayBeTransparent(header) && { premultiplyAlpha: 'none' }),
  })
  try {
    return await settleWithin(decoding, decodeLimit, () => new Error(hungDecoder), options.signal)
  } catch (cause) {
    const isLate = cause instanceof Error && cause.message === hungDecoder
    if (isLate || options.signal?.aborted) {
      decoding.then(
        (bitmap) => bitmap.close(),
        () => {}, // nobody waits for it any more
      )
    }
    options.signal?.throwIfAborted()
    if (isLate) throw undecodable('one whose decoder hangs', options, cause, true)
    const { description } = recognizeFile(await readBytes(file.slice(0, HEADER_BYTES), options))
    throw undecodable(description, options, cause)
  }
}

async function decodeHeicBlob(
  file: Blob,
  header: ImageHeader,
  decoder: HeicDecoder,
  options: DecodeOptions,
): Promise<DecodedImage> {
  const { name, enoughPixels = Number.POSITIVE_INFINITY, signal, onLost = () => undefined } = options
  const { decodeHeic } = await importScript(import('./heic/decode-heic.js'), {
    what: 'The script for HEIC photos',
    hint: "Copy the package's dist folder as it is.",
    onLost,
    signal,
  })
  return decodeHeic(await readBytes(file, options), header, decoder, { name, enoughPixels, signal })
}

/** Takes over `bitmap`, which was decoded without premultiplying alpha. */
async function openDecodedBlob(
  bitmap: ImageBitmap,
  header: ImageHeader | null,
  orientation: Orientation | undefined,
): Promise<DecodedImage> {
  const transparent = mayBeTransparent(header)
  const frame = openFramePixels(bitmap, { transparent, orientation })
  if (frame && (frame.transparency === 'opaque' || (await keepsStraightAlpha()))) {
    bitmap.close()
    return frame
  }
  frame?.close()
  return new CanvasPixels(bitmap, { transparent, orientation, closeBitmap: true })
}

/** A bitmap does not tell whether its colours are premultiplied: where that matters a canvas has to read it. */
function openBitmap(bitmap: ImageBitmap): DecodedImage {
  const frame = openFramePixels(bitmap, { transparent: true })
  if (frame?.transparency === 'opaque') return frame
  frame?.close()
  return new CanvasPixels(bitmap, { transparent: true, closeBitmap: false })
}

function mayBeTransparent(header: ImageHeader | null): boolean {
  return header?.transparency ?? true
}

function checkSize({ width, height }: PixelSize, { maxPixels = MOST_PIXELS, name }: DecodeOptions): void {
  if (width * height <= maxPixels) return
  const megapixels = (pixels: number) => Number((pixels / 1e6).toPrecision(3))
  throw new SimilarItemsError(
    'image-too-large',
    `${name ?? 'The picture'} has ${width} x ${height} pixels (${megapixels(width * height)} megapixels); ` +
      `the limit is ${megapixels(maxPixels)} megapixels. Use a smaller copy.`,
    subjectOf(name),
  )
}

/** @param mayPass where it was fetched: servers in trouble, and shops' offline pages, answer with something else. */
function undecodable(
  kind: string,
  { name }: DecodeOptions,
  cause?: unknown,
  mayPass = false,
): SimilarItemsError {
  return new SimilarItemsError(
    'image-undecodable',
    `${name ?? 'The file'} cannot be decoded in this browser: it seems to be ${kind}. ` +
      'Use an intact JPEG, PNG, WebP, GIF or AVIF picture.',
    { cause, mayPass: mayPass && name !== undefined, ...subjectOf(name) },
  )
}

function subjectOf(name: string | undefined): { subject?: string } {
  return name === undefined ? {} : { subject: name }
}

async function readBytes(file: Blob, { signal, name }: DecodeOptions): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await abortable(file.arrayBuffer(), signal))
  } catch (cause) {
    signal?.throwIfAborted()
    throw new SimilarItemsError(
      'image-unreachable',
      `${name ?? 'The file'} cannot be read: it was moved, changed or removed after it was chosen. Choose it again.`,
      { cause, ...subjectOf(name) },
    )
  }
}
