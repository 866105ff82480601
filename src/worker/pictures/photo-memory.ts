import type { DecodedImage } from '../../encoder/decode/decode.js'
import type { CropBox, Embedding } from '../../types.js'

/** Larger pictures are decoded anew for every part of them: 64 MB. */
const MOST_PIXELS = 16e6
const MOST_EMBEDDINGS = 100
/** Whoever moves the frame does so again soon. */
const KEPT_MILLISECONDS = 20_000

/**
 * What is known of the photo that was asked about last, for a shopper who moves the frame or changes a filter: its
 * pixels, and the embeddings of the parts that were searched. Forgotten when another photo comes, or after a while.
 * Photos are told apart by keys.
 */
export class PhotoMemory {
  #key: string | null = null
  #image: DecodedImage | null = null
  #embeddings = new Map<string, Embedding>()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param crop the whole photo where it is undefined. */
  embeddingOf(key: string, crop: CropBox | undefined): Embedding | undefined {
    this.#turnTo(key)
    return this.#embeddings.get(nameOf(crop))
  }

  keepEmbedding(key: string, crop: CropBox | undefined, embedding: Embedding): void {
    this.#turnTo(key)
    if (this.#embeddings.size >= MOST_EMBEDDINGS) this.#embeddings.clear()
    this.#embeddings.set(nameOf(crop), embedding)
  }

  /** Takes the pixels out, so that nobody else uses them meanwhile; to be given back with `keepImage`. */
  takeImage(key: string): DecodedImage | null {
    this.#turnTo(key)
    const image = this.#image
    this.#image = null
    return image
  }

  /** Takes over `image`, which is closed when its time has come. */
  keepImage(key: string, image: DecodedImage): void {
    this.#turnTo(key)
    this.#image?.close()
    this.#image = image
    if (image.width * image.height > MOST_PIXELS) this.#closeImage()
  }

  forget(): void {
    clearTimeout(this.#timer)
    this.#key = null
    this.#embeddings.clear()
    this.#closeImage()
  }

  #turnTo(key: string): void {
    if (key !== this.#key) this.forget()
    this.#key = key
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.forget(), KEPT_MILLISECONDS)
  }

  #closeImage(): void {
    this.#image?.close()
    this.#image = null
  }
}

function nameOf(crop: CropBox | undefined): string {
  return crop ? [crop.x, crop.y, crop.width, crop.height].join() : ''
}
