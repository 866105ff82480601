import type { VectorRows } from '../../../src/store/vector-store.js'
import { spaceOf } from '../../unit/store/store-behaviour.js'

/** Opens a database without any of our code: as another tab, an older release or an accident may have left it. */
export function openRaw(
  name: string,
  version?: number,
  upgrade: (database: IDBDatabase) => void = () => {},
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  request.onupgradeneeded = () => upgrade(request.result)
  return settled(request)
}

export function deleteRaw(name: string): Promise<unknown> {
  return settled(indexedDB.deleteDatabase(name))
}

/** Reads, changes and writes back every record of an object store. */
export async function rewriteRaw(
  name: string,
  objectStore: string,
  change: (record: Record<string, unknown>, key: [string, string, number]) => unknown,
): Promise<void> {
  const database = await openRaw(name)
  const store = database.transaction(objectStore, 'readwrite').objectStore(objectStore)
  for (const key of await settled(store.getAllKeys())) {
    await settled(store.put(change(await settled(store.get(key)), key as [string, string, number]), key))
  }
  database.close()
}

/** The keys of an object store. */
export async function keysRaw(name: string, objectStore: string): Promise<IDBValidKey[]> {
  const database = await openRaw(name)
  const keys = await settled(database.transaction(objectStore).objectStore(objectStore).getAllKeys())
  database.close()
  return keys
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>
}

/** Lets the page's IndexedDB be that of a storage bucket, of which the browser enforces the quota. */
export async function limitStorage(quota: number): Promise<void> {
  const { storageBuckets } = navigator as unknown as { storageBuckets: StorageBuckets }
  const bucket = await storageBuckets.open('limited', { quota })
  Object.defineProperty(globalThis, 'indexedDB', { value: bucket.indexedDB, configurable: true })
}

/**
 * Whether the browser lets a page use the room of records that it has removed. A Chromium that keeps its databases in
 * LevelDB goes on counting them until it tidies up by itself.
 */
export async function givesRoomBack(): Promise<boolean> {
  const { storageBuckets } = navigator as unknown as { storageBuckets: StorageBuckets }
  const bucket = await storageBuckets.open('trial', { quota: 4_000_000 })
  const request = bucket.indexedDB.open('trial', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('records')
  const database = await settled(request)
  const run = (change: (store: IDBObjectStore) => void) => {
    const transaction = database.transaction('records', 'readwrite')
    change(transaction.objectStore('records'))
    return new Promise<boolean>((resolve) => {
      transaction.oncomplete = () => resolve(true)
      transaction.onabort = () => resolve(false)
    })
  }
  const fill = (store: IDBObjectStore) => {
    for (let key = 0; key < 50; key++) store.put(crypto.getRandomValues(new Uint8Array(60_000)), key)
  }
  const isRoomGiven = (await run(fill)) && (await run((store) => store.clear())) && (await run(fill))
  database.close()
  return isRoomGiven
}

/** Vectors that do not compress: some 770 bytes each on disk. */
export function bulkyRows(ids: readonly string[]): VectorRows {
  const dimensions = bulkySpace.dimensions
  const data = new Int8Array(ids.length * dimensions)
  for (let row = 0; row < ids.length; row++) {
    crypto.getRandomValues(data.subarray(row * dimensions, (row + 1) * dimensions))
  }
  const scales = new Float32Array(ids.length).fill(1)
  return {
    entries: ids.map((id) => ({ id, contentKey: id })),
    vectors: { format: 'int8', dimensions, count: ids.length, data, scales },
  }
}

export const bulkySpace = spaceOf('bulky', 768)

/**
 * Lets a test close connections behind the store's back, without an event, as Safari does in background tabs.
 * Returns a function that closes all opened since.
 */
export function captureConnections(): () => void {
  const open = IDBFactory.prototype.open
  const requests: IDBOpenDBRequest[] = []
  IDBFactory.prototype.open = function (...parameters) {
    const request = open.apply(this, parameters)
    requests.push(request)
    return request
  }
  return () => {
    for (const request of requests.splice(0)) request.result.close()
  }
}
