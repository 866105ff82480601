import type { Orientation } from './orientation.js'

/** Whole pixels of a picture, from its upper left corner. */
export interface PixelRectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PixelSize {
  readonly width: number
  readonly height: number
}

/**
 * A decoded picture whose pixels are read piece by piece, so that a large one is never copied whole. Its size is the
 * upright one. Pixels have four bytes and are in sRGB.
 */
export interface PixelSource extends PixelSize {
  /** How the pixels that are read become upright ones; they are upright where it is absent. */
  readonly orientation?: Orientation
  /** Order of the first three bytes of a pixel. */
  readonly channels: 'rgb' | 'bgr'
  /** `opaque`: the fourth byte means nothing. `straight`: it is alpha, and the colours are not premultiplied. */
  readonly transparency: 'opaque' | 'straight'
  /**
   * Writes the pixels of `area`, which lies inside the picture as it is stored, to `target`, row after row without gaps.
   * `target` has exactly `area.width * area.height * 4` bytes and starts at a multiple of four in its buffer.
   */
  read(area: PixelRectangle, target: Uint8Array<ArrayBuffer>): Promise<void>
}
