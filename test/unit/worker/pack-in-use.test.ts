import { expect, test } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { PackInUse } from '../../../src/worker/catalog/pack-in-use.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'
import type { WorkerEvent } from '../../../src/worker/protocol.js'
import { SessionReports } from '../../../src/worker/session/session-reports.js'
import { StatusBoard } from '../../../src/worker/session/status-board.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const newerSpace = makeSpace({ ...space, model: 'n' })

test('a pack that came with a newer catalogue does not go into vectors of another space', async () => {
  const told: WorkerEvent[] = []
  const status = new StatusBoard(() => undefined)
  const pack = new PackInUse(
    status,
    new SessionReports(
      (event) => told.push(event),
      status,
      () => 1,
    ),
    { failed: () => undefined },
  )
  const reference = { url: 'pack', sha256: 'c'.repeat(64), bytes: 1, count: 1, space: newerSpace }
  // Nothing answers there: the attempt to load it would be told.
  pack.take({ value: { ...reference, projection: null }, base: 'https://shop.invalid/' })
  expect(pack.space?.fingerprint).toBe(newerSpace.fingerprint)

  const events = { isCurrent: () => true, onLoaded: () => undefined, onWanted: () => undefined }
  const collection = await VectorCollection.open(new MemoryStore(), 'catalog', space, 'float32', events)
  const products = new Map([['1', { id: '1', title: '1', image_link: 'https://shop.invalid/1.jpg' }]])
  await pack.loadInto(collection, () => products, new AbortController().signal)
  expect(collection.table.size).toBe(0)
  expect(told).toEqual([])
  await collection.close()
})
