import type { MemoryLayout } from '../resample/kernel-memory.js'
import type { ResampleKernel } from '../resample/resample-kernel.js'
import type { StoredAxes } from './orientation.js'
import type { PixelRectangle, PixelSize, PixelSource } from './pixels.js'
import { reserveYcbcrStrips } from './ycbcr-strips.js'

/** Fills the kernel's memory from `address` on with the pixels of an area, of four bytes and opaque, without gaps. */
export type ReadStrip = (area: PixelRectangle, address: number) => Promise<void>

/** A picture that is read in strips of at most `width * height` pixels. */
export interface StripsOf<Source extends PixelSource = PixelSource> extends PixelSize {
  readonly kernel: ResampleKernel
  readonly source: Source
  readonly axes: StoredAxes
}

/** Reserves what reading needs besides the pixels themselves. Strips are read once the layout was applied. */
export function reserveStrips(layout: MemoryLayout, strips: StripsOf): ReadStrip {
  const { kernel, source } = strips
  if (source.channels === 'ycbcr') return reserveYcbcrStrips(layout, { ...strips, source })
  return async (area, address) => {
    const pixels = area.width * area.height
    await source.read(area, new Uint8Array(kernel.memory.buffer as ArrayBuffer, address, pixels * 4))
    if (source.transparency === 'straight') kernel.compositeOnWhite(address, pixels)
  }
}
