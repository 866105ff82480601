import type { Page } from '@playwright/test'
import { expect, type Shop, test } from '../harness.js'
import { openShop } from './element-page.js'

const element = (item: string, more = '') =>
  `<similar-items catalog="/catalog.json" item="${item}" loading="eager" ${more}></similar-items>`

/** A visit after which the lists of its product, and of those in its list, are kept. */
async function firstVisit(page: Page, shop: Shop): Promise<void> {
  shop.photoCatalog(5)
  await openShop(page, shop, element('sku-01'))
  await expect.poll(() => countKept(page), { timeout: 30_000 }).toBe(5)
}

/** Opens a page whose worker does not start, and returns the products that it shows all the same. */
async function withoutWorker(page: Page, shop: Shop, body: string): Promise<readonly string[]> {
  const rule = shop.fault('/dist/worker.js', { kind: 'status', status: 503 })
  await openShop(page, shop, body)
  await expect.poll(() => rule.hits).toBeGreaterThan(0)
  const listed = await page.evaluate(async () => {
    const shown = document.querySelector('similar-items')
    const list = () => shown?.results?.hits.map(({ product }) => product.id)
    // A list that is kept ends the wait; where none is, none comes.
    for (let frame = 0; frame < 60 && !list(); frame++)
      await new Promise((resolve) => setTimeout(resolve, 25))
    return list() ?? []
  })
  rule.remove()
  return listed
}

function countKept(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const known = await indexedDB.databases()
    if (!known.some(({ name }) => name === 'similar-items')) return 0
    const database = await settled(indexedDB.open('similar-items'))
    try {
      if (!database.objectStoreNames.contains('answers')) return 0
      const keys = await settled(database.transaction('answers').objectStore('answers').getAllKeys())
      return keys.filter((key) => (key as string[])[1] !== '').length
    } finally {
      database.close()
    }
  })
}

test('a later visit shows the list of its product, and of those in it, before a worker runs', async ({
  page,
  shop,
}) => {
  await firstVisit(page, shop)
  const first = await page.evaluate(() =>
    document.querySelector('similar-items')?.results?.hits.map(({ product }) => product.id),
  )
  expect(first).toHaveLength(4)
  expect(await withoutWorker(page, shop, element('sku-01'))).toEqual(first)
  const next = first?.[0] as string
  const others = await withoutWorker(page, shop, element(next))
  expect([...others].sort()).toEqual(
    ['sku-01', 'sku-02', 'sku-03', 'sku-04', 'sku-05'].filter((id) => id !== next),
  )
})

test('no other question has that list', async ({ page, shop }) => {
  await firstVisit(page, shop)
  expect(await withoutWorker(page, shop, element('sku-01', 'limit="3"'))).toEqual([])
  expect(await withoutWorker(page, shop, element('sku-01', 'storage="memory"'))).toEqual([])
})

test('a newer catalogue takes the place of what is kept', async ({ page, shop }) => {
  await firstVisit(page, shop)
  shop.photoCatalog(4)
  await openShop(page, shop, element('sku-01'))
  const shown = () => page.evaluate(() => document.querySelector('similar-items')?.results?.hits.length)
  await expect.poll(shown).toBe(3)
  await expect.poll(() => countKept(page), { timeout: 30_000 }).toBe(4)
  expect(await withoutWorker(page, shop, element('sku-01'))).toHaveLength(3)
})

test('while the worker fails, the list that was kept is shown once, and stays', async ({ page, shop }) => {
  await firstVisit(page, shop)
  shop.fault('/dist/worker.js', { kind: 'status', status: 503 })
  const count = `<script>
    window.told = { 'si-results': 0, 'si-error': 0 }
    for (const type in told) addEventListener(type, () => told[type]++)
  </script>`
  await openShop(page, shop, element('sku-01'), { head: count })
  const told = () => page.evaluate(() => (window as unknown as { told: Record<string, number> }).told)
  // It was tried again by then.
  await expect.poll(async () => (await told())['si-error']).toBeGreaterThan(1)
  expect(await told()).toHaveProperty('si-results', 1)
  await expect(page.locator('similar-items [part="card"]')).toHaveCount(4)
})

test('the engine that says the same is not heard twice, and clears what is kept', async ({ page, shop }) => {
  await firstVisit(page, shop)
  await openShop(page, shop, element('sku-01'))
  const seen = await page.evaluate(async () => {
    const shown = document.querySelector('similar-items')
    if (!shown) throw new Error('no element')
    let events = 0
    shown.addEventListener('si-results', () => events++)
    const engine = await shown.engine
    if (!engine) throw new Error('no engine')
    // It has answered the element's question before this one.
    await engine.similarTo('sku-01')
    await engine.clear()
    return { events, hits: shown.results?.hits.length }
  })
  expect(seen.hits).toBe(4)
  expect(seen.events).toBeLessThanOrEqual(1)
  expect(await countKept(page)).toBe(0)
})
