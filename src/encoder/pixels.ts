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
 * A decoded, upright picture whose pixels are read piece by piece, so that a large one is never copied whole.
 * Pixels have four bytes and are in sRGB.
 */
export interface PixelSource extends PixelSize {
  /** Order of the first three bytes of a pixel. */
  readonly channels: 'rgb' | 'bgr'
  /** `opaque`: the fourth byte means nothing. `straight`: it is alpha, and the colours are not premultiplied. */
  readonly transparency: 'opaque' | 'straight'
  /**
   * Writes the pixels of `area`, which lies inside the picture, to `target`, row after row without gaps.
   * `target` has exactly `area.width * area.height * 4` bytes and starts at a multiple of four in its buffer.
   */
  read(area: PixelRectangle, target: Uint8Array<ArrayBuffer>): Promise<void>
}
