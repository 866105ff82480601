import { selectTop } from '../../ranking/select-top.js'
import { dotProduct } from '../../vectors/dot-product.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import { nearestCells } from '../../vectors/nearest-cells.js'
import type { Pack } from '../../vectors/pack.js'
import { RowSet } from '../../vectors/row-set.js'
import { Scan } from '../../vectors/scan.js'
import { RowMemory } from '../../vectors/scan-memory.js'
import type { Cells } from './divide.js'

/** Length of the lists that are compared. */
const listLength = 12
const largestSample = 200

/**
 * How much of the lists of a full scan is found in the nearest cells alone, for products of the catalogue as queries.
 * @returns the mean share at `[n - 1]` where the `n` nearest cells are looked at, up to `most`.
 */
export function recallOfCells(pack: Pack, { centroids, cellOf }: Cells, most: number): number[] {
  const { vectors, space, entries } = pack
  const memory = new RowMemory(vectors.format, space.dimensions)
  memory.reserve(vectors.count)
  const bounds = memory.write(0, vectors)
  const everyRow = RowSet.all(vectors.count)
  const step = Math.max(1, Math.floor(vectors.count / largestSample))
  const found = new Array<number>(Math.min(most, centroids.count)).fill(0)
  let wanted = 0
  for (let row = 0; row < vectors.count; row += step) {
    const query = decodeVector(vectors, row)
    const candidates = new Scan(memory, vectors.count, bounds, query, everyRow).candidates(listLength + 1)
    const best = selectTop(candidates, (other) => dotProduct(vectors, other, query), entries, {
      count: listLength + 1,
      minScore: -1,
    })
    const list = best.filter((candidate) => candidate.row !== row).slice(0, listLength)
    const order = nearestCells(centroids, query)
    const rankOf = new Map(order.map((cell, rank) => [cell, rank]))
    wanted += list.length
    for (const candidate of list) {
      const rank = rankOf.get(cellOf[candidate.row] as number) as number
      for (let probes = rank; probes < found.length; probes++) found[probes] = (found[probes] as number) + 1
    }
  }
  return found.map((count) => (wanted === 0 ? 1 : count / wanted))
}
