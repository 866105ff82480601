import { openFramePixels } from './frame-pixels.js'

/**
 * Whether this engine hands out the colours of transparent pixels as the file has them. Engines may premultiply
 * them although asked not to, and nothing in a frame tells; so a picture with one known pixel is read.
 */
export async function keepsStraightAlpha(): Promise<boolean> {
  const file = Uint8Array.from(atob(PICTURE), (character) => character.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([file]), { premultiplyAlpha: 'none' })
  const frame = openFramePixels(bitmap, { transparent: true })
  bitmap.close()
  if (!frame) return false
  const pixel = new Uint8Array(4)
  await frame.read({ x: 0, y: 0, width: 1, height: 1 }, pixel)
  frame.close()
  const [red, green, blue, alpha] = PIXEL
  const expected = frame.channels === 'rgb' ? [red, green, blue, alpha] : [blue, green, red, alpha]
  return expected.every((byte, index) => byte === pixel[index])
}

/** A PNG file of one pixel: so transparent that premultiplying it would lose most of its colour. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGM4kWLEAQAEvQFnTcC6UwAAAABJRU5ErkJggg=='
const PIXEL = [200, 100, 50, 8] as const
