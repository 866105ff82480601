import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { loadModelFolder } from '../../../src/encoder/model/model-folder.js'
import type { SimilarItemsElement } from '../../../src/index.js'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { NodeEncoder } from '../../../src/node/encoder/node-encoder.js'
import { fileFetch, toUrl } from '../../../src/node/files/file-fetch.js'
import type { ProjectionOptions } from '../../../src/node/indexing/choose-projection.js'
import { indexCatalog } from '../../../src/node/indexing/index-catalog.js'
import type { Space } from '../../../src/types.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { project, readProjection, writeProjection } from '../../../src/vectors/projection.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { openShop, results } from '../element/element-page.js'
import { expect, type Shop, test } from '../harness.js'
import { type Failure, loadPackage, modelPath, openEngine } from './engine-page.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photoFolder = join(root, 'node_modules/@vendure/create/assets/images')
const model = join(root, 'public', modelPath)

/** The file of a projection that is not the identity by far: the identity, cut, plus noise. */
function projectionFile(from: Space, dimensions: number, seed = 1): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed)
  const matrix = Float32Array.from({ length: dimensions * from.dimensions }, (_, index) => {
    const isDiagonal = Math.floor(index / from.dimensions) === index % from.dimensions
    return (isDiagonal ? 1 : 0) + (random.next() - 0.5) / 2
  })
  return writeProjection(from, matrix, 'tuned')
}

async function modelSpace(): Promise<Space> {
  const { space } = await loadModelFolder(toUrl(model), { fetch: fileFetch })
  if (!space) throw new Error('the model folder has no self-check.json')
  return space
}

function similarTo(page: Page, id: string, limit = 5): Promise<string[]> {
  return page.evaluate(
    async ([id, limit]) => {
      const { hits } = await window.engine.similarTo(id, { limit })
      return hits.map(({ product }) => product.id)
    },
    [id, limit] as const,
  )
}

test('Node and page give the same vectors and the same lists', async ({ page, shop }) => {
  const count = 14
  const file = projectionFile(await modelSpace(), 128)
  const projection = await readProjection(file, 'tuned.safetensors')
  const encoder = await NodeEncoder.open({ model, backend: 'kernel' })
  const expected = new Map<string, Float32Array>()
  for (const [index, photo] of shop.photos.slice(0, count).entries()) {
    const embedding = await encoder.encode(readFileSync(join(photoFolder, photo)), photo)
    expected.set(`sku-${String(index + 1).padStart(2, '0')}`, project(projection, embedding).vector)
  }
  await encoder.close()

  shop.write('/tuned.safetensors', file)
  shop.photoCatalog(count)
  await page.goto(shop.page(''))
  await openEngine(page, { projection: '/tuned.safetensors' })
  await page.evaluate(() => window.engine.sync())
  let worst = 1
  for (const [index, id] of [...expected.keys()].entries()) {
    const { vector, space } = await page.evaluate(async (photo) => {
      const { vector, space } = await window.engine.embed(photo)
      return { vector: [...vector], space }
    }, `/photos/${shop.photos[index]}`)
    expect(space).toEqual(projection.to)
    worst = Math.min(worst, cosineSimilarity(Float32Array.from(vector), expected.get(id) as Float32Array))
  }
  console.log(
    `page and Node, projected to 128 dimensions: worst cosine ${worst.toFixed(5)} of ${count} photos`,
  )
  expect(worst).toBeGreaterThan(0.999)

  for (const [id, query] of expected) {
    const others = [...expected].filter(([other]) => other !== id)
    const ranked = others.toSorted(([, a], [, b]) => cosineSimilarity(query, b) - cosineSimilarity(query, a))
    expect((await similarTo(page, id)).toSorted(), id).toEqual(
      ranked
        .slice(0, 5)
        .map(([other]) => other)
        .toSorted(),
    )
  }
})

test('a second visit needs neither the projection nor the model', async ({ page, shop }) => {
  shop.write('/tuned.safetensors', projectionFile(await modelSpace(), 64))
  shop.photoCatalog(4)
  await page.goto(shop.page(''))
  await openEngine(page, { projection: '/tuned.safetensors' })
  await page.evaluate(() => window.engine.sync())
  const first = await similarTo(page, 'sku-01')
  shop.clearLog()
  await page.goto(shop.page(''))
  await openEngine(page, { projection: '/tuned.safetensors' })
  expect(await similarTo(page, 'sku-01')).toEqual(first)
  expect(shop.requests(/tuned|models|photos/)).toEqual([])

  // Without it, or with another one, vectors are of another space.
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  expect(await page.evaluate(() => window.engine.status)).toMatchObject({ space: { projection: null } })
})

test.describe('a pack', () => {
  let folder: string
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  })
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /**
   * Serves a pack of the first photos, cut to 64 dimensions unless `options` say otherwise.
   * @returns the path of its projection, and its space.
   */
  async function publishPack(
    shop: Shop,
    count: number,
    options: ProjectionOptions = { projection: { kind: 'cut', dimensions: 64 } },
  ): Promise<{ projection: string; space: Space }> {
    mkdirSync(join(folder, 'photos'), { recursive: true })
    const items = shop.photos.slice(0, count).map((photo, index) => {
      writeFileSync(join(folder, 'photos', photo), readFileSync(join(photoFolder, photo)))
      const id = `sku-0${index + 1}`
      return { id, title: photo, link: `/p/${id}`, image_link: `/photos/${photo}` }
    })
    writeFileSync(join(folder, 'feed.json'), JSON.stringify(items))
    const out = join(folder, 'out')
    const { space, pack } = await indexCatalog({
      feed: join(folder, 'feed.json'),
      model,
      out,
      images: folder,
      precision: 'int8',
      workers: 1,
      ...options,
    })
    const catalog = readFileSync(join(out, 'catalog.json'), 'utf8')
    const projection = JSON.parse(catalog).pack.projection.url as string
    for (const name of [pack, projection]) shop.write(`/${name}`, readFileSync(join(out, name)))
    shop.write('/catalog.json', catalog)
    return { projection: `/${projection}`, space }
  }

  test('of the same projection is used', async ({ page, shop }) => {
    const { projection, space } = await publishPack(shop, 5)
    await page.goto(shop.page(''))
    await openEngine(page, { projection })
    expect(await similarTo(page, 'sku-01')).toHaveLength(4)
    expect(shop.requests(/\.onnx$|_int7\.|ort-wasm|\/photos\//)).toEqual([])
    const found = await page.evaluate(async (photo) => {
      const { hits } = await window.engine.searchByImage(photo, { limit: 1 })
      return { id: hits[0]?.product.id, score: hits[0]?.score, status: window.engine.status }
    }, `/photos/${shop.photos[2]}`)
    expect(found).toMatchObject({
      id: 'sku-03',
      score: expect.closeTo(1, 1),
      status: { space, warnings: [] },
    })
  })

  test('of a centered catalogue: what the page encodes is centered by its mean, and spaces never mix', async ({
    page,
    shop,
  }) => {
    const { projection, space } = await publishPack(shop, 6, { center: true })
    expect(space.centered).toBe(true)
    // One more product than the pack has.
    const catalog = JSON.parse(readFileSync(join(folder, 'out', 'catalog.json'), 'utf8'))
    const newcomer = { id: 'sku-07', title: 'New', image_link: `/photos/${shop.photos[6]}` }
    shop.write('/catalog.json', JSON.stringify({ ...catalog, items: [...catalog.items, newcomer] }))

    const encoder = await NodeEncoder.open({ model, backend: 'kernel' })
    const file = Uint8Array.from(readFileSync(join(folder, 'out', projection)))
    const centering = await readProjection(file, projection)
    const photos = shop.photos.slice(0, 8)
    const expected: Float32Array[] = []
    for (const photo of photos) {
      const embedding = await encoder.encode(readFileSync(join(photoFolder, photo)), photo)
      expected.push(project(centering, embedding).vector)
    }
    await encoder.close()

    const visit = async () => {
      await page.goto(shop.page(''))
      await openEngine(page)
      await page.evaluate(() => window.engine.sync())
    }
    const ask = () =>
      page.evaluate(async (photo) => {
        const near = { limit: 7, nearDuplicate: 2 }
        const item = await window.engine.similarTo('sku-07', near)
        const search = await window.engine.searchByImage(photo, near)
        const { vector, space } = await window.engine.embed(photo)
        const scores = [item, search].map(({ hits }) =>
          hits.map(({ product, score }) => [product.id, score] as const),
        )
        return {
          spaces: [item.space, search.space, space, window.engine.status.space],
          scores,
          vector: [...vector],
        }
      }, `/photos/${photos[7]}`)
    await visit()
    const { spaces, scores, vector } = await ask()
    for (const found of spaces) expect(found).toEqual(space)
    expect(cosineSimilarity(vector, expected[7] as Float32Array)).toBeGreaterThan(0.998)
    for (const [list, query] of [6, 7].entries()) {
      expect(scores[list]).toHaveLength(query)
      for (const [id, score] of scores[list] ?? []) {
        const wanted = cosineSimilarity(
          expected[query] as Float32Array,
          expected[Number(id.slice(-1)) - 1] as Float32Array,
        )
        expect(Math.abs(score - wanted), `${id} for photo ${query}`).toBeLessThan(0.03)
      }
    }
    expect(shop.requests(/\/projection-/)).toHaveLength(1)

    // Another mean is another space: nothing of before is compared with it, and nothing is lost.
    const other = await publishPack(shop, 7, { center: true, refit: true })
    expect(other.space.fingerprint).not.toBe(space.fingerprint)
    await visit()
    const after = await ask()
    for (const found of after.spaces) expect(found).toEqual(other.space)
    // Without a pack the page's vectors are the encoder's own.
    shop.photoCatalog(7)
    await visit()
    const plain = await ask()
    for (const found of plain.spaces) expect(found).toEqual(centering.from)
    const best = (found: typeof plain) => found.scores[1]?.at(-1)?.[1] as number
    expect(best(plain)).toBeGreaterThan(best(after))
  })

  test('of a centered catalogue: the photo panel reads scores by the bands of that space', async ({
    page,
    shop,
  }) => {
    const { space } = await publishPack(shop, 6, { center: true })
    await openShop(page, shop, '<similar-items catalog="/catalog.json" photo-search></similar-items>')
    const found = await page.evaluate(async (photo) => {
      const element = document.querySelector('similar-items') as SimilarItemsElement
      const ended = new Promise<number[]>((resolve) => {
        element.addEventListener('si-results', ({ hits, complete }) => {
          if (complete) resolve(hits.map(({ score }) => score))
        })
      })
      await element.openPhotoSearch(photo)
      return { scores: await ended, space: element.status?.space }
    }, `/photos/${shop.photos[2]}`)
    expect(found.space).toEqual(space)
    // The photo of a product is found, in its frame; what is below the last band of that space is not.
    const [best = 0] = found.scores
    expect(best).toBeGreaterThan(0.55)
    for (const score of found.scores) expect(score).toBeGreaterThanOrEqual(0.35)
    const band = best >= 0.75 ? 'Very similar' : 'Similar'
    await expect(page.getByRole('heading', { name: band, exact: true })).toBeVisible()
    await expect(page.locator('[part="photo-results"] [part="item"]')).toHaveCount(found.scores.length)
  })

  test('of another projection is refused, and the message names both spaces', async ({ page, shop }) => {
    const { space } = await publishPack(shop, 3)
    const file = projectionFile(await modelSpace(), 64)
    shop.write('/tuned.safetensors', file)
    const { to } = await readProjection(file, 'tuned.safetensors')
    await page.goto(shop.page(''))
    await openEngine(page, { projection: '/tuned.safetensors' })
    await page.evaluate(() => window.engine.sync())
    expect(await similarTo(page, 'sku-01')).toHaveLength(2)
    const status = await page.evaluate(() => window.engine.status)
    expect(status.space).toEqual(to)
    expect(new Set(status.warnings).size).toBe(1)
    expect(status.warnings[0]).toContain(`is of space "${space.fingerprint}"`)
    expect(status.warnings[0]).toContain(
      `the page's model and projection make vectors of space "${to.fingerprint}"`,
    )
    expect(shop.requests(/\/pack-/)).toEqual([])
  })
})

/** What the first question to an engine with `/tuned.safetensors` fails with. */
async function failure(page: Page): Promise<Failure & { subject: string | undefined }> {
  await page.evaluate(() => window.engine?.close())
  await loadPackage(page)
  return page.evaluate(async (model) => {
    const options = {
      catalog: '/catalog.json',
      model,
      projection: '/tuned.safetensors',
    }
    const engine = await window.similarItems.SimilarityEngine.open(options)
    try {
      await engine.similarTo('sku-01')
      throw new Error('it did not fail')
    } catch (error) {
      const { name, code, message, subject } = error as Failure & { subject: string | undefined }
      return { name, code, message, subject }
    } finally {
      await engine.close()
    }
  }, modelPath)
}

test('a file that cannot be used is a typed error that names it, before the weights are downloaded', async ({
  page,
  shop,
}) => {
  const space = await modelSpace()
  const good = projectionFile(space, 64)
  const other = makeSpace({ ...space, model: 'f'.repeat(64) })
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  const contents: [string, Uint8Array | string, string][] = [
    ['a web page', '<!doctype html><title>Shop</title>', 'pack-unreachable'],
    ['an empty file', '', 'pack-unreachable'],
    ['the beginning of one', good.subarray(0, good.length - 1000), 'pack-invalid'],
    ['the very beginning of one', good.subarray(0, 5), 'pack-invalid'],
    [
      'one of other dimensions',
      projectionFile(makeSpace({ ...space, dimensions: 100 }), 64),
      'space-mismatch',
    ],
    ['one of another encoder', projectionFile(other, 64), 'space-mismatch'],
    [
      'one that is no number',
      writeProjection(space, new Float32Array(192).fill(Number.NaN), 'tuned'),
      'pack-invalid',
    ],
    ['something else', readFileSync(join(root, 'package.json')), 'pack-invalid'],
  ]
  for (const [what, content, code] of contents) {
    shop.write('/tuned.safetensors', content)
    const error = await failure(page)
    console.log(`${what}: ${error.message}`)
    expect(error, what).toMatchObject({
      name: 'SimilarItemsError',
      code,
      subject: shop.url('/tuned.safetensors'),
    })
    expect(error.message, what).toContain(shop.url('/tuned.safetensors'))
    if (what.includes('encoder')) {
      expect(error.message).toContain(`"${other.fingerprint}"`)
      expect(error.message).toContain(`"${space.fingerprint}"`)
    }
  }
  const missing = shop.fault('/tuned.safetensors', { kind: 'status', status: 404 })
  expect(await failure(page)).toMatchObject({ code: 'pack-unreachable' })
  missing.remove()
  shop.write('/tuned.safetensors', good)
  shop.fault('/tuned.safetensors', { kind: 'truncate', after: 1000 })
  expect(await failure(page)).toMatchObject({ code: 'pack-unreachable' })
  expect(shop.requests(/\.onnx$|_int7\./)).toEqual([])
})

test('a projection for a model folder without self-check.json is checked when the weights are there', async ({
  page,
  shop,
}) => {
  const folder = await shop.model({ imageSize: 96, hiddenSize: 48, selfCheck: false })
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page, { model: folder })
  const { space } = await page.evaluate(
    async (photo) => window.engine.embed(photo),
    `/photos/${shop.photos[0]}`,
  )
  await page.evaluate(() => window.engine.close())

  shop.write('/tuned.safetensors', projectionFile(space, 16))
  await openEngine(page, { model: folder, projection: '/tuned.safetensors' })
  await page.evaluate(() => window.engine.sync())
  expect(await similarTo(page, 'sku-01')).toEqual(['sku-02'])
  expect(await page.evaluate(() => window.engine.status.space?.dimensions)).toBe(16)
  await page.evaluate(() => window.engine.close())

  shop.write('/other.safetensors', projectionFile(await modelSpace(), 16))
  await openEngine(page, { model: folder, projection: '/other.safetensors' })
  const code = await page.evaluate(() => {
    return window.engine.similarTo('sku-01').then(
      () => '',
      (error) => error.code,
    )
  })
  expect(code).toBe('space-mismatch')
})

test('the element takes it as an attribute, and a variant as a setting', async ({ page, shop }) => {
  shop.write('/tuned.safetensors', projectionFile(await modelSpace(), 64))
  shop.photoCatalog(3)
  const element = '<similar-items catalog="/catalog.json" item="sku-01" loading="eager"'
  await openShop(page, shop, `${element} projection="/tuned.safetensors"></similar-items>`)
  await results(page)
  const dimensions = () =>
    page.evaluate(() => document.querySelector('similar-items')?.status?.space?.dimensions)
  expect(await dimensions()).toBe(64)

  await openShop(page, shop, `${element}></similar-items>`)
  await results(page)
  expect(await dimensions()).toBe(192)
  await page.evaluate(() => {
    const variants = [{ name: 'tuned', settings: { projection: '/tuned.safetensors' } }]
    Object.assign(document.querySelector('similar-items') as object, {
      experiment: 'x',
      visitor: 'v',
      variants,
    })
  })
  await expect.poll(dimensions).toBe(64)
  await expect(page.getByRole('link')).toHaveCount(2)
})

test('the photo search of an element uses the projection of its variant', async ({ page, shop }) => {
  shop.write('/tuned.safetensors', projectionFile(await modelSpace(), 64))
  shop.photoCatalog(3)
  await openShop(page, shop, '<similar-items catalog="/catalog.json" photo-search></similar-items>')
  const status = await page.evaluate(async (photo) => {
    const element = document.querySelector('similar-items') as SimilarItemsElement
    const variants = [{ name: 'tuned', settings: { projection: '/tuned.safetensors' } }]
    Object.assign(element, { experiment: 'x', visitor: 'v', variants })
    const found = new Promise((resolve) => element.addEventListener('si-results', resolve, { once: true }))
    await element.openPhotoSearch(photo)
    await found
    return element.status
  }, `/photos/${shop.photos[0]}`)
  expect(status?.space?.dimensions).toBe(64)
})
