import type { Space } from '../types.js'
import { appendRows, type Chunk, dropRows } from './chunk.js'
import { dimensionMismatch, findDefect } from './chunk-border.js'
import { newRevision } from './new-revision.js'
import { type Collection, type CollectionKey, chunksOf, type Transaction } from './schema.js'

/** In which chunk each id of a collection is, as of a revision of it. */
export interface Directory {
  revision: string | undefined
  readonly chunkOfId: Map<string, number>
}

/** A change to one collection: the rows of `ids` are dropped, then those of `added` appended. */
export interface CollectionChange {
  readonly key: CollectionKey
  readonly space: Space
  readonly ids: ReadonlySet<string>
  readonly added: Chunk | null
  /** SHA-256 of the pack that `added` comes from. */
  readonly pack?: string | undefined
}

/**
 * Makes the change inside `transaction`, reading and writing only the chunks it concerns. Returns the directory
 * after it: `known`, brought up to date, or a new one where another tab has written since.
 */
export async function changeCollection(
  transaction: Transaction<'collections' | 'chunks' | 'answers', 'readwrite'>,
  { key, space, ids, added, pack }: CollectionChange,
  known: Directory | undefined,
): Promise<Directory> {
  const collections = transaction.objectStore('collections')
  const chunks = transaction.objectStore('chunks')
  const collection = await collections.get(key)
  assertDimensions(collection, space)
  const nextChunk = collection?.nextChunk ?? 0
  const directory =
    known && known.revision === collection?.revision ? known : await readDirectory(transaction, key, space)
  const { chunkOfId } = directory
  // Before the first change to it: should the transaction fail, the directory belongs to no revision.
  const revision = newRevision()
  directory.revision = revision

  const write = (number: number, chunk: Chunk) => {
    for (const id of chunk.ids) chunkOfId.set(id, number)
    return chunks.put(chunk, [...key, number])
  }
  const read = async (number: number) => {
    const chunk = await chunks.get([...key, number])
    return findDefect(chunk, space.dimensions) === null ? chunk : undefined
  }

  const last = added ? await read(nextChunk - 1) : undefined
  const concerned = new Set([...ids].flatMap((id) => chunkOfId.get(id) ?? []))
  for (const id of ids) chunkOfId.delete(id)
  if (last) concerned.delete(nextChunk - 1)
  for (const number of concerned) {
    const chunk = await read(number)
    if (!chunk) continue
    const rest = dropRows(chunk, ids)
    if (rest.ids.length === 0) await chunks.delete([...key, number])
    else if (rest !== chunk) await write(number, rest)
  }
  const pieces = added ? appendRows(last && dropRows(last, ids), added) : []
  const start = last ? nextChunk - 1 : nextChunk
  for (const [index, piece] of pieces.entries()) await write(start + index, piece)

  const nextAfter = start + pieces.length
  const from = pack ?? collection?.pack
  await collections.put({ space, usedAt: Date.now(), nextChunk: nextAfter, revision, pack: from }, key)
  return directory
}

/** @throws SimilarItemsError `space-mismatch` where the collection was written with other dimensions. */
export function assertDimensions(collection: Collection | undefined, space: Space): void {
  if (collection && collection.space.dimensions !== space.dimensions) {
    throw dimensionMismatch(collection.space.dimensions, space)
  }
}

async function readDirectory(
  transaction: Transaction<'collections' | 'chunks' | 'answers', 'readwrite'>,
  key: CollectionKey,
  space: Space,
): Promise<Directory> {
  const chunkOfId = new Map<string, number>()
  let cursor = await transaction.objectStore('chunks').openCursor(chunksOf(key))
  while (cursor) {
    const { key, value } = cursor
    if (findDefect(value, space.dimensions) === null) {
      for (const id of value.ids) chunkOfId.set(id, key[2])
    }
    cursor = await cursor.continue()
  }
  return { revision: undefined, chunkOfId }
}
