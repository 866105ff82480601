import { storedArea, storedAxes, UPRIGHT } from '../decode/orientation.js'
import type { PixelRectangle, PixelSize, PixelSource } from '../decode/pixels.js'
import { ResampleKernel } from './resample-kernel.js'
import { narrowThenShorten, type ResizeTarget, shortenThenNarrow } from './resample-passes.js'

export interface ResizeOptions {
  /** The part of the picture to resize; all of it by default. */
  readonly region?: PixelRectangle | undefined
  readonly signal?: AbortSignal | undefined
}

/** About as many source bytes as stay in a processor's second-level cache while they are resampled. */
const STRIP_BYTES = 512 * 1024
/** Pillow's `Image.resize` shortens pictures before it narrows them when they are more than this much taller than wide. */
const VERY_TALL = 100

/**
 * Resizes pictures exactly as Pillow's `Image.resize` does with the same filter on 8-bit RGB, to the byte.
 * Transparent pictures are composited on white first. Runs wherever WebAssembly with SIMD does.
 */
export class Resampler {
  readonly #stripBytes: number
  #kernel: ResampleKernel | null
  #last: Promise<unknown> = Promise.resolve()

  private constructor(kernel: ResampleKernel, stripBytes: number) {
    this.#kernel = kernel
    this.#stripBytes = stripBytes
  }

  /** @param options `stripBytes`: about how many bytes of a source are held at once. */
  static async open({ stripBytes = STRIP_BYTES } = {}): Promise<Resampler> {
    return new Resampler(await ResampleKernel.open(), stripBytes)
  }

  /**
   * Resizes `source`, or only a region of it, to `target`.
   * Like Pillow's `crop` followed by `resize`: pixels outside the region do not matter. Stored pixels are turned
   * upright on the way, as if before.
   * Calls on one resampler run one after the other.
   *
   * @returns RGB bytes, row after row, `target.height * target.width * 3` of them.
   * @throws the signal's reason once it is aborted; whatever `source.read` throws; RangeError for a region that is
   * not inside the picture.
   */
  async resize(source: PixelSource, target: ResizeTarget, options: ResizeOptions = {}): Promise<Uint8Array> {
    const region = options.region ?? { x: 0, y: 0, width: source.width, height: source.height }
    if (!isInside(region, source)) throw new RangeError('the region is empty or not inside the picture')
    const result = this.#last.then(() => {
      if (!this.#kernel) throw new Error('the resampler is closed')
      const axes = storedAxes(source.orientation ?? UPRIGHT)
      const work = {
        kernel: this.#kernel,
        source,
        axes,
        region: storedArea(region, source, axes),
        target,
        stripBytes: this.#stripBytes,
        signal: options.signal,
      }
      const isVeryTall = region.height > region.width * VERY_TALL && target.height < region.height
      // upright rows that are stored as columns are narrowed by shortening those
      return isVeryTall !== axes.transposed ? shortenThenNarrow(work) : narrowThenShorten(work)
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Frees the kernel's memory. Calls that follow reject. */
  close(): void {
    this.#kernel = null
  }
}

function isInside({ x, y, width, height }: PixelRectangle, size: PixelSize): boolean {
  return (
    [x, y, width, height].every(Number.isInteger) &&
    Math.min(x, y) >= 0 &&
    Math.min(width, height) >= 1 &&
    x + width <= size.width &&
    y + height <= size.height
  )
}
