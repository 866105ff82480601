import { SimilarItemsError } from '../errors.js'
import type { ImageSource } from '../types.js'
import type { SentPicture } from '../worker/protocol.js'
import { readLocalAddress } from './picture-address.js'

/** Gives every blob a number of its own: by it the worker knows a photo again. */
export class BlobNumbers {
  readonly #numbers = new WeakMap<Blob, number>()
  #next = 0

  numberOf(blob: Blob): number {
    const number = this.#numbers.get(blob) ?? this.#next++
    this.#numbers.set(blob, number)
    return number
  }
}

/**
 * The picture in a form that can be sent to the worker. What the caller passed stays usable.
 * @throws SimilarItemsError `invalid-argument` for anything that is not a picture, and for a canvas that shows
 * pictures of another origin.
 */
export async function toSendableImage(image: ImageSource, numbers: BlobNumbers): Promise<SentPicture> {
  if (image instanceof Blob) return { blob: image, number: numbers.numberOf(image) }
  if (typeof image === 'string' || image instanceof URL) {
    if (URL.canParse(String(image), document.baseURI)) {
      const { href } = new URL(image, document.baseURI)
      const picture = await readLocalAddress(href)
      return picture instanceof Blob
        ? { blob: picture, number: numbers.numberOf(picture) }
        : (picture ?? href)
    }
    throw new SimilarItemsError('invalid-argument', `"${image}" is not the URL of a picture.`)
  }
  try {
    // A copy: what is sent is gone here, and a canvas cannot be sent at all.
    return await createImageBitmap(image)
  } catch (cause) {
    throw new SimilarItemsError(
      'invalid-argument',
      'The picture must be a Blob, a URL, an ImageBitmap or a canvas with content of this origin.',
      { cause },
    )
  }
}
