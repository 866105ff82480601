import type { EncodedVectors } from './encoded-vectors.js'
import type { RowAddresses } from './scan-kernel.js'

/** The first `count` rows in a kernel's memory, as views. */
export function rowViews(
  buffer: ArrayBufferLike,
  { format, dimensions, rows, scales }: RowAddresses,
  count: number,
): EncodedVectors {
  const length = count * dimensions
  if (format === 'float32') {
    return { format, dimensions, count, data: new Float32Array(buffer, rows, length), scales: null }
  }
  const data = new Int8Array(buffer, rows, length)
  return { format, dimensions, count, data, scales: new Float32Array(buffer, scales, count) }
}
