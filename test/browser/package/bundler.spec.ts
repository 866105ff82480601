import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { modelPath } from '../engine/engine-page.js'
import { expect, test } from '../harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const consumer = `${root}.cache/consumer/`

/** A shop's own project, with the package installed, built by Vite as docs/serving.md says. */
async function buildConsumer(): Promise<string> {
  rmSync(consumer, { recursive: true, force: true })
  mkdirSync(`${consumer}node_modules`, { recursive: true })
  symlinkSync(root, `${consumer}node_modules/similar-items`)
  writeFileSync(
    `${consumer}index.html`,
    `<!doctype html><html lang="en"><title>Shop</title><script type="module" src="./main.js"></script>
     <similar-items catalog="/catalog.json" item="sku-01" model="${modelPath}" loading="eager"></similar-items></html>`,
  )
  writeFileSync(`${consumer}main.js`, "import 'similar-items/define'\n")
  await build({
    configFile: false,
    root: consumer,
    base: '/shop/',
    logLevel: 'error',
    worker: { format: 'es' },
  })
  return `${consumer}dist/`
}

test('a shop that bundles with Vite gets worker, kernel and ONNX Runtime without copying them', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(3)
  const built = await buildConsumer()
  for (const file of await readdir(built, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    shop.write(`/shop/${path.slice(built.length)}`, await readFile(path))
  }
  await page.goto(shop.url('/shop/index.html'))
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
  expect(shop.requests(/open-tower/)).toHaveLength(1)
  expect(shop.requests(/\.wasm$|^\/dist\//)).toEqual([])

  // Without the kernel's weights it is ONNX Runtime's turn.
  await page.evaluate(() =>
    indexedDB.databases().then((all) => all.map(({ name }) => indexedDB.deleteDatabase(name as string))),
  )
  await page.evaluate(() =>
    caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))),
  )
  shop.allowErrors('_int7')
  shop.fault('_int7.', { kind: 'status', status: 404 })
  await page.reload()
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
  expect(shop.requests(/\.wasm$/)).toHaveLength(1)
  expect(shop.requests(/^\/dist\//)).toEqual([])
})
