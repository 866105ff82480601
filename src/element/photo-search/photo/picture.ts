import { readImageHeader } from '../../../encoder/decode/image-header.js'
import { missingTurn } from '../../../encoder/decode/missing-turn.js'
import { type Orientation, storedAxes, UPRIGHT } from '../../../encoder/decode/orientation.js'
import type { TurnedFormat } from '../../../encoder/decode/stored-orientation.js'
import { isTurnedByBrowser } from '../../../encoder/decode/turned-by-browser.js'
import type { Photo } from './photo.js'

/** More pixels than any panel shows. */
const mostPixels = 1600
/** The shorter side of a picture in a list. */
const thumbnailPixels = 160
/** Holds the header of most files. */
const headBytes = 16 * 1024

export interface LoadedPicture {
  readonly element: HTMLElement
  /** Of the upright picture. */
  readonly width: number
  readonly height: number
}

/** The engine's own view of a photo. Rejects as the engine does. */
export type PreviewOf = (photo: Photo, signal: AbortSignal) => Promise<ImageBitmap>

/**
 * Loads a photo for the screen, upright; null where there is no way to show it. An `<img>` comes first, since browsers
 * decode large photos for it no larger than they are shown; a canvas where the page's policy forbids `blob:` images, and
 * for files that the browser does not turn; the engine's view for those that it cannot decode.
 */
export async function loadPicture(
  photo: Photo,
  preview: PreviewOf,
  signal: AbortSignal,
): Promise<LoadedPicture | null> {
  const turn = await turnOf(photo.image)
  const picture =
    (turn ? null : await loadImage(photo.url)) ??
    (await drawCanvas(photo.image, turn ?? UPRIGHT)) ??
    (await drawPreview(photo, preview, signal))
  signal.throwIfAborted()
  return noteThumbnail(photo, picture)
}

/**
 * The engine's view of a picture at an address that an `<img>` may show as it is stored; null where it surely shows it
 * upright, and where the engine cannot read it. Only the engine fetches pictures: the page may be forbidden to.
 */
export async function loadUpright(
  photo: Photo,
  preview: PreviewOf,
  signal: AbortSignal,
): Promise<LoadedPicture | null> {
  const format = typeof photo.image === 'string' ? formatAt(photo.image) : null
  if (!format || (await isTurnedByBrowser(format))) return null
  const picture = await drawPreview(photo, preview, signal)
  signal.throwIfAborted()
  return noteThumbnail(photo, picture)
}

function formatAt(url: string): TurnedFormat | null {
  const extension = /\.(webp|png|avif)$/i.exec(new URL(url).pathname)?.[1]
  return (extension?.toLowerCase() as TurnedFormat | undefined) ?? null
}

/** Lists show an `<img>` too. */
function noteThumbnail(photo: Photo, picture: LoadedPicture | null): LoadedPicture | null {
  if (picture?.element instanceof HTMLCanvasElement) photo.thumbnail = thumbnailOf(picture.element)
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

async function drawPreview(
  photo: Photo,
  preview: PreviewOf,
  signal: AbortSignal,
): Promise<LoadedPicture | null> {
  try {
    const bitmap = await preview(photo, signal)
    const element = document.createElement('canvas')
    drawTurned(bitmap, UPRIGHT, element)
    bitmap.close()
    return { element, width: element.width, height: element.height }
  } catch {
    // The search decodes the same file and says what is wrong with it.
    return null
  }
}

function thumbnailOf(picture: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const scale = Math.min(1, thumbnailPixels / Math.min(picture.width, picture.height))
  canvas.width = Math.ceil(picture.width * scale)
  canvas.height = Math.ceil(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
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
