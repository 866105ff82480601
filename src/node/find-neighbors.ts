import type { Candidate } from '../ranking/candidate.js'
import { collapseNearDuplicates } from '../ranking/collapse-near-duplicates.js'
import { defaultRanking } from '../ranking/rank.js'
import type { Product } from '../types.js'
import { decodeVector } from '../vectors/encoded-vectors.js'
import type { NeighborList } from '../vectors/neighbor-shard.js'
import type { Pack } from '../vectors/pack.js'
import { VectorTable } from '../vectors/vector-table.js'
import { exactSearch, openApproximateSearch, type RowSearch } from './row-search.js'

/** Up to here every vector is compared with every other. */
export const largestExactPack = 100_000

export interface NeighborOptions {
  /** Length of a list. Default 24. */
  readonly count?: number | undefined
  /** Default `auto`: exact up to `largestExactPack` vectors. */
  readonly search?: 'auto' | 'exact' | 'approximate' | undefined
  /** Variants of one product, by `item_group_id`, are not neighbours of each other. */
  readonly products?: ReadonlyMap<string, Product> | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface FoundNeighbors {
  readonly search: 'exact' | 'approximate'
  /** How much of the exact lists the approximate ones have, measured on a sample; 1 for exact ones. */
  readonly recall: number
  /** In pack order. */
  readonly lists: ReadonlyMap<string, NeighborList>
}

/**
 * For every vector of a pack the products that a page would show: without the product itself, its variants, and
 * pictures that are the same to the eye.
 * @throws SimilarItemsError `package-missing` where an approximate search is needed; the signal's reason on abort.
 */
export async function findNeighbors(pack: Pack, options: NeighborOptions = {}): Promise<FoundNeighbors> {
  const { count = 24, products = new Map(), onProgress = () => undefined, signal } = options
  const table = new VectorTable(pack.space, pack.vectors.format)
  table.setAll(pack.entries, pack.vectors)
  const exact = exactSearch(table)
  const isExact =
    options.search === 'exact' || (options.search !== 'approximate' && table.size <= largestExactPack)
  const search = isExact ? exact : await openApproximateSearch(table, signal)
  const groups = groupSizes(products)

  const listOf = (row: number, find: RowSearch): Candidate[] => {
    const id = idOf(table, row)
    const group = products.get(id)?.item_group_id
    const wanted = 2 * count + 16 + (group === undefined ? 1 : (groups.get(group) ?? 1))
    const others = find(row, wanted).filter(
      (other) =>
        other.row !== row && !(group !== undefined && products.get(other.id)?.item_group_id === group),
    )
    const vectorOf = (other: number) => decodeVector(table.vectors, other)
    return collapseNearDuplicates(others, vectorOf, defaultRanking.nearDuplicate).slice(0, count)
  }
  const lists = new Map<string, NeighborList>()
  for (let row = 0; row < table.size; row++) {
    lists.set(
      idOf(table, row),
      listOf(row, search).map(({ id, score }) => [id, Number(score.toFixed(4))]),
    )
    if (row % yieldInterval !== 0) continue
    onProgress(row, table.size)
    // An interruption is noticed only when other tasks get a turn.
    await new Promise(setImmediate)
    signal?.throwIfAborted()
  }
  onProgress(table.size, table.size)
  const recall = isExact ? 1 : measureRecall(table.size, (row) => [listOf(row, exact), listOf(row, search)])
  return { search: isExact ? 'exact' : 'approximate', recall, lists }
}

const yieldInterval = 100
const recallSample = 200

function measureRecall(
  rows: number,
  lists: (row: number) => [exact: Candidate[], found: Candidate[]],
): number {
  const step = Math.max(1, Math.floor(rows / recallSample))
  let expected = 0
  let found = 0
  for (let row = 0; row < rows; row += step) {
    const [exact, approximate] = lists(row)
    const ids = new Set(approximate.map(({ id }) => id))
    expected += exact.length
    found += exact.filter(({ id }) => ids.has(id)).length
  }
  return expected === 0 ? 1 : found / expected
}

function groupSizes(products: ReadonlyMap<string, Product>): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const { item_group_id: group } of products.values()) {
    if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  return sizes
}

function idOf(table: VectorTable, row: number): string {
  return table.entries[row]?.id as string
}
