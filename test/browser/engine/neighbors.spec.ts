import type { Page } from '@playwright/test'
import type { SiErrorEvent } from '../../../src/index.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { codeBlocks } from '../documents.js'
import { openShop, results } from '../element/element-page.js'
import { expect, type Shop, test } from '../harness.js'

/** Serves the neighbour files of `sku-01`, and nothing of other products. */
function publish(shop: Shop, list: readonly (readonly [string, number])[]): string {
  const path = `/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`
  shop.write(path, JSON.stringify({ 'sku-01': list }))
  return path
}

const element = (attributes: string) =>
  `<similar-items neighbors="/neighbors/{hash:2}.json" item="sku-01" loading="eager" ${attributes}></similar-items>`

const list = [
  ['sku-03', 0.9],
  ['sku-02', 0.8],
  ['sku-05', 0.7],
  ['sold', 0.6],
] as const

/** Paths that were asked for, without the page and its script. */
function paths(shop: Shop): string[] {
  return shop.log
    .map(({ path }) => path)
    .filter((path) => !/^\/(pages|photos|element-page)|\/dist\/(?!worker|ort)/.test(path))
}

function shown(page: Page): Promise<{ id: string; score: number; price: string | undefined }[]> {
  return page.evaluate(() => {
    const list = document.querySelector('similar-items')?.results
    return (list?.hits ?? []).map(({ product, score }) => ({ id: product.id, score, price: product.price }))
  })
}

test('with products from the shop: one small file, no catalogue, no worker', async ({ page, shop }) => {
  const file = publish(shop, list)
  const stock = ['sku-05', 'sku-02', 'sku-03'].map((id) => {
    return { id, title: `Live ${id}`, image_link: `/photos/${shop.photos[0]}`, price: '9.90 EUR' }
  })
  shop.write('/api/products', JSON.stringify(stock))
  await openShop(page, shop, element('limit="2"'))
  const [code = ''] = codeBlocks('docs/packs.md', 'js')
  await page.evaluate(`${code}\nelement.filter = ({ id }) => id !== 'sku-02'`)
  await results(page)
  expect(await shown(page)).toEqual([
    { id: 'sku-03', score: 0.9, price: '9.90 EUR' },
    { id: 'sku-05', score: 0.7, price: '9.90 EUR' },
  ])
  await expect(page.getByText('Live sku-03')).toBeVisible()
  expect(new Set(paths(shop))).toEqual(new Set([file, '/api/products']))
  const bytes = shop.requests(/^\/neighbors\//).reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(`neighbour file: ${bytes} bytes before results`)
})

test('with a catalogue: two files, no worker', async ({ page, shop }) => {
  const file = publish(shop, list)
  shop.photoCatalog(4)
  await openShop(page, shop, element('catalog="/catalog.json" min-score="0.75"'))
  await results(page)
  expect((await shown(page)).map(({ id }) => id)).toEqual(['sku-03', 'sku-02'])
  expect(paths(shop).sort()).toEqual(['/catalog.json', file])
})

test('a product that the files do not know is left to the engine', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const [first] = ['sku-02'].map((id) => `/neighbors/${hashOfId(id).slice(0, 2)}.json`)
  shop.write(first as string, '{}')
  await openShop(page, shop, element('catalog="/catalog.json"').replace('sku-01', 'sku-02'))
  await results(page)
  expect((await shown(page)).map(({ id }) => id).sort()).toEqual(['sku-01', 'sku-03'])
})

test('files that are not there are an error where there is no catalogue to fall back on', async ({
  page,
  shop,
}) => {
  shop.allowErrors(/neighbors/)
  await openShop(page, shop, '')
  const code = await page.evaluate(async (html) => {
    const error = new Promise<string>((resolve) => {
      document.addEventListener('si-error', (event) => resolve((event as SiErrorEvent).error.code), {
        once: true,
      })
    })
    document.querySelector('main')?.insertAdjacentHTML('beforeend', html)
    const element = document.querySelector('similar-items')
    if (element) element.products = async () => []
    return error
  }, element(''))
  expect(code).toBe('neighbors-unreachable')
  await expect(page.locator('similar-items')).toHaveJSProperty('state', 'error')
})

test('neighbours without a word on what they are are explained', async ({ page, shop }) => {
  const warned = page.waitForEvent('console', (message) => message.type() === 'warning')
  await page.goto(
    shop.page(`<script type="module" src="/dist/define.js"></script>
      <similar-items neighbors="/neighbors/{hash:2}.json" item="sku-01"></similar-items>`),
  )
  expect((await warned).text()).toContain('Set the catalog attribute or the products property')
})
