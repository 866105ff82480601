import { openEngine } from '../browser/other-browsers/engine-page.js'
import { expect, test } from '../browser/other-browsers/harness.js'
import { eachEngine } from './each-engine.js'
import { askUntilComplete, openShop } from './engine-page.js'
import { breakWorker, hastenClock } from './faulty-worker.js'

const broken: Readonly<Record<string, () => void>> = {
  'IndexedDB is absent': () => {
    Object.defineProperty(self, 'indexedDB', { value: undefined })
  },
  'IndexedDB never answers': () => {
    IDBFactory.prototype.open = () =>
      Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value: () => undefined } })
  },
  'something else stands in the place of IndexedDB': () => {
    IDBDatabase.prototype.transaction = () => {
      throw new TypeError('of an extension')
    }
  },
  'every write is over the quota': () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
  },
  'storage and locks are refused': () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    Object.defineProperty(self, 'indexedDB', { get: refuse })
    Object.defineProperty(self, 'caches', { get: refuse })
    Object.defineProperty(self, 'BroadcastChannel', { value: refuse })
    Object.defineProperty(navigator, 'locks', {
      value: { query: () => Promise.reject(new DOMException('denied', 'SecurityError')) },
    })
  },
}

for (const [what, breakIt] of Object.entries(broken)) {
  const tag = what.includes('refused') ? [eachEngine] : []
  test(`${what}: the engine works in memory and says so`, { tag }, async ({ tab, shop }) => {
    shop.photoCatalog(3)
    breakWorker(shop, hastenClock, breakIt)
    await openShop(tab, shop)
    expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
    // What is stored later fails later.
    await tab.evaluate(() => window.engine.sync())
    const status = await tab.evaluate(() => window.engine.status)
    expect(status.storage).toBe('memory')
    expect(status.warnings.join()).toMatch(/memory|IndexedDB|stor/i)
  })
}

test('storage, locks, the GPU and decoders that never answer are not waited for', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  breakWorker(shop, hastenClock, () => {
    const never = () => new Promise<never>(() => undefined)
    CacheStorage.prototype.open = never
    CacheStorage.prototype.delete = never
    LockManager.prototype.query = never
    Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: never } })
    // The first of each: another process takes over.
    const { createImageBitmap } = self
    let asked = 0
    const decode = (...given: Parameters<typeof createImageBitmap>) =>
      given[0] instanceof Blob && asked++ === 0 ? never() : createImageBitmap(...given)
    Object.assign(self, { createImageBitmap: decode })
    if ('ImageDecoder' in self) self.ImageDecoder.prototype.decode = never
  })
  await openShop(tab, shop, { model: await shop.model(), backend: 'auto' })
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
  expect(await tab.evaluate(() => window.engine.clear().then(() => 'cleared'))).toBe('cleared')
})

test('the database is deleted, and then made by a newer version of the page, while it is open', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  await openShop(tab, shop)
  await askUntilComplete(tab)
  await tab.evaluate(() => window.engine.sync())
  const outcomes = await tab.evaluate(async () => {
    const settled = (request: IDBOpenDBRequest) =>
      new Promise<string>((resolve) => {
        request.onsuccess = () => resolve('done')
        request.onerror = () => resolve(String(request.error?.name))
      })
    const deleted = await settled(indexedDB.deleteDatabase('similar-items'))
    const newer = indexedDB.open('similar-items', 999)
    return [deleted, await settled(newer)]
  })
  expect(outcomes).toEqual(['done', 'done'])
  await tab.evaluate(() => window.engine.sync())
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
})

test('the browser closes the database while the page is idle, as it does in the background', {
  tag: eachEngine,
}, async ({ tab, shop }) => {
  shop.photoCatalog(4)
  const hidden = shop.fault(shop.photos[3] as string, { kind: 'status', status: 503 })
  breakWorker(shop, () => {
    const open = IDBFactory.prototype.open
    const opened = new Set<IDBOpenDBRequest>()
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given)
      opened.add(request)
      return request
    }
    // A database that is closed behind the back of who holds it says so at the next transaction only.
    new BroadcastChannel('close').onmessage = ({ currentTarget }) => {
      for (const request of opened) request.result.close()
      ;(currentTarget as BroadcastChannel).postMessage(opened.size)
      opened.clear()
    }
  })
  await openShop(tab, shop)
  await tab.evaluate(() => window.engine.sync())
  const closed = await tab.evaluate(
    () =>
      new Promise((resolve) => {
        const channel = new BroadcastChannel('close')
        channel.onmessage = ({ data }) => resolve(data)
        channel.postMessage('now')
      }),
  )
  expect(closed).toBe(1)
  // A vector that is new is written: the connection comes back.
  hidden.remove()
  await tab.evaluate(() => window.engine.sync())
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 4 })
  expect(await tab.evaluate(() => window.engine.status.storage)).toBe('indexeddb')
  // What was written after the loss is there for the next visit, without the model.
  await tab.evaluate(() => window.engine.close())
  shop.clearLog()
  await openEngine(tab)
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 4 })
  expect(shop.requests('/onnx/')).toHaveLength(0)
})
