import { filterWeights } from './filter-weights.js'
import type { PixelRectangle, PixelSize, PixelSource } from './pixels.js'
import type { ResampleFilter } from './preprocessing.js'
import { MemoryLayout, type ResampleKernel, ROW_GROUP } from './resample-kernel.js'

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
  const strip = layout.reserveRows(Math.min(stripRows, region.height), width)
  const narrowed = layout.reserveRows(region.height, target.width, vertical)
  const resized = layout.reserveRows(target.height, target.width)
  const memory = layout.apply(kernel.memory)

  for (let row = 0; row < region.height; row += stripRows) {
    const rows = Math.min(stripRows, region.height - row)
    await readOnWhite(work, { x, y: region.y + row, width, height: rows }, memory, strip)
    kernel.narrow(horizontal, { address: strip, width, rows, planes }, narrowed + row * target.width * 4)
  }
  kernel.shorten(vertical, { address: narrowed, width: target.width }, resized)
  return packRgb(memory, resized, target, source.channels)
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
  const pixels = layout.reserveRows(region.height, width, vertical)
  const shortened = layout.reserveRows(target.height, width)
  const resized = layout.reserveRows(target.height, target.width)
  const memory = layout.apply(kernel.memory)

  await readOnWhite(work, region, memory, pixels)
  kernel.shorten(vertical, { address: pixels, width }, shortened)
  kernel.narrow(horizontal, { address: shortened, width, rows: target.height, planes }, resized)
  return packRgb(memory, resized, target, source.channels)
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

function packRgb(
  memory: ArrayBuffer,
  address: number,
  { width, height }: PixelSize,
  channels: PixelSource['channels'],
): Uint8Array {
  const pixels = new Uint8Array(memory, address, width * height * 4)
  const red = channels === 'rgb' ? 0 : 2
  const rgb = new Uint8Array(width * height * 3)
  for (let pixel = 0, written = 0; pixel < pixels.length; pixel += 4, written += 3) {
    rgb[written] = pixels[pixel + red] as number
    rgb[written + 1] = pixels[pixel + 1] as number
    rgb[written + 2] = pixels[pixel + 2 - red] as number
  }
  return rgb
}
