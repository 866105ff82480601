import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { rank } from '../../../src/ranking/rank.js'
import type { RankedList } from '../../../src/types.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { losslessPhotos } from '../encoder/lossless-photos.js'
import { expect, test } from '../harness.js'
import { loadPackage, openEngine } from './engine-page.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const golden = JSON.parse(readFileSync(`${root}test/fixtures/reference/golden.json`, 'utf8')) as {
  images: Record<string, { embedding: number[] }>
}

/** Cosines of the page's embeddings of photos to the reference, by photo. */
async function cosines(page: Page, photos: readonly string[]): Promise<{ photo: string; cosine: number }[]> {
  const vectors = await page.evaluate(async (names) => {
    const all: number[][] = []
    for (const name of names) all.push([...(await window.engine.embed(`/photos/${name}`)).vector])
    return all
  }, photos)
  return photos.map((photo, index) => ({
    photo,
    cosine: cosineSimilarity(vectors[index] as number[], golden.images[photo]?.embedding as number[]),
  }))
}

function report(label: string, results: readonly { photo: string; cosine: number }[]) {
  const worst = results.reduce((a, b) => (a.cosine < b.cosine ? a : b))
  const mean = results.reduce((sum, { cosine }) => sum + cosine, 0) / results.length
  console.log(
    `${label}: cosine to transformers over ${results.length} photos, worst ${worst.cosine.toFixed(6)} ` +
      `(${worst.photo}), mean ${mean.toFixed(6)}`,
  )
  return worst
}

function topFive(page: Page, id: string): Promise<{ id: string; score: number }[]> {
  return page.evaluate(async (product) => {
    const { hits } = await window.engine.similarTo(product, { limit: 5 })
    return hits.map(({ product, score }) => ({ id: product.id, score }))
  }, id)
}

for (const { precision, atLeast, step } of [
  { precision: 'int8', atLeast: 0.99, step: 3 },
  { precision: 'fp16', atLeast: 0.9999, step: 9 },
] as const) {
  test(`WASM with ${precision} weights agrees with transformers`, async ({ page, shop }) => {
    const photos = shop.photos.filter((_, index) => index % step === 0)
    shop.photoCatalog(2)
    await page.goto(shop.page(''))
    await openEngine(page, { backend: 'wasm', precision })
    const worst = report(`WASM ${precision}`, await cosines(page, photos))
    expect(worst.cosine).toBeGreaterThanOrEqual(atLeast)
    expect(await page.evaluate(() => window.engine.status.backend)).toBe('wasm')
  })
}

test('WASM with threads agrees with transformers where the page is isolated', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page('', { isolate: true }))
  await openEngine(page, { backend: 'wasm', threads: 2 })
  const worst = report('WASM int8, 2 threads', await cosines(page, shop.photos.slice(0, 6)))
  expect(worst.cosine).toBeGreaterThanOrEqual(0.99)
  expect(await page.evaluate(() => window.engine.status.threads)).toBe(2)
})

test('the page finds the same five products as the same code in Node', async ({ page, shop }) => {
  const photos = await losslessPhotos(shop.photos.slice(0, 20))
  const items = photos.map(({ path, png }, index) => {
    shop.write(path, png)
    return { id: String(index), title: path, image_link: path }
  })
  shop.write('/catalog.json', JSON.stringify(items))
  await page.goto(shop.page(''))
  await openEngine(page)
  const report = await page.evaluate(() => window.engine.sync())
  expect(report).toEqual({ products: 20, encoded: 20, skipped: 0 })

  const { space } = await page.evaluate(() => window.engine.status)
  if (!space) throw new Error('the engine has no space')
  const table = new VectorTable(space)
  for (const [index, { path, vector }] of photos.entries()) {
    table.set({ id: String(index), contentKey: path }, { space, vector: Float32Array.from(vector) })
  }
  let worst = 0
  for (const { id } of table.entries) {
    const query = table.embeddingOf(id)
    if (!query) throw new Error(`${id} has no vector`)
    const inNode = rank(table, query, { limit: 5 }, { eligible: (other) => other !== id })
    const inPage = await topFive(page, id)
    expect(inPage.map((hit) => hit.id)).toEqual(inNode.map((hit) => hit.id))
    for (const [index, { score }] of inPage.entries()) {
      worst = Math.max(worst, Math.abs(score - (inNode[index]?.score ?? 2)))
    }
  }
  console.log(
    `top-5 of ${photos.length} products: the same in page and Node; scores differ by ${worst.toExponential(1)} at worst`,
  )
})

test('a second visit answers without ONNX Runtime, model or pictures', async ({ page, shop }) => {
  shop.photoCatalog(8)
  const url = shop.page('')
  await page.goto(url)
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  const first = await topFive(page, 'sku-01')
  await page.evaluate(() => window.engine.close())

  shop.clearLog()
  await page.goto(url)
  await openEngine(page)
  expect(await topFive(page, 'sku-01')).toEqual(first)
  const status = await page.evaluate(() => window.engine.status)
  expect(status.vectors).toEqual({ stored: 8, encoded: 0 })
  expect(status.encoder).toBe('idle')
  const paths = shop.log.map(({ path }) => path)
  expect(paths.filter((path) => /ort-|\.onnx|\/models\/|\/photos\//.test(path))).toEqual([])
})

test('lists come while others are encoded, and the product asked for goes first', async ({ page, shop }) => {
  shop.photoCatalog(24)
  await page.goto(shop.page(''))
  await openEngine(page)
  const lists = await page.evaluate(async () => {
    const { engine } = window
    const seen: { ranked: number; complete: boolean; hits: number }[] = []
    for (;;) {
      const changed = new Promise((resolve) => engine.addEventListener('change', resolve, { once: true }))
      const { ranked, complete, hits } = await engine.similarTo('sku-20', { limit: 6 })
      seen.push({ ranked, complete, hits: hits.length })
      if (complete) return seen
      await changed
    }
  })
  expect(lists[0]?.complete).toBe(false)
  expect(lists.some(({ complete, hits }) => !complete && hits > 0)).toBe(true)
  expect(lists.at(-1)).toEqual({ ranked: 24, complete: true, hits: 6 })
  const photos = shop.requests('/photos/').map(({ path }) => path)
  expect(photos[0]).toBe(`/photos/${shop.photos[19]}`)
  expect(photos).toHaveLength(24)
})

test('the main thread is never blocked for 50 ms while photos are indexed', async ({ page, shop }) => {
  shop.photoCatalog(20)
  let longTasks: number[] = []
  // A task of ours would be long each time; a busy machine makes a short one long now and then.
  for (let round = 0; round < 3; round++) {
    await page.goto(shop.page(''))
    await page.evaluate(() => {
      const tasks: number[] = []
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration)
      }).observe({ type: 'longtask' })
      Object.assign(window, { longTasks: tasks })
    })
    await openEngine(page, { storage: 'memory' })
    const report = await page.evaluate(() => window.engine.sync())
    expect(report.encoded).toBe(20)
    longTasks = await page.evaluate(async () => {
      // Entries are delivered a moment after their task.
      await new Promise((resolve) => setTimeout(resolve, 200))
      return (window as unknown as { longTasks: number[] }).longTasks
    })
    console.log(`long tasks on the main thread while indexing: ${JSON.stringify(longTasks)}`)
    if (longTasks.length === 0) break
  }
  expect(longTasks).toEqual([])
})

test('a filter runs on the page and bounds the list', async ({ page, shop }) => {
  shop.photoCatalog(16)
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  const list = await page.evaluate(() =>
    window.engine.similarTo('sku-01', { filter: ({ availability }) => availability === 'out_of_stock' }),
  )
  expect(list.hits.map(({ product }) => product.id).sort()).toEqual(['sku-07', 'sku-14'])
})

test('a photo, its URL, a bitmap and a canvas of it find the same product first', async ({ page, shop }) => {
  shop.photoCatalog(12)
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  const firsts = await page.evaluate(async (url) => {
    const blob = await (await fetch(url)).blob()
    const bitmap = await createImageBitmap(blob)
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
    const lists = []
    for (const image of [blob, url, bitmap, canvas]) lists.push(await window.engine.searchByImage(image))
    // What was passed is still the caller's.
    return {
      ids: lists.map(({ hits }) => hits[0]?.product.id),
      width: bitmap.width,
      timings: lists[0]?.timings,
    }
  }, `/photos/${shop.photos[4]}`)
  expect(firsts.ids).toEqual(['sku-05', 'sku-05', 'sku-05', 'sku-05'])
  expect(firsts.width).toBeGreaterThan(0)
  expect(firsts.timings?.inference).toBeGreaterThan(0)
})

test('a crop searches with that region only', async ({ page, shop }) => {
  shop.photoCatalog(4)
  await page.goto(shop.page(''))
  await openEngine(page)
  const [whole, same, left] = await page.evaluate(async (url) => {
    const { engine } = window
    const embed = async (crop?: { x: number; y: number; width: number; height: number }) => [
      ...(await engine.embed(url, crop && { crop })).vector,
    ]
    return [
      await embed(),
      await embed({ x: 0, y: 0, width: 1, height: 1 }),
      await embed({ x: 0, y: 0, width: 0.4, height: 1 }),
    ]
  }, `/photos/${shop.photos[0]}`)
  expect(same).toEqual(whole)
  expect(cosineSimilarity(whole as number[], left as number[])).toBeLessThan(0.99)
  for (const crop of [
    { x: 0.5, y: 0, width: 0, height: 1 },
    { x: 2, y: 0, width: 1, height: 1 },
  ]) {
    const failure = await page.evaluate(
      ([url, box]) => window.engine.embed(url, { crop: box }).catch((error: { code: string }) => error.code),
      [`/photos/${shop.photos[0]}`, crop] as const,
    )
    expect(failure).toBe('invalid-argument')
  }
})

test('options that are no numbers are refused, and the engine goes on', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page)
  const failures = await page.evaluate(async () => {
    const ask = (options: object) =>
      window.engine.similarTo('sku-01', options).catch(({ code, message }) => [code, message])
    return [await ask({ limit: Number.parseInt('', 10) }), await ask({ minScore: '0.5' })]
  })
  expect(failures).toEqual([
    ['invalid-argument', 'limit has to be a number; it is NaN.'],
    ['invalid-argument', 'minScore has to be a number; it is 0.5.'],
  ])
  await page.evaluate(() => window.engine.sync())
  expect(await page.evaluate(async () => (await window.engine.similarTo('sku-01')).hits.length)).toBe(1)
})

test('the package works under a strict Content-Security-Policy', async ({ page, shop }) => {
  shop.photoCatalog(3)
  await page.goto(shop.page('', { csp: true }))
  await openEngine(page)
  const list: RankedList = await page.evaluate(async () => {
    await window.engine.sync()
    return window.engine.similarTo('sku-01')
  })
  expect(list.hits).toHaveLength(2)
})

test('the worker starts when the script comes from another origin', async ({ page, shop }) => {
  shop.photoCatalog(3)
  shop.cdn.cors = true
  await page.goto(shop.page(''))
  await loadPackage(page, `${shop.cdn.origin}/dist/index.js`)
  const result = await page.evaluate(async () => {
    window.engine = await window.similarItems.SimilarityEngine.open({ catalog: '/catalog.json' })
    await window.engine.sync()
    return {
      hits: (await window.engine.similarTo('sku-01')).hits.length,
      model: window.engine.status.modelFile,
    }
  })
  expect(result.hits).toBe(2)
  expect(result.model).toContain(`${shop.cdn.origin}/dist/models/`)
})
