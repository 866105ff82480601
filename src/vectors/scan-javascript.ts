import { dotProduct } from './dot-product.js'
import type { LinearMemory, Precision, RowAddresses, RowBounds, ScanKernel } from './scan-kernel.js'
import { floatError } from './scan-query.js'
import { rowViews } from './scan-rows.js'

const pageBytes = 65536

/** For engines without WebAssembly SIMD, and pages whose policy forbids it. */
export class JavaScriptKernel implements ScanKernel {
  readonly name = 'javascript'
  readonly memory: LinearMemory = new PlainMemory()

  measure(at: RowAddresses, first: number, count: number): RowBounds {
    const vectors = rowViews(this.memory.buffer, at, first + count)
    let largest = 0
    for (let row = first; row < first + count; row++) {
      const start = row * at.dimensions
      let squares = 0
      for (const component of vectors.data.subarray(start, start + at.dimensions))
        squares += component * component
      const scale = vectors.scales?.[row] ?? 1
      largest = Math.max(largest, Math.sqrt(squares) * scale)
    }
    return { norm: largest, error: 0 }
  }

  score(at: RowAddresses, count: number, query: Float32Array): Precision {
    const vectors = rowViews(this.memory.buffer, at, count)
    const scores = this.#scores(at, roundUp(count, 4))
    const eligible = new Uint8Array(this.memory.buffer, at.eligible, (count + 7) >> 3)
    scores.fill(Number.NEGATIVE_INFINITY)
    for (let row = 0; row < count; row++) {
      if (((eligible[row >> 3] as number) >> (row & 7)) & 1) scores[row] = dotProduct(vectors, row, query)
    }
    return { unit: 1, error: floatError(query, 1) }
  }

  nthLargest(at: RowAddresses, count: number, wanted: number): number {
    const ascending = this.#scores(at, count).slice().sort()
    return ascending[count - wanted] ?? Number.NEGATIVE_INFINITY
  }

  collect(at: RowAddresses, count: number, minimum: number): number {
    const scores = this.#scores(at, count)
    const found = new Int32Array(this.memory.buffer, at.found, count)
    let length = 0
    for (let row = 0; row < count; row++) if ((scores[row] as number) >= minimum) found[length++] = row
    return length
  }

  #scores(at: RowAddresses, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, at.scores, count)
  }
}

class PlainMemory implements LinearMemory {
  buffer = new ArrayBuffer(0)

  grow(pages: number): number {
    const before = this.buffer.byteLength
    const larger = new Uint8Array(before + pages * pageBytes)
    larger.set(new Uint8Array(this.buffer))
    this.buffer = larger.buffer
    return before / pageBytes
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
