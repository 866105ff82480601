import { filterWeights, type WeightTable } from './filter-weights.js'
import { resampleWasm } from './generated/resample-wasm.js'
import type { PixelRectangle, PixelSize, PixelSource } from './pixels.js'
import type { ResampleFilter } from './preprocessing.js'

/** Size and filter of the picture wanted. */
export interface ResizeTarget extends PixelSize {
  readonly filter: ResampleFilter
}

/** Exports of `assembly/resample.ts`; all arguments are addresses, byte lengths or counts. */
interface ResampleKernel {
  readonly memory: WebAssembly.Memory
  compositeOnWhite(address: number, pixels: number): void
  resampleRows(
    source: number,
    width: number,
    rows: number,
    starts: number,
    weights: number,
    pairs: number,
    outputs: number,
    destination: number,
    destinationStride: number,
    planes: number,
  ): void
  resampleColumns(
    source: number,
    stride: number,
    starts: number,
    weights: number,
    pairs: number,
    outputs: number,
    destination: number,
  ): void
}

/** About as many source bytes as stay in a processor's second-level cache while they are resampled. */
const STRIP_BYTES = 512 * 1024
/** The horizontal pass takes this many rows at once. */
const ROW_GROUP = 4

/**
 * Resizes pictures exactly as Pillow's `Image.resize` does with the same filter on 8-bit RGB, to the byte.
 * Transparent pictures are composited on white first. Runs wherever WebAssembly with SIMD does.
 */
export class Resampler {
  #kernel: ResampleKernel | null
  #last: Promise<unknown> = Promise.resolve()

  private constructor(kernel: ResampleKernel) {
    this.#kernel = kernel
  }

  static async open(): Promise<Resampler> {
    const { instance } = await WebAssembly.instantiate(resampleWasm())
    return new Resampler(instance.exports as unknown as ResampleKernel)
  }

  /**
   * Resizes `source`, or only its `region`, to `target`.
   * Like Pillow's `crop` followed by `resize`: pixels outside the region do not matter.
   * Calls on one resampler run one after the other.
   *
   * @returns RGB bytes, row after row, `target.height * target.width * 3` of them.
   * @throws the signal's reason once it is aborted; whatever `source.read` throws; RangeError for a region that is
   * not inside the picture.
   */
  async resize(
    source: PixelSource,
    target: ResizeTarget,
    options: { region?: PixelRectangle | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<Uint8Array> {
    const region = options.region ?? { x: 0, y: 0, width: source.width, height: source.height }
    if (!isInside(region, source)) throw new RangeError('the region is empty or not inside the picture')
    const result = this.#last.then(() => this.#resize(source, target, region, options.signal))
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Frees the kernel's memory. Calls that follow reject. */
  close(): void {
    this.#kernel = null
  }

  async #resize(
    source: PixelSource,
    target: ResizeTarget,
    region: PixelRectangle,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const kernel = this.#kernel
    if (!kernel) throw new Error('the resampler is closed')
    const horizontal = filterWeights(region.width, target.width, target.filter)
    const vertical = filterWeights(region.height, target.height, target.filter)
    const sourceStride = region.width * 4
    const stride = roundUp(target.width * 4, 16)
    const stripRows = Math.min(
      roundUp(region.height, ROW_GROUP),
      roundUp(Math.ceil(STRIP_BYTES / sourceStride), ROW_GROUP),
    )

    const layout = new MemoryLayout()
    const columns = layout.weightTable(horizontal)
    const rows = layout.weightTable(vertical)
    const strip = layout.reserve(stripRows * sourceStride + 16)
    const planes = layout.reserve((roundUp(region.width, 4) + horizontal.pairs * 2) * 24)
    const narrowed = layout.reserve((region.height + ROW_GROUP + vertical.pairs * 2) * stride)
    const resized = layout.reserve(target.height * stride)
    const memory = layout.growToFit(kernel.memory)
    columns.write(memory)
    rows.write(memory)

    for (let y = 0; y < region.height; y += stripRows) {
      signal?.throwIfAborted()
      const height = Math.min(stripRows, region.height - y)
      const area = { x: region.x, y: region.y + y, width: region.width, height }
      await source.read(area, new Uint8Array(memory, strip, height * sourceStride))
      if (source.transparency === 'straight') {
        kernel.compositeOnWhite(strip, roundUp(height * region.width, 4))
      }
      kernel.resampleRows(
        strip,
        region.width,
        roundUp(height, ROW_GROUP),
        columns.starts,
        columns.weights,
        horizontal.pairs,
        target.width,
        narrowed + y * stride,
        stride,
        planes,
      )
    }
    kernel.resampleColumns(
      narrowed,
      stride,
      rows.starts,
      rows.weights,
      vertical.pairs,
      target.height,
      resized,
    )
    return packRgb(new Uint8Array(memory, resized, target.height * stride), stride, target, source.channels)
  }
}

/** Hands out addresses in the kernel's memory, from 0 up. */
class MemoryLayout {
  #end = 0

  reserve(bytes: number): number {
    const address = this.#end
    this.#end = roundUp(address + bytes, 16)
    return address
  }

  weightTable(table: WeightTable) {
    const starts = this.reserve(table.starts.byteLength)
    const weights = this.reserve(table.weights.byteLength)
    return {
      starts,
      weights,
      write(memory: ArrayBuffer) {
        new Uint32Array(memory, starts, table.starts.length).set(table.starts)
        new Int16Array(memory, weights, table.weights.length).set(table.weights)
      },
    }
  }

  growToFit(memory: WebAssembly.Memory): ArrayBuffer {
    const missing = this.#end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
    return memory.buffer as ArrayBuffer
  }
}

function packRgb(
  pixels: Uint8Array,
  stride: number,
  { width, height }: PixelSize,
  channels: PixelSource['channels'],
): Uint8Array {
  const red = channels === 'rgb' ? 0 : 2
  const rgb = new Uint8Array(width * height * 3)
  let written = 0
  for (let y = 0; y < height; y++) {
    for (let pixel = y * stride; pixel < y * stride + width * 4; pixel += 4) {
      rgb[written++] = pixels[pixel + red] as number
      rgb[written++] = pixels[pixel + 1] as number
      rgb[written++] = pixels[pixel + 2 - red] as number
    }
  }
  return rgb
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

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
