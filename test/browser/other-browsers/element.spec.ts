import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { indexCatalog } from '../../../src/node/indexing/index-catalog.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { leastSimilarFirst } from '../element/element-page.js'
import { modelPath } from '../engine/engine-page.js'
import { element, list, photoOf, ranked } from './element-page.js'
import { goldenSimilarity } from './golden.js'
import { expect, openPage, type Shop, type Tab, test } from './harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

test('the element shows products, ranked by vectors made in the page, also on the second visit', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(12)
  const url = await openPage(tab, shop, element())
  await ranked(tab)
  const hits = await list(tab)
  expect(hits).toHaveLength(11)
  const scores = hits.map(({ score }) => score)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  const expected = hits.map(({ id }) => goldenSimilarity(photoOf(shop, 'sku-01'), photoOf(shop, id)))
  const worst = Math.max(...scores.map((score, index) => Math.abs(score - (expected[index] as number))))
  console.log(`scores: at most ${worst.toFixed(4)} away from those of transformers in full precision`)
  expect(worst).toBeLessThan(0.03)
  for (const { text } of hits) expect(text).toMatch(/€\d+\.90/)
  expect(shop.requests('_int7.safetensors')).toHaveLength(1)
  expect(await matches(tab, ':state(ready)')).toBe(true)

  shop.clearLog()
  await tab.goto(url)
  await ranked(tab)
  expect(await list(tab)).toEqual(hits)
  expect(heavyRequests(shop)).toEqual([])
})

test('the list begins with the most similar, also where they were found last', async ({ tab, shop }) => {
  leastSimilarFirst(shop, 10)
  await tab.resize(700, 800)
  await openPage(tab, shop, element('item="0"'))
  await ranked(tab)
  const scrolled = () =>
    tab.evaluate(async () => {
      // Firefox snaps in a frame after the one that changed the list.
      for (let frame = 0; frame < 5; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
      return document.querySelector('similar-items')?.shadowRoot?.querySelector('[part="list"]')?.scrollLeft
    })
  expect(await scrolled()).toBe(0)
})

test('works under a strict Content-Security-Policy, with its styles', async ({ tab, shop }) => {
  shop.photoCatalog(2)
  await openPage(tab, shop, element(), { csp: true })
  await ranked(tab)
  const display = await tab.evaluate(() => {
    const list = document.querySelector('similar-items')?.shadowRoot?.querySelector('[part="list"]')
    return list && getComputedStyle(list).display
  })
  expect(display).toBe('grid')
})

test('a page with a pack loads neither ONNX Runtime nor the model', async ({ tab, shop }) => {
  await publishPack(shop, 6)
  await openPage(tab, shop, element())
  await ranked(tab)
  expect(await list(tab)).toHaveLength(5)
  expect(heavyRequests(shop)).toEqual([])
})

test('a page with neighbour files starts no worker', async ({ tab, shop }) => {
  shop.photoCatalog(4)
  const file = `/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`
  const neighbors = [
    ['sku-03', 0.9],
    ['sku-02', 0.8],
  ]
  shop.write(file, JSON.stringify({ 'sku-01': neighbors }))
  await openPage(tab, shop, element('item="sku-01" neighbors="/neighbors/{hash:2}.json"'))
  await ranked(tab)
  expect((await list(tab)).map(({ id, score }) => [id, score])).toEqual(neighbors)
  expect(shop.requests(file)).toHaveLength(1)
  expect(shop.requests('/dist/worker')).toEqual([])
})

test('what the shop wrote for errors is shown', async ({ tab, shop }) => {
  shop.allowErrors('<similar-items>')
  const broken = element().replace('></similar-items>', '><p slot="error">broken</p></similar-items>')
  await openPage(tab, shop, broken)
  await expect.poll(() => matches(tab, ':state(error)')).toBe(true)
  const height = await tab.evaluate(() => document.querySelector<HTMLElement>('[slot="error"]')?.offsetHeight)
  expect(height).toBeGreaterThan(0)
})

test('the carousel is used by keyboard alone', async ({ tab, shop }) => {
  await publishPack(shop, 12)
  // WebKit's window is not the active one after this, and `:focus` matches nothing in it.
  await tab.resize(700, 800)
  await openPage(tab, shop, element())
  await ranked(tab)
  const order = (await list(tab)).map(({ id }) => id)
  const expectFocus = (id: string | undefined) => expect.poll(async () => (await focused(tab)).id).toBe(id)
  await tab.evaluate(() => {
    const { shadowRoot } = document.querySelector('similar-items') ?? {}
    shadowRoot?.querySelector<HTMLElement>('[part~="card"]')?.focus()
  })
  await expectFocus(order[0])
  // From the button before the list, no stop in between.
  await tab.evaluate(() => {
    const { shadowRoot } = document.querySelector('similar-items') ?? {}
    shadowRoot?.querySelector<HTMLElement>('[part~="next"]')?.focus()
  })
  await tab.press('Tab')
  await expectFocus(order[0])
  await tab.press('ArrowRight')
  await expectFocus(order[1])
  await tab.press('End')
  await expectFocus(order.at(-1))
  await expect.poll(async () => (await focused(tab)).visible).toBe(true)
  await tab.press('Home')
  await expectFocus(order[0])
  await tab.press('ArrowRight')
  await expectFocus(order[1])
  await tab.press('Enter')
  await expect.poll(() => tab.evaluate(() => location.pathname)).toBe(`/p/${order[1]}`)
})

test('the buttons of the carousel scroll, and rest at the ends', async ({ tab, shop }) => {
  await publishPack(shop, 12)
  await tab.resize(700, 800)
  await openPage(tab, shop, element())
  await ranked(tab)
  expect(await buttons(tab)).toMatchObject({ previous: 'true', next: 'false' })
  await tab.click((await buttons(tab)).middleOfNext)
  await expect.poll(async () => (await buttons(tab)).previous).toBe('false')
  // By a page, and then it rests at the edge of a card.
  await expect.poll(async () => (await buttons(tab)).scrolled).toBeGreaterThan(300)
  const atTheEnd = async () => {
    await tab.click((await buttons(tab)).middleOfNext)
    return (await buttons(tab)).next
  }
  await expect.poll(atTheEnd).toBe('true')
})

/** Serves the first photos as products with a pack, as `similar-items index` writes it. */
async function publishPack(shop: Shop, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  try {
    const path = shop.photoCatalog(count)
    const feed = join(folder, 'feed.json')
    writeFileSync(feed, await (await fetch(shop.url(path))).text())
    const images = join(folder, 'public')
    mkdirSync(images)
    symlinkSync(join(root, 'node_modules/@vendure/create/assets/images'), join(images, 'photos'))
    const out = join(folder, 'out')
    await indexCatalog({
      feed,
      model: join(root, 'public', modelPath),
      out,
      images,
      precision: 'int8',
      workers: 1,
    })
    for (const name of readdirSync(out).filter((name) => /\.safetensors$|^catalog\.json$/.test(name))) {
      shop.write(`/${name}`, readFileSync(join(out, name)))
    }
    shop.clearLog()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Requests for ONNX Runtime and weights, which only an encoder needs. */
function heavyRequests(shop: Shop): string[] {
  return shop.log.map(({ path }) => path).filter((path) => /\/ort[.-]|\.wasm$|\.onnx$|_int7\./.test(path))
}

function matches(tab: Tab, selector: string): Promise<boolean | undefined> {
  return tab.evaluate((selector) => document.querySelector('similar-items')?.matches(selector), selector)
}

/** The product whose card has the focus, and whether the list shows all of it. */
function focused(tab: Tab): Promise<{ id: string | undefined; visible: boolean }> {
  return tab.evaluate(() => {
    const root = document.querySelector('similar-items')?.shadowRoot
    const card = root?.activeElement
    const box = card?.getBoundingClientRect() ?? new DOMRect()
    const list = root?.querySelector('[part="list"]')?.getBoundingClientRect() ?? new DOMRect()
    return {
      id: card?.getAttribute('href')?.split('/p/')[1],
      visible: box.left >= list.left - 1 && box.right <= list.right + 1,
    }
  })
}

/** Whether the carousel's buttons are disabled, and where to click. */
function buttons(tab: Tab) {
  return tab.evaluate(() => {
    const root = document.querySelector('similar-items')?.shadowRoot
    const [previous, next] = ['previous', 'next'].map((part) => root?.querySelector(`[part~="${part}"]`))
    const { x, y, width, height } = next?.getBoundingClientRect() ?? new DOMRect()
    return {
      scrolled: root?.querySelector('[part="list"]')?.scrollLeft ?? 0,
      previous: previous?.getAttribute('aria-disabled'),
      next: next?.getAttribute('aria-disabled'),
      middleOfNext: { x: x + width / 2, y: y + height / 2 },
    }
  })
}
