import { readImageHeader } from '../../encoder/image-header.js'
import { missingTurn } from '../../encoder/missing-turn.js'
import { type Orientation, storedAxes, UPRIGHT } from '../../encoder/orientation.js'
import type { Photo } from './photo.js'

/** More pixels than any panel shows. */
const mostPixels = 1600
/** Holds the header of most files. */
const headBytes = 16 * 1024

export interface LoadedPicture {
  readonly element: HTMLElement
  /** Of the upright picture. */
  readonly width: number
  readonly height: number
}

/**
 * Loads a photo for the screen, upright; null where the browser cannot show it. An `<img>` comes first, since browsers
 * decode large photos for it no larger than they are shown; a canvas where the page's policy forbids `blob:` images, and
 * for files that the browser does not turn.
 */
export async function loadPicture(photo: Photo, signal: AbortSignal): Promise<LoadedPicture | null> {
  const turn = await turnOf(photo.image)
  const picture =
    (turn ? null : await loadImage(photo.url)) ?? (await drawCanvas(photo.image, turn ?? UPRIGHT))
  signal.throwIfAborted()
  return picture
}

/** How a file has to be turned that this browser shows as it is stored. */
async function turnOf(image: Blob | string): Promise<Orientation | undefined> {
  if (typeof image === 'string') return undefined
  try {
    const header = readImageHeader(await bytesOf(image.slice(0, headBytes)))
    return await missingTurn(header, () => bytesOf(image))
  } catch {
    // A file that cannot be read any more: the search says so.
    return undefined
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
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

async function drawCanvas(image: Blob | string, turn: Orientation): Promise<LoadedPicture | null> {
  if (typeof image === 'string') return null
  const element = document.createElement('canvas')
  try {
    const bitmap = await createImageBitmap(image, { resizeWidth: mostPixels, resizeQuality: 'medium' })
    drawTurned(bitmap, turn, element)
    bitmap.close()
  } catch {
    // No picture that this browser knows. What to tell the shopper is up to the search, which reads the file itself.
    return null
  }
  return { element, width: element.width, height: element.height }
}

/** Turned clockwise, then mirrored left to right. */
function drawTurned(bitmap: ImageBitmap, turn: Orientation, canvas: HTMLCanvasElement): void {
  const { transposed } = storedAxes(turn)
  canvas.width = transposed ? bitmap.height : bitmap.width
  canvas.height = transposed ? bitmap.width : bitmap.height
  const context = canvas.getContext('2d')
  context?.translate(canvas.width / 2, canvas.height / 2)
  context?.scale(turn.flip ? -1 : 1, 1)
  context?.rotate((turn.rotation * Math.PI) / 180)
  context?.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2)
}
