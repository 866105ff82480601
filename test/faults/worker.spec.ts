import { endWorkerDuringSync } from '../browser/engine/dying-worker.js'
import { expect, openPage, test } from '../browser/other-browsers/harness.js'
import { eachEngine } from './each-engine.js'
import { ask, askUntilComplete, codeOfOpening, openShop, workerCount } from './engine-page.js'

test('site data is cleared in the middle of a visit', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openShop(tab, shop)
  await askUntilComplete(tab)
  shop.write('/clear', 'cleared', { 'clear-site-data': '"storage"' })
  await tab.evaluate(() => fetch('/clear').then((response) => response.text()))
  for (let round = 0; round < 2; round++) {
    await tab.evaluate(() => {
      const { workers } = window as unknown as { workers: Worker[] }
      workers.at(-1)?.terminate()
    })
    const { answer, code } = await ask(tab)
    // The dead worker may be noticed by this call; the next one has a new worker.
    const next = answer ?? (code === 'worker-died' ? (await ask(tab)).answer : null)
    expect(next, `round ${round}: ${code}`).not.toBeNull()
    expect((await askUntilComplete(tab)).ranked).toBe(3)
  }
  expect(await workerCount(tab)).toBe(3)
})

test('the script of ONNX Runtime cannot be loaded once', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  const model = await shop.model()
  for (const file of ['ort-wasm-simd-threaded.mjs', 'ort.wasm.min']) {
    const rule = shop.fault(file, { kind: 'status', status: 503 })
    await openShop(tab, shop, { storage: 'memory', model })
    const failed = await ask(tab)
    expect(failed).toMatchObject({ code: 'runtime-unreachable' })
    expect(failed.message).toContain(file)
    rule.remove()
    expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
  }
})

test('a worker that is killed in a call', { tag: eachEngine }, async ({ tab, shop }) => {
  shop.photoCatalog(3)
  await openShop(tab, shop)
  const result = await tab.evaluate(endWorkerDuringSync)
  expect(result).toEqual({ code: 'worker-died', total: 3, workers: 2 })
})

test('a worker that is killed while nobody asks: who follows a list is told, and asks a new one', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  await openShop(tab, shop)
  await askUntilComplete(tab)
  const told = await tab.evaluate(async () => {
    const { engine, workers } = window as unknown as Window & { workers: Worker[] }
    const warned = new Promise<string>((resolve) => {
      engine.addEventListener('warning', (event) => {
        event.preventDefault()
        resolve(event.error.code)
      })
    })
    const changed = new Promise((resolve) => engine.addEventListener('change', resolve, { once: true }))
    workers.at(-1)?.terminate()
    const code = await warned
    await changed
    return code
  })
  expect(told).toBe('worker-died')
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 3 })
  expect(await workerCount(tab)).toBe(2)
})

test('a worker script that throws, is missing or is a web page', { tag: eachEngine }, async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(2)
  shop.allowErrors('worker')
  shop.allowErrors('thrown on purpose')
  await openPage(tab, shop)
  const faults = [{ kind: 'status', status: 404 }, { kind: 'html' }] as const
  for (const fault of faults) {
    const rule = shop.fault('/dist/worker.js', fault)
    expect(await codeOfOpening(tab), fault.kind).toBe('worker-unavailable')
    rule.remove()
  }
  shop.write('/dist/worker.js', 'throw new Error("thrown on purpose")')
  expect(await codeOfOpening(tab), 'throws').toBe('worker-unavailable')
})

test('a worker that dies before its script runs is replaced', { tag: eachEngine }, async ({ tab, shop }) => {
  shop.photoCatalog(2)
  await openPage(tab, shop)
  await tab.evaluate(() => {
    const Original = window.Worker
    let count = 0
    window.Worker = class extends Original {
      constructor(...args: ConstructorParameters<typeof Original>) {
        super(...args)
        if (count++ === 0) this.terminate()
        Object.assign(window, { workersStarted: count })
      }
    }
  })
  const started = Date.now()
  expect(await codeOfOpening(tab, { storage: 'memory' })).toBeNull()
  console.log(`another worker answered after ${Date.now() - started} ms`)
  expect(await tab.evaluate(() => 'workersStarted' in window && window.workersStarted)).toBe(2)
  expect(await tab.evaluate(() => window.engine.status.products)).toBe(2)
})

test('a worker script that does not come is asked for again', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  shop.fault('/dist/worker.js', { kind: 'hang', after: 100 }, 1)
  await openPage(tab, shop)
  expect(await codeOfOpening(tab, { storage: 'memory' })).toBeNull()
  // A second request for the same address may wait for the one that hangs.
  const again = shop.requests('/dist/worker.js').filter(({ url }) => url.endsWith('?again'))
  expect(again.map(({ method }) => method)).toContain('GET')
})
