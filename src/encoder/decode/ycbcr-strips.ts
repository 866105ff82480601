import { type MemoryLayout, roundUp } from '../resample/kernel-memory.js'
import type { ChromaSubsampling, YcbcrLayout, YcbcrSource } from './pixels.js'
import type { ReadStrip, StripsOf } from './strips.js'

/** How many columns and rows of pixels share a chroma sample. */
const STEPS: Readonly<Record<ChromaSubsampling, { readonly columns: 1 | 2; readonly rows: 1 | 2 }>> = {
  '4:2:0': { columns: 2, rows: 2 },
  '4:2:2': { columns: 2, rows: 1 },
  '4:4:4': { columns: 1, rows: 1 },
}
/** What a strip takes more than its pixels: where it cuts chroma samples, and for their neighbours. */
const MARGIN = 6
/** The kernel works on so many samples at once. */
const GROUP = 16

/**
 * Strips of a JPEG's planes, which become the RGB that libjpeg makes of them, to the byte. See `reserveStrips`.
 * Only for pictures with more than two columns of chroma: libjpeg has another filter for narrower ones.
 */
export function reserveYcbcrStrips(layout: MemoryLayout, strips: StripsOf<YcbcrSource>): ReadStrip {
  const { kernel, source, axes } = strips
  const stored = axes.transposed ? { width: source.height, height: source.width } : source
  const step = STEPS[source.subsampling]
  const stride = roundUp(strips.width + MARGIN, GROUP)
  const planeBytes = stride * (strips.height + MARGIN)
  const planes = layout.reserve(planeBytes * 3 + GROUP)
  const sums = layout.reserve(stride * 2 + 18)
  const upsampledCb = layout.reserve(stride + GROUP)
  const upsampledCr = layout.reserve(stride + GROUP)
  const [luma, cb, cr] = [planes, planes + planeBytes, planes + planeBytes * 2]
  const planeLayout: YcbcrLayout = [
    { offset: 0, stride },
    { offset: planeBytes, stride },
    { offset: planeBytes * 2, stride },
  ]

  return async (area, address) => {
    const columns = chromaSpan(area.x, area.width, step.columns, stored.width)
    const rows = chromaSpan(area.y, area.height, step.rows, stored.height)
    const x = columns.first * step.columns
    const y = rows.first * step.rows
    const width = Math.min(columns.count * step.columns, stored.width - x)
    const height = Math.min(rows.count * step.rows, stored.height - y)
    const target = new Uint8Array(kernel.memory.buffer as ArrayBuffer, planes, planeBytes * 3)
    await source.readPlanes({ x, y, width, height }, target, planeLayout)

    const left = area.x - x
    for (let row = area.y; row < area.y + area.height; row++) {
      const near = Math.floor(row / step.rows) - rows.first
      const far = step.rows === 1 ? near : clamp(row % 2 === 0 ? near - 1 : near + 1, rows.count)
      /** Where a row of chroma is that has a sample for each pixel. */
      const chromaRow = (plane: number, upsampled: number) => {
        const samples = { near: plane + near * stride, far: plane + far * stride, columns: columns.count }
        if (step.columns === 1) return samples.near
        kernel.upsampleChroma({ ...samples, rowsAreHalved: step.rows === 2 }, sums, upsampled)
        return upsampled
      }
      kernel.ycbcrToRgb(
        luma + (row - y) * stride + left,
        chromaRow(cb, upsampledCb) + left,
        chromaRow(cr, upsampledCr) + left,
        area.width,
        address + (row - area.y) * area.width * 4,
      )
    }
  }
}

/** The chroma samples along one axis that `length` positions from `start` on are made of, and their neighbours. */
function chromaSpan(start: number, length: number, step: 1 | 2, size: number) {
  const reach = step - 1
  const first = Math.max(Math.floor(start / step) - reach, 0)
  const last = Math.min(Math.floor((start + length - 1) / step) + reach, Math.ceil(size / step) - 1)
  return { first, count: last - first + 1 }
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), count - 1)
}
