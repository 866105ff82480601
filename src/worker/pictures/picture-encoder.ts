import { abortable } from '../../abortable.js'
import { assertCanEncode } from '../../encoder/assert-can-encode.js'
import type { DecodedImage } from '../../encoder/decode/decode.js'
import type { HeicDecoder } from '../../encoder/decode/heic/decode-heic.js'
import type { Resampler } from '../../encoder/resample/resample.js'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import type { CropBox, Embedding } from '../../types.js'
import type { SentPicture } from '../protocol.js'
import type { StatusBoard } from '../session/status-board.js'
import { EncodeQueue, type Priority } from './encode-queue.js'
import type { EncoderSlot } from './encoder-slot.js'
import { type OpenedPicture, openPicture } from './open-picture.js'
import { PhotoMemory } from './photo-memory.js'

/** Photos of four times as many may be decoded at reduced size, for time and memory: the embedding is practically the same. */
const ENOUGH_PIXELS = 3e6
/** The same of a part of a photo: still twenty times what encoders take. */
const ENOUGH_PIXELS_OF_PART = 1e6

export interface PictureRequest {
  readonly picture: SentPicture
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

export interface PictureEncoderParts {
  /** Takes what the encoder computes to the space of the vectors it is compared with. */
  readonly toIndexSpace: (embedding: Embedding, signal: AbortSignal) => Promise<Embedding>
  /** Decodes HEIC photos that the browser cannot decode. */
  readonly heic: HeicDecoder | null
}

/**
 * From a picture in any form to its embedding. Fetching and decoding of several pictures overlap with the
 * inference of another; the inference itself queues.
 */
export class PictureEncoder {
  readonly #slot: EncoderSlot
  readonly #status: StatusBoard
  readonly #parts: PictureEncoderParts
  readonly #queue = new EncodeQueue()
  readonly #memory = new PhotoMemory()
  #resampler: Promise<Resampler> | null = null
  /** Settles when the last photo's pixels are free. */
  #photoInUse: Promise<unknown> = Promise.resolve()

  constructor(slot: EncoderSlot, status: StatusBoard, parts: PictureEncoderParts) {
    this.#slot = slot
    this.#status = status
    this.#parts = parts
  }

  /**
   * Opens everything that `encode` needs, so that the first picture does not wait for it.
   * @throws what opening the encoder throws; the signal's reason on abort.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    await assertCanEncode()
    await Promise.all([this.#slot.encoder(signal), this.#openResampler(signal)])
  }

  /**
   * @throws SimilarItemsError `no-backend`, `image-unreachable`, `image-undecodable`, `image-too-large`, or what opening the
   * encoder throws; the signal's reason on abort.
   */
  async encode({ picture, crop, priority }: PictureRequest, signal: AbortSignal): Promise<EncodedPicture> {
    const { opened, fetch } = await this.#open(picture, priority, signal)
    const known = opened.key === null ? undefined : this.#memory.embeddingOf(opened.key, crop)
    if (known) {
      const embedding = await this.#parts.toIndexSpace(known, signal)
      return { embedding, timings: { fetch, decode: 0, resize: 0, inference: 0 } }
    }
    const { rgb, timings: before } = await this.#soundPixels(picture, opened, crop, signal)
    let inference = 0
    // Opening the encoder is waited for outside the queue: it may take long, and others may give up meanwhile.
    await this.#slot.encoder(signal)
    const embedding = await this.#queue.run(priority, signal, async () => {
      const started = performance.now()
      const result = await this.#slot.encode(rgb, signal)
      inference = performance.now() - started
      return result
    })
    if (opened.key !== null) this.#memory.keepEmbedding(opened.key, crop, embedding)
    const timings = { fetch, ...before, inference }
    for (const step of ['decode', 'resize', 'inference'] as const) this.#status.time(step, timings[step])
    return { embedding: await this.#parts.toIndexSpace(embedding, signal), timings }
  }

  /** Where the object of a picture seems to be; `null` where the whole picture is as good. Throws as `encode`. */
  async proposeCrop(picture: SentPicture, signal: AbortSignal): Promise<CropBox | null> {
    const { opened } = await this.#open(picture, 'user', signal)
    const { rgb } = await this.#soundPixels(picture, opened, undefined, signal)
    await this.#slot.encoder(signal)
    const { crop, embedding } = await this.#queue.run('user', signal, () =>
      this.#slot.proposeCrop(rgb, signal),
    )
    if (embedding && opened.key !== null) this.#memory.keepEmbedding(opened.key, undefined, embedding)
    return crop
  }

  /**
   * A photo as it is encoded, upright and in sRGB, with at most `longest` pixels to a side: for pages whose browser cannot
   * show the file, or not upright. Throws as `encode`.
   */
  async preview(picture: SentPicture, longest: number, signal: AbortSignal): Promise<ImageBitmap> {
    const { opened } = await this.#open(picture, 'user', signal)
    return this.#withImage(opened, undefined, signal, async (image) => {
      const scale = Math.min(1, longest / Math.max(image.width, image.height))
      const [width = 1, height = 1] = [image.width, image.height].map((side) =>
        Math.max(1, Math.round(side * scale)),
      )
      const resampler = await this.#openResampler(signal)
      const rgb = await resampler.resize(image, { width, height, filter: 'bilinear' })
      const shown = new ImageData(width, height)
      for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
        shown.data[to] = rgb[from] as number
        shown.data[to + 1] = rgb[from + 1] as number
        shown.data[to + 2] = rgb[from + 2] as number
        shown.data[to + 3] = 255
      }
      return createImageBitmap(shown)
    })
  }

  /** Frees what is kept for the next part of the last photo. */
  forgetPhoto(): void {
    this.#memory.forget()
  }

  async close(): Promise<void> {
    this.#memory.forget()
    const resampler = await this.#resampler?.catch(() => null)
    resampler?.close()
    await this.#slot.close()
  }

  /** Only what shoppers give is remembered: they ask again. */
  async #open(picture: SentPicture, priority: Priority, signal: AbortSignal) {
    await assertCanEncode()
    const started = performance.now()
    // What nobody waits for is tried again later.
    const attempts = priority === 'background' ? 1 : 3
    const opened = await openPicture(picture, signal, { attempts })
    this.#status.bytes.images += opened.bytes
    return {
      opened: priority === 'user' ? opened : { ...opened, key: null },
      fetch: performance.now() - started,
    }
  }

  /** The same as `#pixels`; a file that cannot be decoded may be damaged in the HTTP cache and is fetched past it once. */
  async #soundPixels(
    picture: SentPicture,
    opened: OpenedPicture,
    crop: CropBox | undefined,
    signal: AbortSignal,
  ) {
    try {
      return await this.#pixels(opened, crop, signal)
    } catch (error) {
      const isFile = typeof picture === 'string' && /^https?:/.test(picture)
      if (!isFile || !isSimilarItemsError(error, 'image-undecodable')) throw error
      const { image } = await openPicture(picture, signal, { cache: 'reload' })
      return this.#pixels({ ...opened, image }, crop, signal)
    }
  }

  /** The picture, or the part of it, at the size that the model takes. */
  async #pixels(opened: OpenedPicture, crop: CropBox | undefined, signal: AbortSignal) {
    const [{ preprocessing }, resampler] = await Promise.all([
      this.#slot.folder(signal),
      this.#openResampler(signal),
    ])
    return this.#withImage(opened, crop, signal, async (image, decode) => {
      const decoded = performance.now()
      const region = crop && toPixelRegion(crop, image)
      const rgb = await resampler.resize(image, preprocessing, { region })
      return { rgb, timings: { decode, resize: performance.now() - decoded } }
    })
  }

  /** Lends a picture's pixels. Those of photos go from hand to hand, so that each is decoded once. */
  async #withImage<T>(
    opened: OpenedPicture,
    crop: CropBox | undefined,
    signal: AbortSignal,
    use: (image: DecodedImage, milliseconds: number) => Promise<T>,
  ): Promise<T> {
    const { key } = opened
    const lend = async () => {
      signal.throwIfAborted()
      const started = performance.now()
      const image = await this.#decode(opened, crop, signal)
      return use(image, performance.now() - started).finally(() => {
        if (key === null) image.close()
        else this.#memory.keepImage(key, image)
      })
    }
    if (key === null) return lend()
    const lent = this.#photoInUse.then(lend)
    this.#photoInUse = lent.catch(() => undefined)
    return abortable(lent, signal)
  }

  async #decode(
    { image, key, name }: OpenedPicture,
    crop: CropBox | undefined,
    signal: AbortSignal,
  ): Promise<DecodedImage> {
    const share = crop ? crop.width * crop.height : 1
    const kept = key === null ? null : this.#memory.takeImage(key)
    if (kept && (!kept.isReduced || kept.width * kept.height * share >= ENOUGH_PIXELS_OF_PART)) return kept
    kept?.close()
    const { decodeImage } = await this.#slot.code(signal)
    return decodeImage(image, {
      signal,
      enoughPixels: Math.max(ENOUGH_PIXELS, ENOUGH_PIXELS_OF_PART / share),
      heic: this.#parts.heic,
      onLost: () => this.#slot.lost(),
      name,
    })
  }

  async #openResampler(signal: AbortSignal): Promise<Resampler> {
    const { Resampler } = await this.#slot.code(signal)
    this.#resampler ??= Resampler.open()
    return this.#resampler
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
