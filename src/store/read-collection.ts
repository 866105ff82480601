import type { Connection } from './connection.js'
import { stampIn } from './kept-answers.js'
import { type Collection, type CollectionKey, chunksOf, type Schema } from './schema.js'
import { isUnreadable } from './storage-errors.js'

type ChunkKey = Schema['chunks']['key']

/** A collection as it is stored; nothing in it is checked. */
export interface StoredCollection {
  readonly collection: Collection | undefined
  /** Value `i` of `chunks` is stored under `keys[i]`; undefined where the browser has lost it. */
  readonly keys: readonly ChunkKey[]
  readonly chunks: readonly unknown[]
  /** What lists that were made of it belong to; undefined where there can be none. */
  readonly stamp: string | undefined
}

/** Reads a collection with all its chunks. */
export async function readCollection(connection: Connection, key: CollectionKey): Promise<StoredCollection> {
  try {
    return await readWhole(connection, key)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return await readPiecewise(connection, key)
  }
}

function readWhole(connection: Connection, key: CollectionKey): Promise<StoredCollection> {
  return connection.transact(['collections', 'chunks', 'answers'], 'readonly', async (transaction) => {
    const store = transaction.objectStore('chunks')
    const [collection, keys, chunks, stamp] = await Promise.all([
      transaction.objectStore('collections').get(key),
      store.getAllKeys(chunksOf(key)),
      store.getAll(chunksOf(key)),
      stampIn(transaction.objectStore('answers'), key[0]),
    ])
    return { collection, keys, chunks, stamp }
  })
}

/** Reads each chunk by itself: one that cannot be read fails the transaction it is read in. */
async function readPiecewise(connection: Connection, key: CollectionKey): Promise<StoredCollection> {
  const { collection, keys } = await connection.transact(
    ['collections', 'chunks'],
    'readonly',
    async (transaction) => ({
      collection: await transaction.objectStore('collections').get(key),
      keys: await transaction.objectStore('chunks').getAllKeys(chunksOf(key)),
    }),
  )
  const chunks: unknown[] = []
  for (const key of keys) chunks.push(await readChunk(connection, key))
  return { collection, keys, chunks, stamp: undefined }
}

async function readChunk(connection: Connection, key: ChunkKey): Promise<unknown> {
  try {
    return await connection.transact(['chunks'], 'readonly', (transaction) => {
      return transaction.objectStore('chunks').get(key)
    })
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}
