import type { PackedSource, PixelRectangle } from './pixels.js'

/** A decoded picture that is held whole, upright and in sRGB. */
export class RgbaPixels implements PackedSource {
  readonly width: number
  readonly height: number
  readonly channels = 'rgb'
  readonly transparency: PackedSource['transparency']
  readonly isReduced: boolean
  #data: Uint8Array | null

  constructor(
    { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
    options: Pick<PackedSource, 'transparency'> & { readonly isReduced: boolean },
  ) {
    this.width = width
    this.height = height
    this.transparency = options.transparency
    this.isReduced = options.isReduced
    this.#data = data
  }

  async read({ x, y, width, height }: PixelRectangle, target: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#data) throw new Error('the picture is closed')
    for (let row = 0; row < height; row++) {
      const start = ((y + row) * this.width + x) * 4
      target.set(this.#data.subarray(start, start + width * 4), row * width * 4)
    }
  }

  close(): void {
    this.#data = null
  }
}
