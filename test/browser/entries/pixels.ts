import { CanvasPixels } from '../../../src/encoder/decode/canvas-pixels.js'
import { decodeImage } from '../../../src/encoder/decode/decode.js'
import { decodeHeic } from '../../../src/encoder/decode/heic/decode-heic.js'
import type { PixelSource } from '../../../src/encoder/decode/pixels.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import type { StartThread } from '../../../src/encoder/threads/thread-script.js'
import { PageThreads } from '../../../src/engine/page-threads.js'

export { CanvasPixels, decodeHeic, decodeImage }

/** Starts the threads of this page's own code from the package. */
export const startThread: StartThread = (script, port, failed) => {
  const threads = new PageThreads()
  const url = new URL('/dist/worker.js', location.href).href
  threads.startThread(0, { ...script, url, types: ['module'] }, port).then(failed)
  return () => threads.end()
}

export async function fetchBlob(path: string): Promise<Blob> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.blob()
}

/** A picture resized to 224 x 224 RGB bytes. */
export async function resize(source: PixelSource): Promise<Uint8Array> {
  const resampler = await Resampler.open()
  return resampler.resize(source, { width: 224, height: 224, filter: 'bicubic' })
}

/** A picture's own pixels as RGB bytes, read in small strips. */
export async function readRgb(source: PixelSource): Promise<Uint8Array> {
  const { width, height } = source
  const resampler = await Resampler.open({ stripBytes: 4000 })
  return resampler.resize(source, { width, height, filter: 'bicubic' })
}

/** A file's pixels as a canvas shows them on white, as RGB bytes, without any of our code. */
export async function readByCanvas(file: Blob): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file)
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  if (!context) throw new Error('no 2-D context')
  context.fillStyle = 'white'
  context.fillRect(0, 0, bitmap.width, bitmap.height)
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  return Uint8Array.from(data.filter((_, index) => index % 4 < 3))
}

export function compare(a: Uint8Array, b: Uint8Array): { largest: number; mean: number } {
  if (a.length !== b.length || a.length === 0) throw new Error(`${a.length} bytes against ${b.length}`)
  const differences = a.map((byte, index) => Math.abs(byte - (b[index] as number)))
  return {
    largest: differences.reduce((largest, difference) => Math.max(largest, difference)),
    mean: differences.reduce((sum, difference) => sum + difference, 0) / a.length,
  }
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** How far turned pictures, read as this package does, are from the upright one. */
export async function differencesToUpright(paths: readonly string[]) {
  const upright = await readByCanvas(await fetchBlob('/reference/orientation/upright.png'))
  const seen: { path: string; size: string; toUpright: number }[] = []
  for (const path of paths) {
    const image = await decodeImage(await fetchBlob(path))
    const size = `${image.width} x ${image.height}`
    const toUpright = size === '96 x 64' ? compare(await readRgb(image), upright).mean : 255
    seen.push({ path, size, toUpright })
    image.close()
  }
  return seen
}

/** How far pictures, decoded and resized, are from the pixels that are beside them. */
export async function differencesToReference(paths: readonly string[]) {
  const seen: { path: string; difference: number }[] = []
  for (const path of paths) {
    const image = await decodeImage(await fetchBlob(path))
    const expected = new Uint8Array(await (await fetchBlob(`${path}.rgb`)).arrayBuffer())
    seen.push({ path, difference: compare(await resize(image), expected).mean })
    image.close()
  }
  return seen
}

/** Code and sentence of the error that decoding ends with. */
export async function decodingError(source: Blob | ImageBitmap, maxPixels?: number) {
  try {
    await decodeImage(source, { name: 'https://shop.test/picture', maxPixels })
  } catch (error) {
    const { code, message, subject } = error as Error & { code: string; subject: string }
    return { code, message, subject }
  }
  throw new Error('was decoded')
}

/** SHA-256 of the resized pixels of photos of the shop, by name. */
export async function hashPhotos(photos: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const photo of photos) {
    const image = await decodeImage(await fetchBlob(`/photos/${photo}`))
    hashes[photo] = await sha256(await resize(image))
    image.close()
  }
  return hashes
}
