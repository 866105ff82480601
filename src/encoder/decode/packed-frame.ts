import { type Orientation, storedAxes } from './orientation.js'
import type { PackedSource, PixelRectangle } from './pixels.js'

/** A decoded picture in pixels of four bytes. See `openFramePixels`. */
export class PackedFrame implements PackedSource {
  readonly width: number
  readonly height: number
  readonly channels: PackedSource['channels']
  readonly transparency: PackedSource['transparency']
  readonly orientation: Orientation
  readonly isReduced: boolean
  readonly #frame: VideoFrame

  constructor(
    frame: VideoFrame,
    orientation: Orientation,
    format: Pick<PackedSource, 'channels' | 'transparency'> & { readonly isReduced: boolean },
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
