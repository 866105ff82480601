import { setMaxListeners } from 'node:events'
import pMap from 'p-map'
import { rankNearest } from '../../engines/rank-nearest.js'
import { isStorable, isStorableId } from '../../engines/storable.js'
import { toFloats } from '../../engines/stored-vector.js'
import type { EngineRow, VectorEngine } from '../../engines/vector-engine.js'
import { SimilarItemsError } from '../../errors.js'
import type { Product } from '../../types.js'
import type { Pack } from '../../vectors/pack.js'
import { assertSameSpace } from '../../vectors/space.js'
import type { NeighborLists } from './neighbor-lists.js'

export interface EngineNeighborOptions {
  readonly engine: VectorEngine
  readonly count: number
  readonly perGroup: number
  readonly products: ReadonlyMap<string, Pick<Product, 'item_group_id'>> | undefined
  readonly onProgress: (done: number, total: number) => void
  readonly signal: AbortSignal | undefined
}

/** Questions that are on their way at once: enough for a database with some connections. */
const questionsAtOnce = 8

/** Products whose rows are read at once. */
const batch = 200

/**
 * Sets the list of every product of a pack to what the server would answer for it. What the engine has beyond the pack
 * is in no list.
 * @throws SimilarItemsError `space-mismatch`, `engine-empty`, `product-unknown` where the pack has not been pushed; what
 * the engine throws; the signal's reason on abort.
 */
export async function fillFromEngine(
  lists: NeighborLists,
  pack: Pack,
  { engine, count, perGroup, products = new Map(), onProgress, signal: given }: EngineNeighborOptions,
): Promise<void> {
  const rowOf = new Map(lists.ids.map((id, row) => [id, row]))
  // Every question on its way listens to it several times; Node warns from eleven on.
  const signal = given && AbortSignal.any([given])
  if (signal) setMaxListeners(0, signal)
  const fill = async (subject: EngineRow): Promise<void> => {
    const { id, group, vector, product } = subject
    const embedding = { space: pack.space, vector: toFloats(vector) }
    const shown = [{ contentKey: String(product.image_link), vector: embedding.vector }]
    const filter = { exceptIds: [id], exceptGroups: group ? [group] : [], conditions: [] }
    const ranked = await rankNearest(engine, embedding, { limit: count, perGroup }, { filter, shown, signal })
    const neighbors = ranked.flatMap(({ row, score }) => {
      const other = rowOf.get(row.id)
      return other === undefined ? [] : [{ row: other, score }]
    })
    lists.set(rowOf.get(id) as number, neighbors)
  }
  for (let start = 0; start < lists.size; start += batch) {
    signal?.throwIfAborted()
    const ids = lists.ids.slice(start, start + batch).filter((id) => isPushed(id, products))
    const { space, rows } = await engine.vectorOf(ids, signal)
    assertSameSpace(space, pack.space)
    assertPushed(ids, rows)
    await pMap(rows, fill, { concurrency: questionsAtOnce })
    onProgress(Math.min(start + batch, lists.size), lists.size)
  }
}

/** Others are in no engine: push has said so. */
function isPushed(id: string, products: ReadonlyMap<string, Pick<Product, 'item_group_id'>>): boolean {
  const isKnown = products.size === 0 || products.has(id)
  return isKnown && isStorableId(id) && isStorable(products.get(id)?.item_group_id ?? '')
}

function assertPushed(ids: readonly string[], rows: readonly EngineRow[]): void {
  const known = new Set(rows.map(({ id }) => id))
  const missing = ids.find((id) => !known.has(id))
  if (missing === undefined) return
  const message = `The engine has no product "${missing}". Load the folder with \`similar-items push\` first.`
  throw new SimilarItemsError('product-unknown', message, { subject: missing })
}
