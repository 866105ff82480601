import type { PixelRectangle, PixelSize } from './pixels.js'

/** How stored pixels become upright ones: turned clockwise by `rotation` degrees, then mirrored left to right. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270
  readonly flip: boolean
}

export const UPRIGHT: Orientation = { rotation: 0, flip: false }

/** Where the upright axes lie in the stored picture. */
export interface StoredAxes {
  /** Upright rows are stored as columns. */
  readonly transposed: boolean
  /** Stored columns run against the upright axis that they belong to. */
  readonly mirroredColumns: boolean
  /** Stored rows run against the upright axis that they belong to. */
  readonly mirroredRows: boolean
}

export function storedAxes({ rotation, flip }: Orientation): StoredAxes {
  return {
    transposed: rotation === 90 || rotation === 270,
    mirroredColumns: rotation === 270 || (rotation === 0 && flip) || (rotation === 180 && !flip),
    mirroredRows: rotation === 180 || (rotation === 90 && !flip) || (rotation === 270 && flip),
  }
}

/** The part of the stored picture that becomes `area` of the upright one, which has `upright` pixels. */
export function storedArea(area: PixelRectangle, upright: PixelSize, axes: StoredAxes): PixelRectangle {
  const { x, y, width, height } = area
  const horizontal = { from: x, length: width, of: upright.width }
  const vertical = { from: y, length: height, of: upright.height }
  const [columns, rows] = axes.transposed ? [vertical, horizontal] : [horizontal, vertical]
  return {
    x: axes.mirroredColumns ? columns.of - columns.from - columns.length : columns.from,
    y: axes.mirroredRows ? rows.of - rows.from - rows.length : rows.from,
    width: columns.length,
    height: rows.length,
  }
}
