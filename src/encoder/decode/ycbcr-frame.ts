import { type Orientation, storedAxes } from './orientation.js'
import type { ChromaSubsampling, PixelRectangle, YcbcrLayout, YcbcrSource } from './pixels.js'

/**
 * The planes of a decoded JPEG, which Chromium gives out as they are: half of the time that decoding to RGB takes goes
 * into making that of them.
 */
export class YcbcrFrame implements YcbcrSource {
  readonly width: number
  readonly height: number
  readonly channels = 'ycbcr'
  readonly transparency = 'opaque'
  readonly isReduced: boolean
  readonly subsampling: ChromaSubsampling
  readonly orientation: Orientation
  readonly #frame: VideoFrame

  constructor(
    frame: VideoFrame,
    orientation: Orientation,
    format: { readonly subsampling: ChromaSubsampling; readonly isReduced: boolean },
  ) {
    const { transposed } = storedAxes(orientation)
    this.width = transposed ? frame.codedHeight : frame.codedWidth
    this.height = transposed ? frame.codedWidth : frame.codedHeight
    this.subsampling = format.subsampling
    this.isReduced = format.isReduced
    this.orientation = orientation
    this.#frame = frame
  }

  async readPlanes(
    area: PixelRectangle,
    target: Uint8Array<ArrayBuffer>,
    layout: YcbcrLayout,
  ): Promise<void> {
    await this.#frame.copyTo(target, { rect: area, layout })
  }

  close(): void {
    this.#frame.close()
  }
}
