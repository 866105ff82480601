import { element, list, photoOf, ranked } from './element-page.js'
import { goldenSimilarity } from './golden.js'
import { expect, openPage, test } from './harness.js'

test('the element shows products, ranked by vectors made in the page', async ({ tab, shop }) => {
  shop.photoCatalog(12)
  await openPage(tab, shop, element())
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
  expect(shop.requests('_quantized.onnx')).toHaveLength(1)
})
