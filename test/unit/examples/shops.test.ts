import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseCatalog } from '../../../src/catalog/parse-catalog.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const example = (path: string) => import(new URL(`../../../examples/${path}`, import.meta.url).href)
const { renderPage } = (await example('shopify/render.mjs')) as {
  renderPage: (settings: { files: string }) => Promise<string>
}
const { vendureFeed } = (await example('vendure/feed.mjs')) as {
  vendureFeed: (shopApi: string) => Promise<unknown[]>
}
const { serveAnswers } = (await example('vendure/serve-answers.mjs')) as {
  serveAnswers: () => Promise<{ address: string; close: () => void }>
}
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { version } = JSON.parse(read('package.json'))
const php = spawnSync('php', ['--version']).status === 0
if (!php) console.log('php is absent: the plugin for WooCommerce is not run')

const photo = (name: string) => `https://shop.test/photos/${name}-unsplash.jpg`

describe('the theme block for Shopify', () => {
  test('puts a feed into the page, whatever stands in titles', async () => {
    const page = await renderPage({ files: 'https://cdn.test/dist/' })
    expect(page).toContain('<script type="module" src="https://cdn.test/dist/define.js"></script>')
    const [element, ...others] = page.match(/<similar-items [\s\S]*?<\/similar-items>/g) ?? []
    expect(others).toEqual([])
    expect(element).toMatch(/^<similar-items item="8429150077" limit="12" +>/)
    // What the HTML parser takes for the content of the script: everything up to the first end tag.
    const json = /<script type="application\/json">([\s\S]*?)<\/script/.exec(element ?? '')?.[1] ?? ''
    const { products, skipped } = parseCatalog(JSON.parse(json), 'https://shop.test/products/kamera')
    expect(products).toEqual([
      {
        id: '8429150077',
        title: 'Kamera "Größe L" </script><b> & Söhne',
        link: 'https://shop.test/products/kamera-groesse-l',
        image_link: `${photo('abel-y-costa-716024')}?width=600`,
        price: '129 EUR',
        availability: 'in_stock',
        brand: 'Söhne',
        product_type: 'Cameras',
      },
      expect.objectContaining({
        title: "L'objectif <!-- 50 mm -->",
        link: 'https://shop.test/products/objectif?variant=46213700882',
        price: '119.9 EUR',
        sale_price: '89.9 EUR',
      }),
      expect.objectContaining({ title: '三脚架 \\ 1,5 m', price: '49 EUR', availability: 'out_of_stock' }),
      expect.objectContaining({ title: 'Film\n\tISO 400', price: '9.95 EUR' }),
    ])
    expect(products[2]).not.toHaveProperty('sale_price')
    expect(skipped).toMatchObject([{ id: '8429150081', reason: expect.stringContaining('image_link') }])
  })

  test('its schema is what the theme editor reads, and names this version', () => {
    const block = read('examples/shopify/blocks/similar-items.liquid')
    const schema = JSON.parse(/{% schema %}([\s\S]*){% endschema %}/.exec(block)?.[1] ?? '')
    expect(schema.settings.map(({ id }: { id: string }) => id)).toEqual(['collection', 'limit', 'files'])
    const files = schema.settings.find(({ id }: { id: string }) => id === 'files')
    expect(files.default).toBe(`https://cdn.jsdelivr.net/npm/similar-items@${version}/dist/`)
  })
})

describe('the plugin for WooCommerce', () => {
  test.skipIf(!php)('writes the list, the script and the feed', () => {
    const site = mkdtempSync(join(tmpdir(), 'similar-items-'))
    onTestFinished(() => rmSync(site, { recursive: true }))
    mkdirSync(join(site, 'wp-json'))
    execFileSync('php', [join(root, 'examples/woocommerce/render.php'), site])
    const page = readFileSync(join(site, 'index.html'), 'utf8')
    const catalog = '/wp-json/similar-items/v1/catalog'
    expect(page).toContain(`<similar-items catalog="${catalog}" item="44"></similar-items>`)
    const script = `/wp-content/plugins/similar-items/files/define.js?ver=${version}`
    expect(page).toContain(`<script type="module" src="${script}"></script>`)
    const feed = JSON.parse(readFileSync(join(site, catalog), 'utf8'))
    const { products, skipped } = parseCatalog(feed, `https://shop.test${catalog}`)
    expect(skipped).toEqual([])
    expect(products).toEqual([
      {
        id: '44',
        title: 'Kamera “Größe L” & Söhne',
        link: 'https://shop.test/product/kamera/',
        image_link: photo('abel-y-costa-716024'),
        availability: 'in_stock',
        price: '154.80 EUR',
      },
      expect.objectContaining({
        title: 'L\'objectif "50 mm"',
        price: '143.88 EUR',
        sale_price: '107.88 EUR',
      }),
      expect.objectContaining({ title: '三脚架 < 1,5 m', availability: 'out_of_stock' }),
      expect.objectContaining({ title: 'Film ISO 400' }),
    ])
    expect(products[3]).not.toHaveProperty('price')
  })

  test('names this version', () => {
    expect(read('examples/woocommerce/similar-items/similar-items.php')).toContain(` * Version: ${version}\n`)
  })
})

describe('the feed of Vendure', () => {
  test('has all products of the answers of Vendure 3.7.3', async () => {
    const shop = await serveAnswers()
    onTestFinished(shop.close)
    const { products, skipped } = parseCatalog(await vendureFeed(shop.address), 'https://shop.test/feed.json')
    expect(skipped).toEqual([])
    expect(products.map(({ id, title, price }) => [id, title, price])).toEqual([
      ['1', 'Laptop', '1558.80 USD'],
      ['2', 'Tablet', '394.80 USD'],
      ['3', 'Wireless Optical Mouse', '22.79 USD'],
      ['4', '32-Inch Monitor', '372.00 USD'],
      ['5', 'Curvy Monitor', '172.49 USD'],
    ])
    expect(products[0]).toMatchObject({
      link: 'https://shop.test/products/laptop',
      image_link: 'http://localhost:3071/assets/preview/71/derick-david-409858-unsplash__preview.jpg',
      availability: 'in_stock',
      brand: 'Apple',
    })
  })
})
