import { type DecodedImage, decodeImage } from '../encoder/decode.js'
import { Resampler } from '../encoder/resample.js'
import { SimilarItemsError } from '../errors.js'
import type { CropBox, Embedding } from '../types.js'
import { EncodeQueue, type Priority } from './encode-queue.js'
import type { EncoderSlot } from './encoder-slot.js'
import type { StatusBoard } from './status-board.js'

/**
 * Of the part that is encoded. Photos of four times as many may be decoded at reduced size, for time and memory: what
 * is left is still sixty times what encoders take, and the embedding is practically the same.
 */
const ENOUGH_PIXELS = 3e6

export interface PictureRequest {
  /** A string is an absolute URL. */
  readonly picture: Blob | ImageBitmap | string
  readonly crop?: CropBox | undefined
  readonly priority: Priority
}

export interface EncodedPicture {
  readonly embedding: Embedding
  /** Milliseconds by step. */
  readonly timings: {
    readonly fetch: number
    readonly decode: number
    readonly resize: number
    readonly inference: number
  }
}

/**
 * From a picture in any form to its embedding. Fetching and decoding of several pictures overlap with the
 * inference of another; the inference itself queues.
 */
export class PictureEncoder {
  readonly #slot: EncoderSlot
  readonly #status: StatusBoard
  readonly #toIndexSpace: (embedding: Embedding, signal: AbortSignal) => Promise<Embedding>
  readonly #queue = new EncodeQueue()
  #resampler: Promise<Resampler> | null = null

  /** @param toIndexSpace takes what the encoder computes to the space of the vectors it is compared with. */
  constructor(
    slot: EncoderSlot,
    status: StatusBoard,
    toIndexSpace: (embedding: Embedding, signal: AbortSignal) => Promise<Embedding>,
  ) {
    this.#slot = slot
    this.#status = status
    this.#toIndexSpace = toIndexSpace
  }

  /**
   * Opens everything that `encode` needs, so that the first picture does not wait for it.
   * @throws what opening the encoder throws; the signal's reason on abort.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    this.#resampler ??= Resampler.open()
    await Promise.all([this.#slot.encoder(signal), this.#resampler])
  }

  /**
   * @throws SimilarItemsError `image-unreachable`, `image-undecodable`, `image-too-large`, or what opening the
   * encoder throws; the signal's reason on abort.
   */
  async encode({ picture, crop, priority }: PictureRequest, signal: AbortSignal): Promise<EncodedPicture> {
    const { rgb, timings: before } = await this.#pixels({ picture, crop }, signal)
    let inference = 0
    // Opening the encoder is waited for outside the queue: it may take long, and others may give up meanwhile.
    await this.#slot.encoder(signal)
    const embedding = await this.#queue.run(priority, signal, async () => {
      const started = performance.now()
      const result = await this.#slot.encode(rgb, signal)
      inference = performance.now() - started
      return result
    })
    const timings = { ...before, inference }
    for (const step of ['decode', 'resize', 'inference'] as const) this.#status.time(step, timings[step])
    return { embedding: await this.#toIndexSpace(embedding, signal), timings }
  }

  /** Where the object of a picture seems to be; `null` where the whole picture is as good. Throws as `encode`. */
  async proposeCrop(picture: PictureRequest['picture'], signal: AbortSignal): Promise<CropBox | null> {
    const { rgb } = await this.#pixels({ picture }, signal)
    await this.#slot.encoder(signal)
    return this.#queue.run('user', signal, () => this.#slot.proposeCrop(rgb, signal))
  }

  async close(): Promise<void> {
    const resampler = await this.#resampler?.catch(() => null)
    resampler?.close()
    await this.#slot.close()
  }

  /** The picture, or the part of it, at the size that the model takes. */
  async #pixels({ picture, crop }: Pick<PictureRequest, 'picture' | 'crop'>, signal: AbortSignal) {
    const folder = await this.#slot.folder(signal)
    const start = performance.now()
    const source = typeof picture === 'string' ? await this.#fetch(picture, signal) : picture
    const fetched = performance.now()
    const image = await decodeImage(source, {
      signal,
      enoughPixels: ENOUGH_PIXELS / (crop ? crop.width * crop.height : 1),
      ...(typeof picture === 'string' && { name: picture }),
    })
    const decoded = performance.now()
    const rgb = await this.#resize(image, folder.preprocessing, crop).finally(() => image.close())
    const resized = performance.now()
    const timings = { fetch: fetched - start, decode: decoded - fetched, resize: resized - decoded }
    return { rgb, timings }
  }

  async #fetch(url: string, signal: AbortSignal): Promise<Blob> {
    const unreachable = (what: string, cause?: unknown) =>
      new SimilarItemsError('image-unreachable', `The picture ${url} ${what}.`, { cause, subject: url })
    try {
      const response = await fetch(url, { signal })
      if (!response.ok) throw unreachable(`answered with status ${response.status}`)
      const blob = await response.blob()
      this.#status.bytes.images += blob.size
      return blob
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof SimilarItemsError) throw cause
      throw unreachable(
        'cannot be fetched: check the address and, across origins, that its server sends CORS headers',
        cause,
      )
    }
  }

  async #resize(
    image: DecodedImage,
    size: { width: number; height: number; filter: 'bicubic' | 'bilinear' },
    crop?: CropBox,
  ) {
    this.#resampler ??= Resampler.open()
    const resampler = await this.#resampler
    return resampler.resize(image, size, { region: crop && toPixelRegion(crop, image) })
  }
}

/**
 * The pixels that a crop box covers, at least one.
 * @throws SimilarItemsError `invalid-argument` for a box that is empty or lies outside the picture.
 */
function toPixelRegion(crop: CropBox, { width, height }: { width: number; height: number }) {
  const { x, y } = crop
  const right = Math.min(1, x + crop.width)
  const bottom = Math.min(1, y + crop.height)
  if (!(x >= 0 && y >= 0 && right > x && bottom > y)) {
    throw new SimilarItemsError(
      'invalid-argument',
      `The crop ${JSON.stringify(crop)} is not a region inside the picture; give fractions from 0 to 1.`,
    )
  }
  const left = Math.min(width - 1, Math.floor(x * width))
  const top = Math.min(height - 1, Math.floor(y * height))
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round(right * width) - left),
    height: Math.max(1, Math.round(bottom * height) - top),
  }
}
