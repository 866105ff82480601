import { openEngine, similarTo } from './engine-page.js'
import { expect, openPage, test } from './harness.js'

// Firefox's "block all cookies": every kind of storage throws.
test.use({ preferences: { 'network.cookie.cookieBehavior': 2 } })

test('where the browser refuses storage, the engine works in memory and says so', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openPage(tab, shop)
  const refusal = await tab.evaluate(() => {
    return new Promise<string>((resolve) => {
      try {
        const request = indexedDB.open('probe')
        request.onerror = () => resolve(String(request.error?.name))
        request.onsuccess = () => resolve('opened')
      } catch (error) {
        resolve((error as Error).name)
      }
    })
  })
  expect(refusal).toBe('SecurityError')
  await openEngine(tab)
  await tab.evaluate(() => window.engine.sync())
  expect((await similarTo(tab, 'sku-01')).hits).toHaveLength(2)
  const { storage, warnings } = await tab.evaluate(() => window.engine.status)
  expect(storage).toBe('memory')
  expect(warnings.join()).toMatch(/memory|IndexedDB/)
  await tab.evaluate(() => window.engine.clear())
})
