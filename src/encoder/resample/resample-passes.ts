import type { StoredAxes } from '../decode/orientation.js'
import type { PixelRectangle, PixelSize, PixelSource } from '../decode/pixels.js'
import { reserveStrips } from '../decode/strips.js'
import type { ResampleFilter } from '../model/preprocessing.js'
import { filterWeights } from './filter-weights.js'
import { MemoryLayout, outputsBetween, ROW_GROUP, type Rows, roundUp, rowsFrom } from './kernel-memory.js'
import type { ResampleKernel } from './resample-kernel.js'

/** Size and filter of the picture wanted. */
export interface ResizeTarget extends PixelSize {
  readonly filter: ResampleFilter
}

/** One picture on its way through the kernel. */
export interface ResizeWork {
  readonly kernel: ResampleKernel
  readonly source: PixelSource
  readonly axes: StoredAxes
  /** The part to resize, in the picture as it is stored. */
  readonly region: PixelRectangle
  /** Size and filter of the upright picture wanted. */
  readonly target: ResizeTarget
  /** About how many bytes of the source to hold at once. */
  readonly stripBytes: number
  readonly signal: AbortSignal | undefined
}

/** The pass along stored rows, over one strip of rows after the other, then the pass along columns. Returns RGB bytes. */
export async function narrowThenShorten(work: ResizeWork): Promise<Uint8Array> {
  const { kernel, source, region, stripBytes } = work
  const { x, width } = region
  const groupBytes = width * 4 * ROW_GROUP
  const stripRows = Math.min(Math.ceil(stripBytes / groupBytes) * ROW_GROUP, region.height)

  const layout = new MemoryLayout()
  const { horizontal, vertical } = placeWeights(layout, work)
  const planes = layout.reservePlanes(width, horizontal)
  const readStrip = reserveStrips(layout, { ...work, width, height: stripRows })
  const strip = layout.reservePixels(stripRows, width)
  const narrowed = layout.reserveRgb(region.height, horizontal.outputs, vertical)
  const resized = layout.reserveRgb(vertical.outputs, horizontal.outputs)
  const memory = layout.apply(kernel.memory)

  const isBgr = source.channels === 'bgr'
  for (let row = 0; row < region.height; row += stripRows) {
    const rows = Math.min(stripRows, region.height - row)
    work.signal?.throwIfAborted()
    await readStrip({ x, y: region.y + row, width, height: rows }, strip.address)
    kernel.narrow(horizontal, { ...strip, rows, width, isBgr, planes }, rowsFrom(narrowed, row))
  }
  kernel.shorten(vertical, narrowed, resized)
  return uprightBytes(work, memory, resized)
}

/**
 * The pass along stored columns, while rows come in strips, then the pass along rows. The bytes are not those of the
 * other order, because each pass rounds.
 */
export async function shortenThenNarrow(work: ResizeWork): Promise<Uint8Array> {
  const { kernel, source, region, stripBytes } = work
  const { x, height } = region
  const rowBytes = region.width * 4
  // the pass writes whole groups of four pixels; what is behind the last column has no weight
  const width = roundUp(region.width, 4)

  const layout = new MemoryLayout()
  const { horizontal, vertical } = placeWeights(layout, work)
  const planes = layout.reservePlanes(width, horizontal)
  const reach = vertical.pairs * 2
  const stripRows = Math.max(Math.ceil(stripBytes / rowBytes), reach)
  const readStrip = reserveStrips(layout, { ...work, width: region.width, height: stripRows })
  const slidingRows = layout.reservePixels(reach + stripRows, region.width, vertical)
  const shortened = layout.reservePixels(vertical.outputs, width)
  const resized = layout.reserveRgb(vertical.outputs, horizontal.outputs)
  const memory = layout.apply(kernel.memory)

  const starts = new Uint32Array(memory, vertical.starts, vertical.outputs)
  let top = 0
  let done = 0
  for (let row = 0; row < height; row += stripRows) {
    // rows that outputs to come need move to the top of the sliding rows
    const next = Math.min(starts[done] ?? row, row)
    const { address } = slidingRows
    new Uint8Array(memory).copyWithin(
      address,
      address + (next - top) * rowBytes,
      address + (row - top) * rowBytes,
    )
    top = next

    const rows = Math.min(stripRows, height - row)
    const strip = { x, y: region.y + row, width: region.width, height: rows }
    work.signal?.throwIfAborted()
    await readStrip(strip, address + (row - top) * rowBytes)

    const end = row + rows
    const ready = end < height ? starts.findIndex((start) => start + reach > end) : vertical.outputs
    kernel.shorten(
      outputsBetween(vertical, done, ready),
      rowsFrom(slidingRows, -top),
      rowsFrom(shortened, done),
    )
    done = ready
  }
  kernel.narrow(horizontal, { ...shortened, width, isBgr: source.channels === 'bgr', planes }, resized)
  return uprightBytes(work, memory, resized)
}

function placeWeights(layout: MemoryLayout, { axes, region, target }: ResizeWork) {
  const { mirroredColumns, mirroredRows } = axes
  const size = axes.transposed ? { width: target.height, height: target.width } : target
  return {
    horizontal: layout.weights(filterWeights(region.width, size.width, target.filter, mirroredColumns)),
    vertical: layout.weights(filterWeights(region.height, size.height, target.filter, mirroredRows)),
  }
}

/** The resized picture turned upright, without gaps between its rows. */
function uprightBytes({ axes, target }: ResizeWork, memory: ArrayBuffer, resized: Rows): Uint8Array {
  const bytes = new Uint8Array(target.width * target.height * 3)
  const pixels = new Uint8Array(memory)
  const columns = axes.transposed ? target.height : target.width
  const alongRow = axes.mirroredColumns ? -3 : 3
  const alongColumn = axes.mirroredRows ? -resized.stride : resized.stride
  const [toRight, toBelow] = axes.transposed ? [alongColumn, alongRow] : [alongRow, alongColumn]
  let rowStart =
    resized.address +
    (axes.mirroredColumns ? (columns - 1) * 3 : 0) +
    (axes.mirroredRows ? (resized.rows - 1) * resized.stride : 0)
  for (let written = 0; written < bytes.length; rowStart += toBelow) {
    let read = rowStart
    for (let column = 0; column < target.width; column++, read += toRight) {
      bytes[written++] = pixels[read] as number
      bytes[written++] = pixels[read + 1] as number
      bytes[written++] = pixels[read + 2] as number
    }
  }
  return bytes
}
