import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type InlineConfig } from 'vite'
import { expect, type Shop, test } from '../harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A product page: the click on a card is told, and a button changes the product and the filter. */
const app = `import { StrictMode, useRef, useState } from 'react'
  import { SimilarItems } from 'similar-items/react'
  const cheap = ({ price }) => Number.parseFloat(price) < 12
  export function App() {
    const [item, setItem] = useState('sku-01')
    const [told, setTold] = useState('')
    const element = useRef(null)
    return (
      <StrictMode>
        <SimilarItems ref={element} catalog="/catalog.json" assets="/dist/" item={item} loading="eager"
          filter={item === 'sku-01' ? undefined : cheap}
          onSelect={(event) => {
            event.preventDefault()
            setTold(item + ' to ' + event.product.id + ' in ' + element.current.localName)
          }}>
          <a href="/chairs">All chairs</a>
        </SimilarItems>
        <button onClick={() => setItem('sku-04')}>Next</button>
        <output>{told}</output>
      </StrictMode>
    )
  }`
const client = `import { createElement } from 'react'
  import { createRoot, hydrateRoot } from 'react-dom/client'
  import { App } from './app.jsx'
  const root = document.querySelector('#root')
  if (root.firstChild) hydrateRoot(root, createElement(App))
  else createRoot(root).render(createElement(App))`
const server = `import { createElement, version } from 'react'
  import { renderToString } from 'react-dom/server'
  import { App } from './app.jsx'
  export { version }
  export const html = renderToString(createElement(App))`

for (const [version, aliases] of [
  ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
  ['19', {}],
] as const) {
  for (const how of ['rendered on the server', 'rendered in the page'] as const) {
    test(`React ${version}, ${how}: settings arrive and events are called`, async ({ page, shop }) => {
      const { html, serverVersion } = await publish(shop, version, aliases)
      expect(serverVersion.split('.')[0]).toBe(version)
      expect(html).toMatch(/^<similar-items [^>]*item="sku-01"[^>]*><a href="\/chairs">All chairs<\/a>/)
      const content = how === 'rendered on the server' ? html : ''
      await page.goto(
        shop.page(`<div id="root">${content}</div><script type="module" src="/built/client.js"></script>`),
      )
      const cards = page.locator('similar-items [part~=card]')
      await expect(cards).toHaveCount(4, { timeout: 60_000 })
      await cards.first().click()
      await expect(page.locator('output')).toHaveText(/^sku-01 to sku-0\d in similar-items$/)

      // The next product, and a filter, which no attribute can hold.
      await page.getByRole('button', { name: 'Next' }).click()
      await expect(cards).toHaveCount(2)
      await cards.first().click()
      await expect(page.locator('output')).toHaveText(/^sku-04 to sku-0[12] in similar-items$/)
    })
  }
}

/** Builds the page with a version of React, serves its script, and renders it as a server would. */
async function publish(shop: Shop, version: string, aliases: Readonly<Record<string, string>>) {
  const consumer = `${root}.cache/react-${version}/${process.env.TEST_PARALLEL_INDEX ?? 0}/`
  rmSync(consumer, { recursive: true, force: true })
  mkdirSync(`${consumer}node_modules`, { recursive: true })
  symlinkSync(root, `${consumer}node_modules/similar-items`)
  for (const [name, text] of Object.entries({ 'app.jsx': app, 'client.js': client, 'server.js': server })) {
    writeFileSync(consumer + name, text)
  }
  const config = (name: string, environment: InlineConfig): InlineConfig => ({
    configFile: false,
    root: consumer,
    base: '/built/',
    // React then tells of what does not match.
    mode: 'development',
    logLevel: 'error',
    resolve: { alias: aliases },
    worker: { format: 'es' },
    ...environment,
    build: {
      outDir: `${consumer}${name}`,
      target: 'es2022',
      ...environment.build,
      rolldownOptions: { input: `${consumer}${name}.js`, output: { entryFileNames: '[name].js' } },
    },
  })
  const define = { 'process.env.NODE_ENV': '"development"' }
  await build(config('client', { define }))
  await build(config('server', { ssr: { noExternal: true }, build: { ssr: true } }))
  for (const file of await readdir(`${consumer}client`, { recursive: true, withFileTypes: true })) {
    const path = `${file.parentPath}/${file.name}`
    if (file.isFile()) shop.write(`/built${path.slice(`${consumer}client`.length)}`, await readFile(path))
  }
  shop.photoCatalog(5)
  const rendered = await import(pathToFileURL(`${consumer}server/server.js`).href)
  return { html: rendered.html as string, serverVersion: rendered.version as string }
}
