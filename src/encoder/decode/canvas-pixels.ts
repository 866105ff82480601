import { type Orientation, storedAxes, UPRIGHT } from './orientation.js'
import type { PackedSource, PixelRectangle, PixelSize } from './pixels.js'

/**
 * The pixels of a bitmap read through a canvas: works in every engine, converts them to sRGB
 * and composites them on white. The canvas is as small as the piece that is read: engines limit its size.
 */
export class CanvasPixels implements PackedSource {
  readonly width: number
  readonly height: number
  readonly channels = 'rgb'
  readonly transparency = 'opaque'
  readonly orientation: Orientation
  readonly isReduced = false
  readonly #bitmap: ImageBitmap
  readonly #transparent: boolean
  readonly #closeBitmap: boolean
  #context: OffscreenCanvasRenderingContext2D | null = null

  /**
   * @param options `transparent`: pixels may be transparent; `closeBitmap`: the bitmap is closed with this;
   * `orientation`: how its pixels become upright, where they are not.
   */
  constructor(
    bitmap: ImageBitmap,
    options: {
      readonly transparent: boolean
      readonly closeBitmap: boolean
      readonly orientation?: Orientation | undefined
    },
  ) {
    this.orientation = options.orientation ?? UPRIGHT
    const { transposed } = storedAxes(this.orientation)
    this.width = transposed ? bitmap.height : bitmap.width
    this.height = transposed ? bitmap.width : bitmap.height
    this.#bitmap = bitmap
    this.#transparent = options.transparent
    this.#closeBitmap = options.closeBitmap
  }

  async read(area: PixelRectangle, target: Uint8Array<ArrayBuffer>): Promise<void> {
    const context = this.#contextFor(area)
    if (this.#transparent) {
      context.fillStyle = 'white'
      context.fillRect(0, 0, area.width, area.height)
    }
    context.drawImage(this.#bitmap, -area.x, -area.y)
    target.set(context.getImageData(0, 0, area.width, area.height).data)
  }

  close(): void {
    this.#context = null
    if (this.#closeBitmap) this.#bitmap.close()
  }

  #contextFor({ width, height }: PixelSize): OffscreenCanvasRenderingContext2D {
    const canvas = this.#context?.canvas
    if (this.#context && canvas && canvas.width >= width && canvas.height >= height) return this.#context
    const context = new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
      colorSpace: 'srgb',
    })
    if (!context) throw new Error('this browser has no 2-D context for an OffscreenCanvas')
    this.#context = context
    return context
  }
}
