import { removeLists } from './kept-answers.js'
import { answersOf, type CollectionKey, chunksOf, type Transaction } from './schema.js'

const staleAfter = 30 * 24 * 60 * 60 * 1000

/**
 * Removes all kept lists, the vectors that no page has used for 30 days, and the feeds of catalogues that are left without
 * any. Returns how many records went.
 */
export async function evictStale(
  transaction: Transaction<'collections' | 'chunks' | 'catalogs' | 'answers', 'readwrite'>,
  now: number,
): Promise<number> {
  const collections = transaction.objectStore('collections')
  const catalogs = transaction.objectStore('catalogs')
  const inUse = new Set<string>()
  let evicted = await removeLists(transaction.objectStore('answers'))
  for (const key of await collections.getAllKeys()) {
    const collection = await collections.get(key)
    if (collection && collection.usedAt >= now - staleAfter) {
      inUse.add(key[0])
      continue
    }
    await removeCollection(transaction, key)
    evicted++
  }
  for (const catalogKey of await catalogs.getAllKeys()) {
    const catalog = await catalogs.get(catalogKey)
    if (inUse.has(catalogKey) || (catalog && catalog.storedAt >= now - staleAfter)) continue
    await catalogs.delete(catalogKey)
    await transaction.objectStore('answers').delete(answersOf(catalogKey))
    evicted++
  }
  return evicted
}

async function removeCollection(
  transaction: Transaction<'collections' | 'chunks' | 'catalogs' | 'answers', 'readwrite'>,
  key: CollectionKey,
): Promise<void> {
  await transaction.objectStore('chunks').delete(chunksOf(key))
  await transaction.objectStore('collections').delete(key)
  await transaction.objectStore('answers').delete(answersOf(key[0]))
}
