import { rank } from '../../../src/ranking/rank.js'
import { encodeVectors, type VectorFormat } from '../../../src/vectors/encoded-vectors.js'
import { RowSet } from '../../../src/vectors/row-set.js'
import { openScanKernel, type ScanKernel, scanKernels } from '../../../src/vectors/scan-kernel.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { ClusteredVectors } from '../../bench/vectors/clustered-vectors.js'

export interface Question {
  readonly format: VectorFormat
  readonly dimensions: number
  readonly rows: number
}

/** The kernels of this browser, the fastest first, and the one that the package chooses. */
export function kernelNames() {
  return { all: scanKernels().map(({ name }) => name), chosen: openScanKernel().name }
}

/** The ranked lists of five queries among two thirds of the rows, for each kernel, as text. */
export function listsByKernel({ format, dimensions, rows }: Question): string[] {
  const vectors = new ClusteredVectors(dimensions)
  const queries = Array.from({ length: 5 }, () => vectors.next())
  const floats = Array.from({ length: rows }, () => vectors.next())
  // Copies, so that ties happen.
  for (let row = 0; row < rows; row += 10) floats[row] = floats[0] as Float32Array
  const encoded = encodeVectors(floats, dimensions, format)
  const entries = floats.map((_, row) => ({ id: `sku-${row}`, contentKey: '' }))
  const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions })
  const eligible = RowSet.where(rows, (row) => row % 3 !== 1)
  return scanKernels().map((kernel: ScanKernel) => {
    const table = new VectorTable(space, format, kernel)
    table.setAll(entries, encoded)
    const lists = queries.map((vector) => rank(table, { space, vector }, { limit: 20 }, { eligible }))
    return JSON.stringify(lists.map((list) => list.map(({ id, score }) => [id, score])))
  })
}
