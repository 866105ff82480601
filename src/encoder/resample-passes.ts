import { filterWeights } from './filter-weights.js'
import type { PixelRectangle, PixelSize, PixelSource } from './pixels.js'
import type { ResampleFilter } from './preprocessing.js'
import { MemoryLayout, type ResampleKernel, ROW_GROUP, type Rows, rowsFrom } from './resample-kernel.js'

/** Size and filter of the picture wanted. */
export interface ResizeTarget extends PixelSize {
  readonly filter: ResampleFilter
}

/** One picture on its way through the kernel. */
export interface ResizeWork {
  readonly kernel: ResampleKernel
  readonly source: PixelSource
  readonly region: PixelRectangle
  readonly target: ResizeTarget
  readonly signal: AbortSignal | undefined
}

/** The horizontal pass, some `stripBytes` bytes of the source at a time, then the vertical pass. Returns RGB bytes. */
export async function narrowThenShorten(work: ResizeWork, stripBytes: number): Promise<Uint8Array> {
  const { kernel, source, region, target } = work
  const { x, width } = region
  const stripRows = Math.ceil(stripBytes / (width * 4 * ROW_GROUP)) * ROW_GROUP

  const layout = new MemoryLayout()
  const { horizontal, vertical } = placeWeights(layout, work)
  const planes = layout.reservePlanes(width, horizontal)
  const strip = layout.reservePixels(Math.min(stripRows, region.height), width)
  const narrowed = layout.reserveRgb(region.height, target.width, vertical)
  const resized = layout.reserveRgb(target.height, target.width)
  const memory = layout.apply(kernel.memory)

  const isBgr = source.channels === 'bgr'
  for (let row = 0; row < region.height; row += stripRows) {
    const rows = Math.min(stripRows, region.height - row)
    await readOnWhite(work, { x, y: region.y + row, width, height: rows }, memory, strip.address)
    kernel.narrow(horizontal, { ...strip, rows, width, isBgr, planes }, rowsFrom(narrowed, row))
  }
  kernel.shorten(vertical, narrowed, resized)
  return withoutGaps(memory, resized, target.width * 3)
}

/**
 * The vertical pass, then the horizontal pass. The bytes are not those of the other order, because each pass
 * rounds. Holds the whole region.
 */
export async function shortenThenNarrow(work: ResizeWork): Promise<Uint8Array> {
  const { kernel, source, region, target } = work
  const { width } = region

  const layout = new MemoryLayout()
  const { horizontal, vertical } = placeWeights(layout, work)
  const planes = layout.reservePlanes(width, horizontal)
  const pixels = layout.reservePixels(region.height, width, vertical)
  const shortened = layout.reservePixels(target.height, width)
  const resized = layout.reserveRgb(target.height, target.width)
  const memory = layout.apply(kernel.memory)

  await readOnWhite(work, region, memory, pixels.address)
  kernel.shorten(vertical, pixels, shortened)
  kernel.narrow(horizontal, { ...shortened, width, isBgr: source.channels === 'bgr', planes }, resized)
  return withoutGaps(memory, resized, target.width * 3)
}

function placeWeights(layout: MemoryLayout, { region, target }: ResizeWork) {
  return {
    horizontal: layout.weights(filterWeights(region.width, target.width, target.filter)),
    vertical: layout.weights(filterWeights(region.height, target.height, target.filter)),
  }
}

async function readOnWhite(
  { kernel, source, signal }: ResizeWork,
  area: PixelRectangle,
  memory: ArrayBuffer,
  address: number,
): Promise<void> {
  signal?.throwIfAborted()
  const pixels = area.width * area.height
  await source.read(area, new Uint8Array(memory, address, pixels * 4))
  if (source.transparency === 'straight') kernel.compositeOnWhite(address, pixels)
}

function withoutGaps(memory: ArrayBuffer, { address, rows, stride }: Rows, rowBytes: number): Uint8Array {
  const bytes = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    bytes.set(new Uint8Array(memory, address + row * stride, rowBytes), row * rowBytes)
  }
  return bytes
}
