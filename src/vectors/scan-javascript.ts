import { dotProduct } from './dot-product.js'
import type { LinearMemory, Precision, RowAddresses, RowBounds, ScanKernel } from './scan-kernel.js'
import { floorOf, type SearchLimits } from './scan-limits.js'
import { floatError } from './scan-query.js'
import { rowViews } from './scan-rows.js'

const pageBytes = 65536

/** For engines without WebAssembly SIMD, and pages whose policy forbids it. */
export class JavaScriptKernel implements ScanKernel {
  readonly name = 'javascript'
  readonly memory: LinearMemory = new PlainMemory()
  #query: Float32Array = new Float32Array(0)

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

  setQuery(_at: RowAddresses, query: Float32Array): Precision {
    this.#query = query
    return { unit: 1, error: floatError(query, 1) }
  }

  search(at: RowAddresses, count: number, limits: SearchLimits): number {
    const { buffer } = this.memory
    const vectors = rowViews(buffer, at, count)
    const eligible = new Uint8Array(buffer, at.eligible, (count + 7) >> 3)
    const found = new Int32Array(buffer, at.found, count)
    const scores = new Float32Array(buffer, at.scores, count)
    let length = 0
    for (let row = 0; row < count; row++) {
      if (!(((eligible[row >> 3] as number) >> (row & 7)) & 1)) continue
      found[length] = row
      scores[length++] = dotProduct(vectors, row, this.#query)
    }
    const ascending = scores.slice(0, length).sort()
    const floor = floorOf(limits, ascending[length - limits.wanted] ?? Number.NEGATIVE_INFINITY)
    let kept = 0
    for (let index = 0; index < length; index++) {
      if ((scores[index] as number) < floor) continue
      found[kept] = found[index] as number
      scores[kept++] = scores[index] as number
    }
    return kept
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
