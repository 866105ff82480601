import { element, list, ranked } from './element-page.js'
import { openEngine } from './engine-page.js'
import { expect, openPage, type Shop, test } from './harness.js'

/** Answers as `similarHandler` does: of the list of a product, with the products of `shop.photoCatalog`. */
function serveLists(
  shop: Shop,
  hits: readonly { readonly product: unknown; readonly score: number }[],
): void {
  shop.handle('/api/similar', async (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ space: null, hits }))
  })
}

const hitOf = (shop: Shop, number: number, score: number) => ({
  product: {
    id: `sku-0${number}`,
    title: `From the engine ${number}`,
    image_link: `/photos/${shop.photos[number - 1]}`,
  },
  score,
})

test('a list comes from the engine in one request, in its order, without worker and model', async ({
  tab,
  shop,
}) => {
  serveLists(shop, [hitOf(shop, 3, 0.9), hitOf(shop, 2, 0.4)])
  await openPage(tab, shop, element('item="sku-01" engine="/api/similar"'))
  await ranked(tab)
  expect((await list(tab)).map(({ id, score }) => [id, score])).toEqual([
    ['sku-03', 0.9],
    ['sku-02', 0.4],
  ])
  const heavy = /worker|\.wasm|onnx|catalog\.json/
  expect(shop.log.filter(({ path }) => heavy.test(path))).toEqual([])
})

test('where the engine hangs or fails, the page’s own catalogue answers, after a warning with a code', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  await openPage(tab, shop, '')
  await openEngine(tab)
  shop.allowErrors(/api\/similar/)
  const ask = () =>
    tab.evaluate(async () => {
      const warnings: string[] = []
      const { SimilarityEngine } = window.similarItems
      const engine = await SimilarityEngine.open({ engine: '/api/similar', catalog: '/catalog.json' })
      engine.addEventListener('warning', (event) => {
        event.preventDefault()
        warnings.push(event.error.code)
      })
      // The page has to encode its pictures first, so the list need not be whole yet.
      const { total } = await engine.similarTo('sku-01', { limit: 2 })
      await engine.close()
      return { warnings, total }
    })
  shop.fault('/api/similar', { kind: 'hang' }, 1)
  expect(await ask()).toEqual({ warnings: ['engine-timeout'], total: 3 })
  shop.fault('/api/similar', { kind: 'status', status: 503 })
  expect(await ask()).toEqual({ warnings: ['engine-unreachable'], total: 3 })
})
