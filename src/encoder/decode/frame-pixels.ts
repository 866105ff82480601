import { type Orientation, storedAxes, UPRIGHT } from './orientation.js'
import { PackedFrame } from './packed-frame.js'
import type { ChromaSubsampling, PackedSource } from './pixels.js'
import { YcbcrFrame } from './ycbcr-frame.js'

/** A frame's pixels, as they are stored in it. `close` frees them. */
export type FramePixels = PackedFrame | YcbcrFrame

/** Attributes of WebCodecs' `VideoFrame` that TypeScript's library does not know yet. */
interface OrientedFrame {
  readonly rotation: 0 | 90 | 180 | 270
  readonly flip: boolean
}

/**
 * Whether this engine reads pictures fast through frames. Chromium copies the piece that is asked for. Firefox goes
 * through the whole picture for every piece, which takes seconds for a photo of 12 megapixels, and WebKit converts it
 * before it is a frame: there a canvas serves better. Only Chromium's frames tell how they are turned.
 */
export function framesAreFast(): boolean {
  const attributes: (keyof OrientedFrame)[] = ['rotation', 'flip']
  return typeof VideoFrame !== 'undefined' && attributes.every((name) => name in VideoFrame.prototype)
}

/**
 * The pixels of a bitmap read through a `VideoFrame`, which copies them as they are into any memory: several times
 * faster than a canvas, and without the loss of premultiplied alpha.
 *
 * @returns `null` where a canvas is as fast, or this one is not plain 8-bit sRGB.
 */
export function openFramePixels(bitmap: ImageBitmap, known: KnownPixels): PackedFrame | null {
  if (!framesAreFast()) return null
  let frame: VideoFrame
  try {
    frame = new VideoFrame(bitmap, { timestamp: 0 })
  } catch {
    // an engine may lack frames for bitmaps, or for bitmaps of this pixel format; a canvas reads them all
    return null
  }
  const pixels = framePixels(frame, known)
  const { transposed } = storedAxes(known.orientation ?? UPRIGHT)
  const [width, height] = transposed ? [bitmap.height, bitmap.width] : [bitmap.width, bitmap.height]
  if (pixels instanceof PackedFrame && pixels.width === width && pixels.height === height) return pixels
  pixels?.close()
  return null
}

/** The pixels of a frame, which is closed with them, or at once where `null` is returned as by `openFramePixels`. */
export function framePixels(frame: VideoFrame, known: KnownPixels): FramePixels | null {
  const pixels = isSrgb(frame.colorSpace) && openFormat(frame, known)
  if (pixels) return pixels
  frame.close()
  return null
}

function openFormat(frame: VideoFrame, known: KnownPixels): FramePixels | null {
  const { rotation, flip } = frame as VideoFrame & OrientedFrame
  const orientation: Orientation = known.orientation ?? { rotation, flip }
  const isReduced = known.reduced ?? false
  const packed = frame.format && PACKED_FORMATS[frame.format]
  if (packed) {
    const transparency = known.transparent ? packed.transparency : 'opaque'
    return new PackedFrame(frame, orientation, { channels: packed.channels, transparency, isReduced })
  }
  const subsampling = frame.format && PLANAR_FORMATS[frame.format]
  if (!subsampling || !isJfif(frame) || frame.codedWidth < LEAST_PLANAR_WIDTH) return null
  return new YcbcrFrame(frame, orientation, { subsampling, isReduced })
}

export interface KnownPixels {
  /** Pixels may be transparent. */
  readonly transparent: boolean
  /** How the pixels become upright. Default: as the frame says. */
  readonly orientation?: Orientation | undefined
  /** The file has more pixels than were decoded. Default false. */
  readonly reduced?: boolean
}

type PackedFormat = Pick<PackedSource, 'channels' | 'transparency'>

const PACKED_FORMATS: Partial<Record<VideoPixelFormat, PackedFormat>> = {
  RGBA: { channels: 'rgb', transparency: 'straight' },
  RGBX: { channels: 'rgb', transparency: 'opaque' },
  BGRA: { channels: 'bgr', transparency: 'straight' },
  BGRX: { channels: 'bgr', transparency: 'opaque' },
}

const PLANAR_FORMATS: Partial<Record<VideoPixelFormat, ChromaSubsampling>> = {
  I420: '4:2:0',
  I422: '4:2:2',
  I444: '4:4:4',
}

/** Chroma of fewer columns is not interpolated by JPEG decoders. */
const LEAST_PLANAR_WIDTH = 5

/** True when the pixels need no conversion. */
function isSrgb({ primaries, transfer }: VideoColorSpace): boolean {
  return primaries === 'bt709' && transfer === 'iec61966-2-1'
}

/** True for the matrix and the range of the luma and chroma that JPEG files have. */
function isJfif({ colorSpace: { matrix, fullRange } }: VideoFrame): boolean {
  return matrix === 'smpte170m' && fullRange === true
}
