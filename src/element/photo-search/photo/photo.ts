import { readLocalAddress } from '../../../engine/picture-address.js'
import type { ImageSource } from '../../../types.js'

/** A picture in any form that a page or a shopper has it in. A string is an address. */
export type PhotoInput = ImageSource | HTMLImageElement

/** A picture to search with, in the form that the engine takes and in the one that an `<img>` shows. */
export interface Photo {
  readonly image: Blob | string
  readonly url: string
  /** A small copy for lists, of a picture that an `<img>` does not show, or not upright. */
  thumbnail: HTMLCanvasElement | null
  /** Frees what holds the picture. It cannot be shown any more. */
  release(): void
}

/** @throws what the browser throws for a canvas that shows pictures of another origin. */
export async function openPhoto(input: PhotoInput): Promise<Photo> {
  if (typeof input === 'string' || input instanceof URL) return photoAt(String(input))
  if (input instanceof HTMLImageElement) return photoAt(input.currentSrc || input.src)
  return photoOf(input)
}

async function photoOf(input: Blob | ImageBitmap | HTMLCanvasElement | OffscreenCanvas): Promise<Photo> {
  const image = input instanceof Blob ? input : await toBlob(input)
  const url = URL.createObjectURL(image)
  return { image, url, thumbnail: null, release: () => URL.revokeObjectURL(url) }
}

async function photoAt(address: string): Promise<Photo> {
  const url = new URL(address, document.baseURI).href
  const picture = await readLocalAddress(url)
  if (picture) return photoOf(picture)
  return { image: url, url, thumbnail: null, release: () => undefined }
}

async function toBlob(image: ImageBitmap | HTMLCanvasElement | OffscreenCanvas): Promise<Blob> {
  if (image instanceof HTMLCanvasElement) {
    return new Promise((resolve, reject) => {
      image.toBlob((blob) => (blob ? resolve(blob) : reject(new RangeError('The canvas is empty.'))))
    })
  }
  if (!(image instanceof ImageBitmap)) return image.convertToBlob()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')?.drawImage(image, 0, 0)
  return toBlob(canvas)
}
