import { createHash } from 'node:crypto'
import { filterValues } from '../../engines/filter-values.js'
import { isStorable, isStorableId } from '../../engines/storable.js'
import { storedVector, toBase64 } from '../../engines/stored-vector.js'
import type { FilterValues, VectorEngine, WrittenRow } from '../../engines/vector-engine.js'
import { SimilarItemsError } from '../../errors.js'
import type { Product, SkippedItem, Space } from '../../types.js'
import { shardNumberOf } from '../shards/shard.js'
import { shardOf } from '../shards/shard-file.js'
import { type OpenedPack, openPack } from './open-pack.js'

export interface PushOptions {
  /** Folder that `indexCatalog` wrote, of a whole catalogue or a shard. */
  readonly folder: string
  readonly engine: VectorEngine
  /**
   * Leaves products that the pack does not have where they are. Default false; of a shard's folder, those of other shards
   * stay in any case.
   */
  readonly keep?: boolean
  /** Answers from the pack's space once everything is written. Default true; false while other shards are missing. */
  readonly activate?: boolean
  /** Rows that are written at once. Default: the engine's, or 500. */
  readonly batch?: number | undefined
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal | undefined
}

export interface PushReport {
  readonly space: Space
  readonly written: number
  readonly unchanged: number
  readonly removed: number
  /** Products that no engine can store. */
  readonly skipped: readonly SkippedItem[]
}

/**
 * Loads a pack with its products into an engine: what has changed since the last time, then the switch to its space,
 * and last the removal of what is gone. One that was interrupted goes on where it was.
 * @throws SimilarItemsError as `openPack`, `pack-invalid` for a pack without products; what the engine throws; the
 * signal's reason on abort.
 */
export async function pushPack(options: PushOptions): Promise<PushReport> {
  const { engine, keep = false, activate = true, signal } = options
  const batch = options.batch ?? engine.batch ?? 500
  const opened = await openPack(options.folder)
  const shard = await shardOf(options.folder, opened)
  const { space } = opened.pack
  const stored = await storedVersions(engine, space, signal)
  const skipped: SkippedItem[] = []
  const total = opened.pack.entries.length
  let changed: WrittenRow[] = []
  let done = 0
  let written = 0
  const flush = async () => {
    await engine.write(space, changed, signal)
    written += changed.length
    changed = []
    options.onProgress?.(done, total)
  }
  const gone = new Set(stored.keys())
  for (const row of rowsOf(opened, skipped)) {
    signal?.throwIfAborted()
    gone.delete(row.id)
    done++
    if (stored.get(row.id) !== row.version) changed.push(row)
    if (changed.length >= batch) await flush()
  }
  await flush()
  if (activate) await engine.activate(space, signal)
  const isOurs = (id: string) => !shard || shardNumberOf(id, shard.of) === shard.number
  const removed = keep ? [] : [...gone].filter(isOurs)
  for (let start = 0; start < removed.length; start += batch) {
    await engine.remove(space, removed.slice(start, start + batch), signal)
  }
  return { space, written, unchanged: done - written, removed: removed.length, skipped }
}

async function storedVersions(
  engine: VectorEngine,
  space: Space,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const versions = new Map<string, string>()
  for (let after = ''; ; ) {
    const page = await engine.versions(space, after, pageSize, signal)
    for (const [id, version] of page) versions.set(id, version)
    const last = page.at(-1)
    if (!last || page.length < pageSize) return versions
    after = last[0]
  }
}

const pageSize = 10_000

function* rowsOf({ pack, products, path }: OpenedPack, skipped: SkippedItem[]): Generator<WrittenRow> {
  if (products.size === 0 && pack.entries.length > 0) {
    const message = `${path} is a pack without products. Push the folder that index wrote.`
    throw new SimilarItemsError('pack-invalid', message, { subject: path })
  }
  for (const [index, { id }] of pack.entries.entries()) {
    const product = products.get(id)
    const group = product?.item_group_id || null
    if (!product) skipped.push({ id, reason: 'It has a vector, but is not among the products.' })
    else if (!isStorableId(id) || (group !== null && !isStorable(group))) {
      const reason = 'Its id or item_group_id is too long, or has a NUL or half a surrogate pair in it.'
      skipped.push({ id, reason })
    } else {
      const vector = storedVector(pack.vectors, index)
      const values = filterValues(product)
      const version = versionOf(product, values, toBase64(vector.levels), vector.scale)
      yield { id, group, vector, product, values, version }
    }
  }
}

/** With the values: another release may take others from the same product. */
function versionOf(product: Product, values: FilterValues, levels: string, scale: number): string {
  const text = JSON.stringify([product, values, levels, scale])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
