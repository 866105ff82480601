import { element, ranked } from './element-page.js'
import { expect, openPage, test } from './harness.js'

test('a page that is gone back to has its list, from the back/forward cache or anew', async ({
  tab,
  shop,
  testedName,
}) => {
  shop.photoCatalog(4)
  // A page from the cache has this from before it was left.
  const notes = `<script>addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted })</script>`
  await openPage(tab, shop, notes + element('item="sku-01"'))
  await ranked(tab)
  await tab.goto(shop.page('<h1>Another product</h1>'))
  await tab.evaluate(() => history.back())
  const seen = () =>
    tab.evaluate(() => (window as { persisted?: boolean }).persisted ?? null).catch(() => null)
  await expect.poll(seen, { timeout: 20_000 }).not.toBeNull()
  console.log(`${testedName}: the page comes ${(await seen()) ? 'from the back/forward cache' : 'anew'}`)
  await ranked(tab)
  // Its engine answers too.
  const hits = await tab.evaluate(async () => {
    const engine = await document.querySelector('similar-items')?.engine
    return (await engine?.similarTo('sku-02', { limit: 3 }))?.hits.length
  })
  expect(hits).toBe(3)
})
