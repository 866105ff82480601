import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { expect, type Shop, test } from '../harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const guide = readFileSync(`${root}docs/instantsearch.md`, 'utf8')
const consumer = `${root}.cache/instantsearch/${process.env.TEST_PARALLEL_INDEX ?? 0}/`

/** What the guide shows, with the real packages, and pages that use it. */
const sources = {
  'vanilla.js': documented('js'),
  'similar.jsx': documented('jsx'),
  'react.jsx': `import { createRoot } from 'react-dom/client'
    import { Similar } from './similar.jsx'
    createRoot(document.querySelector('#similar')).render(<Similar sku="sku-01" />)`,
  'shop.js': `import instantsearch from 'instantsearch.js'
    import { hits, lookingSimilar, relatedProducts } from 'instantsearch.js/es/widgets'
    import { similarItemsClient } from 'similar-items/instantsearch'
    export { hits, instantsearch, lookingSimilar, relatedProducts, similarItemsClient }`,
}

function documented(language: string): string {
  const code = guide.split(`\n\`\`\`${language}\n`)[1]?.split('\n```')[0]
  if (!code) throw new Error(`docs/instantsearch.md has no ${language}`)
  return code
}

let files: Map<string, Buffer>
test.beforeAll(async () => {
  rmSync(consumer, { recursive: true, force: true })
  mkdirSync(`${consumer}node_modules`, { recursive: true })
  symlinkSync(root, `${consumer}node_modules/similar-items`)
  for (const [name, text] of Object.entries(sources)) writeFileSync(consumer + name, text)
  await build({
    configFile: false,
    root: consumer,
    base: '/built/',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: ['vanilla.js', 'react.jsx', 'shop.js'].map((name) => consumer + name),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const built = await readdir(`${consumer}dist`, { recursive: true, withFileTypes: true })
  const paths = built.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  files = new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(`${consumer}dist`.length), await readFile(path)] as const),
    ),
  )
})

/** Opens a page of the shop with a script; its package files are those that `copy` makes. */
async function openPage(page: Page, shop: Shop, script = ''): Promise<void> {
  shop.photoCatalog(5)
  for (const [path, bytes] of files) shop.write(`/built${path}`, bytes)
  for (const name of await readdir(`${root}dist`, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name).slice(`${root}dist`.length)
    if (name.isFile() && /^\/(models\/.*|[^/]*\.js)$/.test(path)) {
      shop.write(`/similar-items${path}`, await readFile(`${root}dist${path}`))
    }
  }
  await page.goto(shop.page(`<div id="similar"></div><div id="hits"></div>${script}`))
}

for (const name of ['vanilla', 'react']) {
  test(`lookingSimilar as documented shows similar products: ${name}`, async ({ page, shop }) => {
    await openPage(page, shop, `<script type="module" src="/built/${name}.js"></script>`)
    const links = page.locator('#similar').getByRole('listitem').getByRole('link')
    await expect(links).toHaveCount(4, { timeout: 60_000 })
    await expect(links.first()).toHaveText(/\w/)
    await expect(links.first()).toHaveAttribute('href', /\/p\/sku-0[2-5]$/)
    // What the engine says itself, in its order.
    const wanted = await page.evaluate(async (path) => {
      const { SimilarityEngine } = await import(path)
      const engine = await SimilarityEngine.open({ catalog: '/catalog.json' })
      const list = await engine.similarTo('sku-01')
      await engine.close()
      return list.hits.map(({ product }: { product: { title: string } }) => product.title)
    }, '/dist/index.js')
    await expect(links).toHaveText(wanted)
  })
}

test('other widgets are answered by the client that the page has, filters are kept, and nothing is loaded before', async ({
  page,
  shop,
}) => {
  await openPage(page, shop)
  const before = await page.evaluate(async (path) => {
    const { hits, instantsearch, lookingSimilar, relatedProducts, similarItemsClient } = await import(path)
    const record = { objectID: 'x', title: 'From the shop' }
    const client = {
      search: async (queries: unknown[]) => ({ results: queries.map(() => ({ hits: [record], nbHits: 1 })) }),
      getRecommendations: async (queries: { model: string }[]) => ({
        results: queries.map(({ model }) => ({ hits: [{ ...record, title: model }] })),
      }),
    }
    const searchClient = similarItemsClient({ catalog: '/catalog.json', assets: '/similar-items/', client })
    const search = instantsearch({ indexName: 'products', searchClient })
    const templates = { item: ({ title }: { title: string }) => title }
    search.addWidgets([
      hits({ container: '#hits', templates }),
      relatedProducts({ container: '#hits', objectIDs: ['sku-01'], templates }),
    ])
    search.start()
    Object.assign(window, { search, lookingSimilar, errors: [] })
    search.on('error', ({ message }: Error) => Reflect.get(window, 'errors').push(message))
    await new Promise((resolve) => search.once('render', resolve))
    return performance.getEntriesByType('resource').map(({ name }) => name)
  }, '/built/shop.js')
  expect(before.filter((name) => /worker|catalog\.json/.test(name))).toEqual([])
  await expect(page.locator('#hits')).toContainText('related-products')

  await page.evaluate(() => {
    const { search, lookingSimilar } = window as unknown as Record<string, never> & {
      search: { addWidgets(widgets: unknown[]): void }
      lookingSimilar: (options: object) => unknown
    }
    const queryParameters = { filters: 'price < 13 AND NOT availability:out_of_stock' }
    search.addWidgets([lookingSimilar({ container: '#similar', objectIDs: ['sku-01'], queryParameters })])
  })
  await expect(page.locator('#similar').getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })

  await page.evaluate(() => {
    const { search, lookingSimilar } = window as unknown as Record<string, never> & {
      search: { addWidgets(widgets: unknown[]): void }
      lookingSimilar: (options: object) => unknown
    }
    const queryParameters = { optionalFilters: ['brand:Oak'] }
    search.addWidgets([lookingSimilar({ container: '#similar', objectIDs: ['sku-02'], queryParameters })])
  })
  const errors = () => page.evaluate(() => Reflect.get(window, 'errors') as string[])
  await expect.poll(errors).toEqual([expect.stringContaining('queryParameters.optionalFilters')])
})
