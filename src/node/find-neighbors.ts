import type { Candidate } from '../ranking/candidate.js'
import { collapseNearDuplicates } from '../ranking/collapse-near-duplicates.js'
import { defaultRanking } from '../ranking/rank.js'
import type { Product } from '../types.js'
import { decodeVector } from '../vectors/encoded-vectors.js'
import type { Pack } from '../vectors/pack.js'
import { NeighborLists } from './neighbor-lists.js'
import { openApproximateSearch, openExactSearch, type RowSearch } from './row-search.js'

/** Up to here every vector is compared with every other. */
export const largestExactPack = 100_000

export interface NeighborOptions {
  /** Length of a list. Default 24. */
  readonly count?: number | undefined
  /** Default `auto`: exact up to `largestExactPack` vectors. */
  readonly search?: 'auto' | 'exact' | 'approximate' | undefined
  /** Variants of one product, by `item_group_id`, are not neighbours of each other. */
  readonly products?: ReadonlyMap<string, Pick<Product, 'item_group_id'>> | undefined
  readonly onProgress?: ((progress: NeighborProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** How far the search is. An approximate one first builds its index. */
export interface NeighborProgress {
  readonly phase: 'index' | 'search'
  readonly done: number
  readonly total: number
}

export interface FoundNeighbors {
  readonly search: 'exact' | 'approximate'
  /** How much of the exact lists the approximate ones have, measured on a sample; 1 for exact ones. */
  readonly recall: number
  /** In pack order. */
  readonly lists: NeighborLists
}

/**
 * For every vector of a pack the products that a page would show: without the product itself, its variants, and
 * pictures that are the same to the eye.
 * @throws SimilarItemsError `package-missing` where an approximate search is needed; the signal's reason on abort.
 */
export async function findNeighbors(pack: Pack, options: NeighborOptions = {}): Promise<FoundNeighbors> {
  const { count = 24, search: wanted = 'auto', onProgress = () => undefined, signal } = options
  signal?.throwIfAborted()
  const rows = pack.entries.length
  const isExact = wanted === 'exact' || (wanted === 'auto' && rows <= largestExactPack)
  const exact = openExactSearch(pack)
  const report = (phase: NeighborProgress['phase']) => (done: number, total: number) =>
    onProgress({ phase, done, total })
  const search = isExact ? exact : await openApproximateSearch(pack, { onProgress: report('index'), signal })

  const groups = groupNumbers(pack, options.products ?? new Map())
  const ids = pack.entries.map(({ id }) => id)
  const lists = new NeighborLists(ids, count)
  for (let start = 0; start < rows; start += search.batch) {
    const end = Math.min(start + search.batch, rows)
    search.prepare(start, end, smallestPool(count))
    for (let row = start; row < end; row++) lists.set(row, listOf(pack, groups, search, row, count))
    report('search')(end, rows)
    // An interruption is noticed only when other tasks get a turn.
    await new Promise(setImmediate)
    signal?.throwIfAborted()
  }
  const compare = (row: number): [Candidate[], Candidate[]] => [
    listOf(pack, groups, exact, row, count),
    listOf(pack, groups, search, row, count),
  ]
  return {
    search: isExact ? 'exact' : 'approximate',
    recall: isExact ? 1 : measureRecall(rows, compare),
    lists,
  }
}

/** Some of what is most similar is left out. */
function smallestPool(count: number): number {
  return 2 * count + 16
}

/**
 * More is not looked through for one product. Where thousands of pictures are the same (they say that there is none),
 * their lists end early.
 */
const largestPool = 4096

function listOf(pack: Pack, groups: Int32Array, search: RowSearch, row: number, count: number): Candidate[] {
  const group = groups[row]
  const vectorOf = (other: number) => decodeVector(pack.vectors, other)
  const isOther = (other: Candidate) =>
    other.row !== row && (group === noGroup || groups[other.row] !== group)
  for (let pool = smallestPool(count); ; pool *= 4) {
    const found = search.find(row, pool)
    const others = found.filter(isOther)
    const list = collapseNearDuplicates(others, vectorOf, defaultRanking.nearDuplicate, count)
    if (list.length === count || found.length < pool || pool >= largestPool) return list
  }
}

const recallSample = 200

function measureRecall(
  rows: number,
  compare: (row: number) => [exact: Candidate[], found: Candidate[]],
): number {
  const step = Math.max(1, Math.floor(rows / recallSample))
  let expected = 0
  let found = 0
  for (let row = 0; row < rows; row += step) {
    const [exact, approximate] = compare(row)
    const rowsFound = new Set(approximate.map(({ row }) => row))
    expected += exact.length
    found += exact.filter(({ row }) => rowsFound.has(row)).length
  }
  return expected === 0 ? 1 : found / expected
}

const noGroup = -1

/** The number of every row's `item_group_id`. */
function groupNumbers(
  { entries }: Pack,
  products: ReadonlyMap<string, Pick<Product, 'item_group_id'>>,
): Int32Array {
  const numbers = new Map<string, number>()
  const groups = new Int32Array(entries.length).fill(noGroup)
  for (let row = 0; row < groups.length; row++) {
    const group = products.get((entries[row] as { id: string }).id)?.item_group_id
    if (group === undefined) continue
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    groups[row] = number
  }
  return groups
}
