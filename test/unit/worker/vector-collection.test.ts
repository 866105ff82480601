import { expect, test } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import type { VectorStore } from '../../../src/store/vector-store.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const events = {
  isCurrent: () => true,
  onLoaded: () => undefined,
  onWanted: () => undefined,
  isStarting: () => false,
}

test('a pack whose damaged vectors the store drops while it reads is not taken to be here', async () => {
  const memory = new MemoryStore()
  let pack: string | undefined = 'hash'
  // As IndexedDB does it: what is damaged is found by reading, and dropped with the pack's hash in another transaction.
  const store: VectorStore = Object.assign(Object.create(memory), {
    async loadVectors() {
      await new Promise((resolve) => setTimeout(resolve))
      pack = undefined
      return []
    },
    async loadPackHash() {
      return pack
    },
  })
  const collection = await VectorCollection.open(store, 'catalog', space, 'int8', events)
  expect(await collection.hasPack('hash')).toBe(false)
  await collection.close()
})
