import type { VectorEngine } from '../../engines/vector-engine.js'
import type { Candidate } from '../../ranking/candidate.js'
import { distinctCandidates } from '../../ranking/distinct-candidates.js'
import { nearDuplicateBound } from '../../ranking/near-duplicate-bound.js'
import { defaultRanking } from '../../ranking/rank.js'
import { groupRows, noGroup, type RowGroups } from '../../ranking/row-groups.js'
import type { Product } from '../../types.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import type { Pack } from '../../vectors/pack.js'
import { fillFromEngine } from './engine-neighbors.js'
import { NeighborLists } from './neighbor-lists.js'
import { openApproximateSearch, openExactSearch, type RowSearch } from './row-search.js'

/** Up to here every vector is compared with every other. */
export const largestExactPack = 100_000

export interface NeighborOptions {
  /** Length of a list. Default 24. */
  readonly count?: number | undefined
  /** Default `auto`: exact up to `largestExactPack` vectors. */
  readonly search?: 'auto' | 'exact' | 'approximate' | undefined
  /** Where the pack has been pushed to: it finds the neighbours, and `search` is its business. */
  readonly engine?: VectorEngine | undefined
  /** Variants of one product, by `item_group_id`, are not neighbours of each other. */
  readonly products?: ReadonlyMap<string, Pick<Product, 'item_group_id'>> | undefined
  /** At most so many variants of one other product are in a list. Default 1. */
  readonly perGroup?: number | undefined
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
  readonly search: 'exact' | 'approximate' | 'engine'
  /** How much of the exact lists the others have, measured on a sample; 1 for exact ones. */
  readonly recall: number
  /** In pack order. */
  readonly lists: NeighborLists
}

/**
 * For every vector of a pack the products that a page would show: without the product itself, its variants and its
 * picture, and with one of other pictures that are the same to the eye, and of other products' variants.
 * @throws SimilarItemsError `package-missing` where an approximate search is needed, `space-mismatch` for an engine of
 * another space, `product-unknown` for one that the pack has not been pushed to, and what it throws; the signal's reason
 * on abort.
 */
export async function findNeighbors(pack: Pack, options: NeighborOptions = {}): Promise<FoundNeighbors> {
  const { count = 24, search: wanted = 'auto', perGroup = defaultRanking.perGroup, engine, signal } = options
  const { onProgress = () => undefined } = options
  signal?.throwIfAborted()
  const rows = pack.entries.length
  const isExact = !engine && (wanted === 'exact' || (wanted === 'auto' && rows <= largestExactPack))
  const report = (phase: NeighborProgress['phase']) => (done: number, total: number) =>
    onProgress({ phase, done, total })
  const groups = groupRows(pack.entries, options.products ?? new Map())
  const wish = { count, perGroup, pool: smallestPool(count, groups) }
  const ids = pack.entries.map(({ id }) => id)
  const lists = new NeighborLists(ids, count)
  const exact = openExactSearch(pack)
  if (engine) {
    const { products } = options
    const onSearch = report('search')
    await fillFromEngine(lists, pack, { engine, count, perGroup, products, onProgress: onSearch, signal })
  } else {
    const search = isExact
      ? exact
      : await openApproximateSearch(pack, { onProgress: report('index'), signal })
    for (let start = 0; start < rows; start += search.batch) {
      const end = Math.min(start + search.batch, rows)
      search.prepare(start, end, wish.pool)
      for (let row = start; row < end; row++) lists.set(row, listOf(pack, groups, search, row, wish))
      report('search')(end, rows)
      // An interruption is noticed only when other tasks get a turn.
      await new Promise(setImmediate)
      signal?.throwIfAborted()
    }
  }
  const exactIds = (row: number) =>
    listOf(pack, groups, exact, row, wish).map(({ row: other }) => ids[other] as string)
  return {
    search: engine ? 'engine' : isExact ? 'exact' : 'approximate',
    recall: isExact ? 1 : measureRecall(lists, exactIds),
    lists,
  }
}

interface Wish {
  readonly count: number
  readonly perGroup: number
  /** So many are looked through at first. */
  readonly pool: number
}

/** Some of what is most similar is left out: more where products have many variants. */
function smallestPool(count: number, groups: RowGroups): number {
  const rows = groups.numbers.length
  const grouped = groups.numbers.reduce((sum, number) => sum + (number === noGroup ? 0 : 1), 0)
  const variants = rows / Math.max(1, rows - grouped + groups.size)
  return Math.ceil((2 * count + 16) * Math.min(8, variants))
}

/**
 * More is not looked through for one product. Where thousands of pictures are the same (they say that there is none),
 * their lists end early.
 */
const largestPool = 4096

function listOf(pack: Pack, groups: RowGroups, search: RowSearch, row: number, wish: Wish): Candidate[] {
  const { count: limit, perGroup } = wish
  const { entries } = pack
  const group = groups.numbers[row] ?? noGroup
  const vectorOf = (other: number) => decodeVector(pack.vectors, other)
  const isOther = ({ row: other }: Candidate) =>
    other !== row &&
    (group === noGroup || groups.numbers[other] !== group) &&
    entries[other]?.contentKey !== entries[row]?.contentKey
  const nearDuplicate = nearDuplicateBound(pack.space)
  const rules = { vectorOf, nearDuplicate, shown: [vectorOf(row)], groups, perGroup, limit }
  for (let { pool } = wish; ; pool *= 4) {
    const found = search.find(row, pool)
    const list = distinctCandidates(found.filter(isOther), rules)
    if (list.length === limit || found.length < pool || pool >= largestPool) return list
  }
}

const recallSample = 200

function measureRecall(lists: NeighborLists, exactIds: (row: number) => readonly string[]): number {
  const step = Math.max(1, Math.floor(lists.size / recallSample))
  let expected = 0
  let found = 0
  for (let row = 0; row < lists.size; row += step) {
    const exact = exactIds(row)
    const listed = new Set(lists.get(row).map(([id]) => id))
    expected += exact.length
    found += exact.filter((id) => listed.has(id)).length
  }
  return expected === 0 ? 1 : found / expected
}
