import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { rank } from '../../../src/ranking/rank.js'
import { IndexedDbStore } from '../../../src/store/indexeddb-store.js'
import type { VectorRows } from '../../../src/store/vector-store.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'
import { ClusteredVectors } from '../../bench/vectors/clustered-vectors.js'
import { answerInTurn } from '../answer-in-turn.js'

interface Setup {
  readonly rows: number
  readonly dimensions: number
}

/** The same vectors in the two ways that one would store them without further thought. */
interface Yardsticks extends DBSchema {
  items: { key: string; value: { contentKey: string; vector: Int8Array; scale: number } }
  whole: { key: string; value: VectorRows }
}

const catalogKey = 'https://shop.example/catalog.json'

/**
 * Times, as a worker, from a closed database to the first ranked list: our store, one record per item, and all in
 * one record, which is about what the browser takes to read the bytes. The setup writes; every question is a number
 * of rounds, in which they take turns.
 */
answerInTurn(async ({ rows, dimensions }: Setup) => {
  const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'benchmark', projection: null, dimensions })
  const vectors = new ClusteredVectors(dimensions)
  const query = { space, vector: vectors.next() }
  const { encoded } = vectors.rows(rows, 0)
  const entries = Array.from({ length: rows }, (_, row) => ({
    id: `sku-${row}`,
    contentKey: `https://shop.example/images/products/${row}-front.jpg`,
  }))
  const written = {
    ours: await timed(async () => {
      const store = await openStore()
      await store.putVectors(catalogKey, space, { entries, vectors: encoded })
      store.close()
    }),
    'record per item': await timed(() => writeItems({ entries, vectors: encoded })),
    'one record': await timed(() => writeWhole({ entries, vectors: encoded })),
  }

  const readers = {
    ours: async () => {
      const store = await openStore()
      const events = {
        isCurrent: () => true,
        onLoaded: () => undefined,
        onWanted: () => undefined,
        isStarting: () => false,
      }
      const collection = await VectorCollection.open(store, catalogKey, space, 'int8', events)
      const ids = rank(collection.table, query).map(({ id }) => id)
      await collection.close()
      store.close()
      return ids
    },
    'record per item': async () => {
      const table = new VectorTable(space)
      const database = await openYardsticks()
      table.setAll(...(await readItems(database, dimensions)))
      database.close()
      return rank(table, query).map(({ id }) => id)
    },
    'one record': async () => {
      const table = new VectorTable(space)
      const database = await openYardsticks()
      const whole = (await database.get('whole', 'all')) as VectorRows
      database.close()
      table.setAll(whole.entries, whole.vectors)
      return rank(table, query).map(({ id }) => id)
    },
  }

  return async (rounds: number) => {
    const read: Record<string, number[]> = {}
    for (let round = 0; round < rounds; round++) {
      const lists = new Set<string>()
      for (const [name, reader] of Object.entries(readers)) {
        read[name] ??= []
        read[name].push(await timed(async () => lists.add((await reader()).join())))
      }
      if (lists.size !== 1) throw new Error('the same vectors gave different lists')
    }
    return { written, read }
  }
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function openStore(): Promise<IndexedDbStore> {
  return IndexedDbStore.open({
    name: 'benchmark-ours',
    onWarning: (warning) => {
      throw warning
    },
  })
}

function openYardsticks(): Promise<IDBPDatabase<Yardsticks>> {
  return openDB<Yardsticks>('benchmark-yardsticks', 1, {
    upgrade(database) {
      database.createObjectStore('items')
      database.createObjectStore('whole')
    },
  })
}

async function writeItems({ entries, vectors }: VectorRows): Promise<void> {
  const database = await openYardsticks()
  const transaction = database.transaction('items', 'readwrite', { durability: 'relaxed' })
  const { dimensions } = vectors
  for (const [row, { id, contentKey }] of entries.entries()) {
    const vector = vectors.data.slice(row * dimensions, (row + 1) * dimensions) as Int8Array
    void transaction.store.put({ contentKey, vector, scale: vectors.scales?.[row] as number }, id)
  }
  await transaction.done
  database.close()
}

async function writeWhole(rows: VectorRows): Promise<void> {
  const database = await openYardsticks()
  await database.put('whole', rows, 'all')
  database.close()
}

async function readItems(
  database: IDBPDatabase<Yardsticks>,
  dimensions: number,
): Promise<[entries: VectorRows['entries'], vectors: VectorRows['vectors']]> {
  const transaction = database.transaction('items')
  const [ids, items] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()])
  const count = items.length
  const data = new Int8Array(count * dimensions)
  for (const [row, { vector }] of items.entries()) data.set(vector, row * dimensions)
  const scales = Float32Array.from(items, ({ scale }) => scale)
  const entries = items.map(({ contentKey }, row) => ({ id: ids[row] as string, contentKey }))
  return [entries, { format: 'int8', dimensions, count, data, scales }]
}
