import { type Orientation, storedAxes } from './orientation.js'
import type { PixelRectangle, PixelSource } from './pixels.js'

/** Attributes of WebCodecs' `VideoFrame` that TypeScript's library does not know yet. */
interface OrientedFrame {
  readonly rotation?: 0 | 90 | 180 | 270
  readonly flip?: boolean
}

/**
 * Whether this engine reads pictures fast through frames. Chromium copies the piece that is asked for. Firefox goes
 * through the whole picture for every piece, which takes seconds for a photo of 12 megapixels, and WebKit converts it
 * before it is a frame: there a canvas serves better. Only Chromium's frames tell how they are turned.
 */
export function framesAreFast(): boolean {
  return typeof VideoFrame !== 'undefined' && 'rotation' in VideoFrame.prototype
}

/**
 * The pixels of a bitmap read through a `VideoFrame`, which copies them as they are into any memory: several times
 * faster than a canvas, and without the loss of premultiplied alpha.
 *
 * @returns `null` where a canvas is as fast, or this one is not plain 8-bit sRGB or hides how it is turned.
 */
export function openFramePixels(bitmap: ImageBitmap, known: KnownPixels): FramePixels | null {
  if (!framesAreFast()) return null
  let frame: VideoFrame
  try {
    frame = new VideoFrame(bitmap, { timestamp: 0 })
  } catch {
    // an engine may lack frames for bitmaps, or for bitmaps of this pixel format; a canvas reads them all
    return null
  }
  const pixels = framePixels(frame, known)
  if (!pixels || (pixels.width === bitmap.width && pixels.height === bitmap.height)) return pixels
  pixels.close()
  return null
}

/** The pixels of a frame, which is closed with them, or at once where `null` is returned as by `openFramePixels`. */
export function framePixels(frame: VideoFrame, known: KnownPixels): FramePixels | null {
  const orientation = frameOrientation(frame, known.upright)
  const format = frame.format === null ? undefined : FORMATS[frame.format]
  if (!orientation || !format || !isSrgb(frame.colorSpace)) {
    frame.close()
    return null
  }
  const transparency = known.transparent ? format.transparency : 'opaque'
  return new FramePixels(frame, orientation, {
    channels: format.channels,
    transparency,
    isReduced: known.reduced ?? false,
  })
}

export interface KnownPixels {
  /** The file is known to store the picture upright, for engines whose frames do not tell. */
  readonly upright: boolean
  /** Pixels may be transparent. */
  readonly transparent: boolean
  /** The file has more pixels than were decoded. Default false. */
  readonly reduced?: boolean
}

type PixelFormat = Pick<PixelSource, 'channels' | 'transparency'>

const FORMATS: Partial<Record<VideoPixelFormat, PixelFormat>> = {
  RGBA: { channels: 'rgb', transparency: 'straight' },
  RGBX: { channels: 'rgb', transparency: 'opaque' },
  BGRA: { channels: 'bgr', transparency: 'straight' },
  BGRX: { channels: 'bgr', transparency: 'opaque' },
}

/** See `openFramePixels`. */
export class FramePixels implements PixelSource {
  readonly width: number
  readonly height: number
  readonly channels: PixelSource['channels']
  readonly transparency: PixelSource['transparency']
  readonly orientation: Orientation
  readonly isReduced: boolean
  readonly #frame: VideoFrame

  constructor(
    frame: VideoFrame,
    orientation: Orientation,
    format: PixelFormat & { readonly isReduced: boolean },
  ) {
    const { codedWidth, codedHeight } = frame
    const { transposed } = storedAxes(orientation)
    this.width = transposed ? codedHeight : codedWidth
    this.height = transposed ? codedWidth : codedHeight
    this.channels = format.channels
    this.transparency = format.transparency
    this.isReduced = format.isReduced
    this.#frame = frame
    this.orientation = orientation
  }

  async read(area: PixelRectangle, target: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#frame.copyTo(target, { rect: area })
  }

  close(): void {
    this.#frame.close()
  }
}

function frameOrientation(frame: VideoFrame & OrientedFrame, upright: boolean): Orientation | null {
  if (frame.rotation !== undefined && frame.flip !== undefined) {
    return { rotation: frame.rotation, flip: frame.flip }
  }
  return upright ? { rotation: 0, flip: false } : null
}

/** True when the pixels need no conversion. */
function isSrgb({ primaries, transfer }: VideoColorSpace): boolean {
  return primaries === 'bt709' && transfer === 'iec61966-2-1'
}
