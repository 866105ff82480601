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

/** A decoded picture whose pixels are read piece by piece, so that a large one is never copied whole. It is in sRGB. */
export type PixelSource = PackedSource | YcbcrSource

/** What all sources have. The size is the upright one. */
interface Source extends PixelSize {
  /** How the pixels that are read become upright ones; they are upright where it is absent. */
  readonly orientation?: Orientation
}

/** A picture whose pixels have four bytes. */
export interface PackedSource extends Source {
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

/** `4:2:2` halves the columns of the chroma planes, `4:2:0` the rows as well; halves are rounded up. */
export type ChromaSubsampling = '4:2:0' | '4:2:2' | '4:4:4'

/** A picture in the planes that a JPEG stores: luma and two of chroma, with the matrix and the range of JFIF. */
export interface YcbcrSource extends Source {
  readonly channels: 'ycbcr'
  readonly transparency: 'opaque'
  readonly subsampling: ChromaSubsampling
  /**
   * Writes the samples of `area` to `target`, where `layout` says: of Y, Cb and Cr. `area` lies inside the picture as it
   * is stored, starts with a chroma sample, and ends with one or with the picture.
   */
  readPlanes(area: PixelRectangle, target: Uint8Array<ArrayBuffer>, layout: YcbcrLayout): Promise<void>
}

/** Where Y, Cb and Cr lie in a buffer: the first byte of each and how far its rows are apart. */
export type YcbcrLayout = [PlaneLayout, PlaneLayout, PlaneLayout]
