import { openEngine } from '../browser/other-browsers/engine-page.js'
import { expect, test } from '../browser/other-browsers/harness.js'
import { askUntilComplete, openShop } from './engine-page.js'
import { breakWorker, slowClock } from './faulty-worker.js'

test('2 and 50 calls at once', async ({ tab, shop }) => {
  shop.photoCatalog(6)
  await openShop(tab, shop, { storage: 'memory' })
  const firsts = await tab.evaluate(async () => {
    const calls = (count: number) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const id = `sku-0${(index % 6) + 1}`
          const list = await window.engine.similarTo(id, { limit: 5 })
          return list.hits.some(({ product }) => product.id === id) ? 'itself' : 'others'
        }),
      )
    return [...(await calls(2)), ...(await calls(50))]
  })
  expect(new Set(firsts)).toEqual(new Set(['others']))
  expect(firsts).toHaveLength(52)
  // Each picture once, however many asked.
  expect(shop.requests('/photos/').length).toBeLessThanOrEqual(6)
})

test('an abort at the start, half way and near the end of the download of the model', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(2)
  await openShop(tab, shop, { storage: 'memory' })
  for (const share of [0, 0.5, 0.99]) {
    const outcome = await tab.evaluate(async (share) => {
      const controller = new AbortController()
      const listen = ({ progress }: { progress: { phase: string; loaded: number; total: number } }) => {
        if (progress.phase === 'model' && progress.loaded >= share * progress.total) controller.abort()
      }
      window.engine.addEventListener('progress', listen)
      if (share === 0) controller.abort()
      const ended = await window.engine.prepare({ signal: controller.signal }).then(
        () => 'prepared',
        (error: Error) => error.name,
      )
      window.engine.removeEventListener('progress', listen)
      return ended
    }, share)
    // The last bytes may have come before the abort did.
    expect(share < 0.9 ? [outcome] : ['AbortError', 'prepared'], String(share)).toContain(
      share < 0.9 ? 'AbortError' : outcome,
    )
  }
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 2 })
})

test('8 tabs at once encode every picture once', async ({ tab, shop }) => {
  // Eight processes at once are slow where others work as well.
  test.setTimeout(180_000)
  shop.photoCatalog(6)
  breakWorker(shop, slowClock)
  const url = await openShop(tab, shop)
  const tabs = [tab]
  while (tabs.length < 8) {
    const other = await tab.openTab()
    await other.goto(url)
    await openEngine(other)
    tabs.push(other)
  }
  // Begun in all before one is awaited.
  for (const each of tabs) {
    await each.evaluate(() => {
      const lists = ['sku-01', 'sku-02'].map((id) => window.engine.similarTo(id))
      Object.assign(window, { asked: Promise.all([...lists, window.engine.sync()]) })
    })
  }
  const encoded = []
  for (const each of tabs) {
    encoded.push(
      await each.evaluate(async () => {
        await (window as unknown as { asked: Promise<unknown> }).asked
        return window.engine.status.vectors.encoded
      }),
    )
  }
  console.log(`encoded by tab: ${encoded.join(', ')}`)
  expect(encoded.reduce((sum, count) => sum + count, 0)).toBe(6)
  for (const each of tabs) expect(await askUntilComplete(each)).toMatchObject({ ranked: 6 })
})

test('what is said on the channel of the tabs by others does no harm', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openShop(tab, shop)
  await tab.evaluate(async () => {
    await window.engine.similarTo('sku-01')
    const { space } = window.engine.status
    const channel = new BroadcastChannel(`${new URL('/catalog.json', location.href)}#${space?.fingerprint}`)
    for (const message of [
      null,
      undefined,
      7,
      'stored',
      { type: 'wanted' },
      { type: 'wanted', contentKey: {} },
      [],
    ]) {
      channel.postMessage(message)
    }
    channel.close()
  })
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
})
