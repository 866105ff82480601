import { expect, test } from '../harness.js'
import { openEngine } from './engine-page.js'

test('a search by vector is what the search by picture does', async ({ page, shop }) => {
  shop.photoCatalog(8)
  await page.goto(shop.page(''))
  await openEngine(page)
  await page.evaluate(() => window.engine.sync())
  const lists = await page.evaluate(async (photo) => {
    const ids = (list: { hits: readonly { product: { id: string }; score: number }[] }) =>
      list.hits.map(({ product, score }) => [product.id, score])
    const { engine } = window
    const vector = await engine.embed(photo)
    const long = { ...vector, vector: vector.vector.map((component) => component * 7) }
    return {
      picture: ids(await engine.searchByImage(photo)),
      vector: ids(await engine.search({ vector })),
      long: ids(await engine.search({ vector: long })),
      filtered: ids(await engine.search({ vector }, { limit: 1, filter: ({ id }) => id !== 'sku-01' })),
      item: ids(await engine.similarTo('sku-02')),
      items: ids(await engine.search({ items: ['sku-02'] })),
      weighted: ids(await engine.search({ items: ['sku-02', 'sku-03'], weights: [1, 1e-6] })),
    }
  }, `/photos/${shop.photos[0]}`)
  expect(lists.picture).toHaveLength(8)
  expect(lists.vector).toEqual(lists.picture)
  // Made a unit vector again, it may differ in the last bit.
  expect(lists.long).toEqual(lists.picture.map(([id, score]) => [id, expect.closeTo(score as number, 6)]))
  expect(lists.filtered).toEqual([lists.picture.find(([id]) => id !== 'sku-01')])
  expect(lists.items.map(([id]) => id)).toEqual(lists.item.map(([id]) => id))
  const others = lists.item.map(([id]) => id).filter((id) => id !== 'sku-03')
  expect(lists.weighted.map(([id]) => id)).toEqual(others)
})

test('what cannot be searched with is refused', async ({ page, shop }) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await openEngine(page)
  const codes = await page.evaluate(async (photo) => {
    const { engine } = window
    await engine.sync()
    const { space, vector } = await engine.embed(photo)
    const other = { ...space, fingerprint: 'of another model', model: 'other' }
    const tries: (() => Promise<unknown>)[] = [
      () => engine.search({ items: [] }),
      () => engine.search({ items: ['sku-01', 'nothing'] }),
      () => engine.search({ items: ['sku-01'], weights: [1, 2] }),
      () => engine.search({ vector: { space, vector: new Float32Array(space.dimensions) } }),
      () => engine.search({ vector: { space, vector: vector.subarray(1) } }),
      () => engine.search({ vector: { space: other, vector } }),
      () => engine.search({ vector } as never),
    ]
    return Promise.all(
      tries.map((attempt) =>
        attempt().then(
          () => 'answered',
          (error: { code?: string }) => error.code,
        ),
      ),
    )
  }, `/photos/${shop.photos[0]}`)
  const refused = 'invalid-argument'
  expect(codes).toEqual([refused, 'product-unknown', refused, refused, refused, 'space-mismatch', refused])
})
