import { readdirSync, readFileSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import type * as Package from '../../src/index.js'
import { modelPath } from '../browser/engine/engine-page.js'
import { browserFlags, findBrowser } from '../browser/find-browser.mjs'
import { element, ranked } from '../browser/other-browsers/element-page.js'
import { openEngine } from '../browser/other-browsers/engine-page.js'
import { expect, openPage, test } from '../browser/other-browsers/harness.js'
import { eachEngine } from './each-engine.js'
import { askUntilComplete } from './engine-page.js'

const dist = new URL('../../dist/', import.meta.url)

test('an element whose server fails for a while recovers by itself', { tag: eachEngine }, async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  shop.allowErrors('<similar-items>')
  shop.allowErrors('catalog')
  const rule = shop.fault('/catalog.json', { kind: 'status', status: 503 })
  await openPage(tab, shop, element(`item="sku-01" model="${modelPath}"`))
  const state = () => tab.evaluate(() => document.querySelector('similar-items')?.state)
  await expect.poll(state, { timeout: 30_000 }).toBe('error')
  rule.remove()
  await ranked(tab)
})

test('an element whose code did not come tries again', { tag: eachEngine }, async ({ tab, shop }) => {
  shop.photoCatalog(3)
  shop.allowErrors('<similar-items>')
  shop.allowErrors('/engine-')
  const rule = shop.fault(/\/engine-/, { kind: 'status', status: 503 })
  await openPage(tab, shop, element(`item="sku-01" model="${modelPath}"`))
  const state = () => tab.evaluate(() => document.querySelector('similar-items')?.state)
  await expect.poll(state, { timeout: 30_000 }).toBe('error')
  rule.remove()
  await ranked(tab)
})

test('a photo search whose code did not come tries again when it is asked', { tag: eachEngine }, async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  shop.allowErrors('<similar-items')
  shop.allowErrors('/photo-')
  const rule = shop.fault(/\/photo-panel/, { kind: 'status', status: 503 })
  const page = `<similar-items-search catalog="/catalog.json" model="${modelPath}" loading="eager"></similar-items-search>
    <script type="module" src="/dist/define.js"></script>`
  await openPage(tab, shop, page)
  await expect.poll(() => shop.requests('/photo-panel').length, { timeout: 30_000 }).toBe(1)
  const search = (photo: string) =>
    tab.evaluate(async (photo) => {
      await customElements.whenDefined('similar-items-search')
      const element = document.querySelector('similar-items-search')
      return element?.openPhotoSearch(photo).then(
        () => 'searched',
        (error) => error.code,
      )
    }, `/photos/${photo}`)
  const [photo = ''] = shop.photos
  expect(await search(photo)).toBe('runtime-unreachable')
  rule.remove()
  expect(await search(photo)).toBe('searched')
})

test('an element whose worker dies completes its list', async ({ tab, shop }) => {
  shop.photoCatalog(4)
  shop.allowErrors('<similar-items>')
  // Enough to begin with; the rest comes after the death.
  const rules = shop.photos.slice(1, 4).map((photo) => shop.fault(photo, { kind: 'hang' }))
  await openPage(tab, shop, '')
  await tab.evaluate((model) => {
    const Original = window.Worker
    window.Worker = class extends Original {
      constructor(...args: ConstructorParameters<typeof Original>) {
        super(...args)
        Object.assign(window, { lastWorker: this })
      }
    }
    const element = document.createElement('similar-items')
    Object.assign(element, { catalog: '/catalog.json', item: 'sku-01', loading: 'eager' })
    element.setAttribute('model', model)
    document.body.append(element)
    return import('/dist/define.js' as string).then(() => undefined)
  }, modelPath)
  const list = () => tab.evaluate(() => document.querySelector('similar-items')?.results?.ranked ?? null)
  await expect
    .poll(() => tab.evaluate(() => document.querySelector('similar-items')?.engine !== null), {
      timeout: 30_000,
    })
    .toBe(true)
  await expect.poll(() => shop.requests('/photos/').length, { timeout: 30_000 }).toBeGreaterThan(1)
  for (const rule of rules) rule.remove()
  await tab.evaluate(() => (window as unknown as { lastWorker: Worker }).lastWorker.terminate())
  await ranked(tab)
  expect(await list()).toBe(4)
})

test('20 elements, moved, removed and added again', async ({ tab, shop }) => {
  shop.photoCatalog(4)
  const elements = Array.from({ length: 20 }, (_, index) => {
    return `<similar-items catalog="/catalog.json" loading="eager" model="${modelPath}" item="sku-0${(index % 4) + 1}"></similar-items>`
  })
  await openPage(tab, shop, `<script type="module" src="/dist/define.js"></script>${elements.join('')}`)
  await tab.evaluate(async () => {
    const all = [...document.querySelectorAll('similar-items')]
    for (const [index, element] of all.entries()) {
      if (index % 2 === 0) document.body.prepend(element)
      else element.remove()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    document.body.append(...all)
  })
  const complete = () =>
    tab.evaluate(
      () => [...document.querySelectorAll('similar-items')].filter((each) => each.results?.complete).length,
    )
  await expect.poll(complete, { timeout: 60_000 }).toBe(20)
  expect(shop.requests('/dist/worker.js')).toHaveLength(1)
})

test('engines of different formats, models and storage on one page do not disturb each other', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(4)
  const [model, other] = [await shop.model(), await shop.model({ seed: 2 })]
  await openPage(tab, shop, '')
  const openAndSync = async ([model, other]: readonly string[]) => {
    const { SimilarityEngine } = (await import('/dist/index.js' as string)) as typeof Package
    const options = { catalog: '/catalog.json', backend: 'wasm', model: model as string } as const
    const engines = await Promise.all([
      SimilarityEngine.open({ ...options, format: 'int8' }),
      SimilarityEngine.open({ ...options, format: 'float32' }),
      SimilarityEngine.open({ ...options, model: other as string }),
      SimilarityEngine.open({ ...options, storage: 'memory' }),
    ])
    await Promise.all(engines.map((engine) => engine.sync()))
    const lists = await Promise.all(engines.map((engine) => engine.similarTo('sku-01')))
    const encoded = engines.map(({ status }) => status.vectors.encoded)
    await Promise.all(engines.map((engine) => engine.close()))
    const answers = lists.map(({ hits, ranked, complete }) => {
      return { ids: hits.map(({ product }) => product.id), ranked, complete }
    })
    return { answers, encoded }
  }
  const first = await tab.evaluate(openAndSync, [model, other] as const)
  for (const { ranked, complete } of first.answers)
    expect({ ranked, complete }).toEqual({ ranked: 4, complete: true })
  const [bytes, floats, , inMemory] = first.answers
  expect(floats?.ids.toSorted()).toEqual(bytes?.ids.toSorted())
  expect(inMemory).toEqual(bytes)
  // The first two are one collection: each picture is made by one of them.
  expect((first.encoded[0] as number) + (first.encoded[1] as number)).toBe(4)
  expect(first.encoded.slice(2)).toEqual([4, 4])
  const second = await tab.evaluate(openAndSync, [model, other] as const)
  expect(second.answers.map(({ ids }) => ids)).toEqual(first.answers.map(({ ids }) => ids))
  expect(second.encoded).toEqual([0, 0, 0, 4])
})

test('a sandboxed frame has no storage: the engine works in memory', async ({ tab, shop }) => {
  shop.photoCatalog(3)
  shop.cdn.cors = true
  const { origin } = shop.cdn
  await openPage(tab, shop, '')
  const answer = await tab.evaluate(
    ({ origin, model }) =>
      new Promise<unknown>((resolve) => {
        addEventListener('message', ({ data }) => resolve(data))
        const frame = document.createElement('iframe')
        frame.sandbox.add('allow-scripts')
        frame.srcdoc = `<script type="module">
          const tell = (data) => parent.postMessage(data, '*')
          try {
            const { SimilarityEngine } = await import('${origin}/dist/index.js')
            const engine = await SimilarityEngine.open({ catalog: '${origin}/catalog.json', model: '${origin}${model}' })
            await engine.sync()
            const { ranked, complete } = await engine.similarTo('sku-01')
            tell({ ranked, complete, storage: engine.status.storage })
          } catch (error) { tell(String(error)) }
        </script>`
        document.body.append(frame)
      }),
    { origin, model: modelPath },
  )
  expect(answer).toEqual({ ranked: 3, complete: true, storage: 'memory' })
})

test('strict policies: Content-Security-Policy, Trusted Types, isolation', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  // The first attempt is reported; only then is it known that the page wants more.
  shop.allowErrors('Trusted')
  const csp =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'; style-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"
  for (const isolate of [false, true]) {
    await openPage(tab, shop, element(`item="sku-01" model="${modelPath}"`), { csp, isolate })
    await ranked(tab)
  }
})

test('two versions of the package on a page', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  // The other one is the same code at another address: it has its own worker, and shares database, locks and channel.
  for (const name of readdirSync(dist)) {
    if (name.endsWith('.js')) shop.write(`/other/${name}`, readFileSync(new URL(name, dist)))
  }
  await openPage(tab, shop, element(`item="sku-01" model="${modelPath}"`))
  await ranked(tab)
  // Written down.
  await tab.evaluate(async () => {
    const engine = await document.querySelector('similar-items')?.engine
    await engine?.sync()
  })
  const other = await tab.evaluate(async (model) => {
    // The name of the element is taken; what the other brings must not throw.
    await import('/other/define.js' as string)
    const { SimilarityEngine } = (await import('/other/index.js' as string)) as typeof Package
    window.engine = await SimilarityEngine.open({ catalog: '/catalog.json', model })
    return document.querySelector('similar-items')?.results?.hits.length
  }, modelPath)
  expect(other).toBe(1)
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 2 })
  expect(shop.requests('/other/worker.js')).toHaveLength(1)
  // What the first has encoded is there for the other.
  expect(await tab.evaluate(() => window.engine.status.vectors.encoded)).toBe(0)
})

test('a page that the browser has rendered long before it is visited', async ({ shop, testedName }) => {
  test.skip(testedName !== 'chromium', 'only Chromium renders pages before they are visited')
  shop.photoCatalog(2)
  // In there no worker starts; the clock that the wait for one is counted by runs fast.
  const next = new URL(
    shop.page(`<script>
      const { setInterval } = window
      window.setInterval = (run, every) => setInterval(run, document.prerendering ? every / 20 : every)
      const errors = []
      addEventListener('si-error', ({ error }) => errors.push(String(error)))
      addEventListener('si-results', ({ target: { results } }) => {
        const [{ activationStart }] = performance.getEntriesByType('navigation')
        if (results.complete) fetch('/told', { method: 'POST', body: JSON.stringify({ errors, activationStart }) })
      })
    </script>${element(`item="sku-01" model="${modelPath}"`)}`),
  ).pathname
  const told = new Promise<string>((resolve) => {
    shop.handle('/told', async (request, response) => {
      const pieces = await request.toArray()
      response.end()
      resolve(Buffer.concat(pieces).toString())
    })
  })
  // Playwright's browser has no window, and renders nothing beforehand; no driver follows a page into its visit.
  const { executablePath, env } = findBrowser()
  const browser = await puppeteer.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [...browserFlags],
  })
  try {
    const tab = await browser.newPage()
    const rules = JSON.stringify({ prerender: [{ urls: [next], eagerness: 'immediate' }] })
    await tab.goto(shop.page(`<script type="speculationrules">${rules}</script><a href="${next}">next</a>`))
    await expect.poll(() => shop.requests('/dist/engine-').length, { timeout: 30_000 }).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(shop.requests('/dist/worker.js')).toHaveLength(0)
    await tab.click('a')
    const { errors, activationStart } = JSON.parse(await told)
    expect(errors).toEqual([])
    expect(activationStart).toBeGreaterThan(2000)
  } finally {
    await browser.close()
  }
})

test("a shop's service worker answers with its offline page for a while", async ({ tab, shop }) => {
  shop.photoCatalog(4)
  const script = `let isOffline = false
    addEventListener('install', () => skipWaiting())
    addEventListener('activate', (event) => event.waitUntil(clients.claim()))
    addEventListener('message', ({ data, ports: [port] }) => {
      isOffline = data
      port.postMessage('heard')
    })
    const page = () => new Response('<!doctype html>You are offline', { headers: { 'content-type': 'text/html' } })
    addEventListener('fetch', (event) => {
      event.respondWith(isOffline && !event.request.url.includes('/dist/') ? page() : fetch(event.request))
    })`
  shop.write('/service-worker.js', script)
  await openPage(tab, shop)
  await tab.evaluate(async () => {
    const { serviceWorker } = navigator
    const taken = new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve))
    await serviceWorker.register('/service-worker.js')
    if (!serviceWorker.controller) await taken
  })
  await openEngine(tab, { storage: 'memory' })
  await tab.evaluate(() => window.engine.similarTo('sku-01'))
  const setOffline = (isOffline: boolean) =>
    tab.evaluate(
      (isOffline) =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = resolve
          navigator.serviceWorker.controller?.postMessage(isOffline, [port2])
        }).then(() => undefined),
      isOffline,
    )
  await setOffline(true)
  await tab.evaluate(() => window.engine.sync().catch(() => undefined))
  await setOffline(false)
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: 4, total: 4 })
})

test('an element whose catalogue was not there looks again when the network is back', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(2)
  shop.allowErrors('<similar-items>')
  const rule = shop.fault('/catalog.json', { kind: 'html' })
  await openPage(tab, shop, element(`item="sku-01" model="${modelPath}"`))
  const state = () => tab.evaluate(() => document.querySelector('similar-items')?.state)
  await expect.poll(state, { timeout: 30_000 }).toBe('error')
  rule.remove()
  await tab.evaluate(() => dispatchEvent(new Event('online')))
  await ranked(tab)
})

test('a hostile catalogue is text, and what it claims is data', async ({ tab, shop }) => {
  const item = (id: string, more: object) => ({
    id,
    title: '<img src=x onerror="window.hacked=1">',
    image_link: `/photos/${shop.photos[0]}`,
    ...more,
  })
  const items = [
    item('sku-01', {}),
    item('__proto__', { link: 'javascript:window.hacked=1' }),
    item('constructor', {
      link: 'data:text/html,<script>window.hacked=1</script>',
      image_link: `/photos/${shop.photos[1]}`,
    }),
    item('deep', { nested: { a: { b: [] } }, image_link: 'file:///etc/passwd' }),
    { id: {}, title: [], image_link: 7 },
    null,
    'text',
  ]
  shop.write('/catalog.json', JSON.stringify(items))
  shop.allowErrors('<similar-items>')
  await openPage(tab, shop, element(`item="sku-01" min-score="-1" model="${modelPath}"`))
  await ranked(tab)
  const { hacked, links } = await tab.evaluate(() => {
    const cards = document.querySelector('similar-items')?.shadowRoot?.querySelectorAll('a') ?? []
    return { hacked: 'hacked' in window, links: [...cards].map(({ protocol }) => protocol) }
  })
  expect(hacked).toBe(false)
  for (const link of links) expect(link).toMatch(/^https?:$/)
})
