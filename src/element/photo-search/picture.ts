import type { Photo } from './photo.js'

/** More pixels than any panel shows. */
const mostPixels = 1600

export interface LoadedPicture {
  readonly element: HTMLElement
  /** Of the upright picture. */
  readonly width: number
  readonly height: number
}

/**
 * Loads a photo for the screen, upright; null where the browser cannot show it. An `<img>` comes first, since browsers
 * decode large photos for it no larger than they are shown; a canvas where the page's policy forbids `blob:` images.
 */
export async function loadPicture(photo: Photo, signal: AbortSignal): Promise<LoadedPicture | null> {
  const picture = (await loadImage(photo.url)) ?? (await drawCanvas(photo.image))
  signal.throwIfAborted()
  return picture
}

async function loadImage(url: string): Promise<LoadedPicture | null> {
  const element = new Image()
  element.decoding = 'async'
  element.draggable = false
  const loaded = new Promise<boolean>((resolve) => {
    element.addEventListener('load', () => resolve(true))
    element.addEventListener('error', () => resolve(false))
  })
  element.src = url
  return (await loaded) ? { element, width: element.naturalWidth, height: element.naturalHeight } : null
}

async function drawCanvas(image: Blob | string): Promise<LoadedPicture | null> {
  if (typeof image === 'string') return null
  const element = document.createElement('canvas')
  try {
    const bitmap = await createImageBitmap(image, { resizeWidth: mostPixels, resizeQuality: 'medium' })
    element.width = bitmap.width
    element.height = bitmap.height
    element.getContext('2d')?.drawImage(bitmap, 0, 0)
    bitmap.close()
  } catch {
    // No picture that this browser knows. What to tell the shopper is up to the search, which reads the file itself.
    return null
  }
  return { element, width: element.width, height: element.height }
}
