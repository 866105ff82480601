import { fileURLToPath } from 'node:url'
import { checkModel } from '../../../src/node/encoder/check-model.js'
import { cutMatrix, writeProjection } from '../../../src/vectors/projection.js'
import { codeBlocks, forTestPage } from '../documents.js'
import { expect, type Shop, test } from '../harness.js'

async function photo(shop: Shop, index: number): Promise<Uint8Array> {
  const response = await fetch(shop.url(`/photos/${shop.photos[index]}`))
  return new Uint8Array(await response.arrayBuffer())
}

test('the ten lines of the README show similar items', async ({ page, shop }) => {
  const [embed = ''] = codeBlocks('README.md', 'html')
  const [feed = '[]'] = codeBlocks('README.md', 'json')
  shop.write('/catalog.json', feed)
  for (const [index, name] of ['sku-01', 'sku-02'].entries()) {
    shop.write(`/img/${name}.jpg`, await photo(shop, index))
  }
  await page.goto(shop.page(forTestPage(embed)))
  await expect(page.getByRole('link', { name: /Ash chair/ })).toHaveAttribute('href', shop.url('/p/sku-02'), {
    timeout: 60_000,
  })
  await expect(page.getByRole('link', { name: 'All chairs' })).toBeHidden()
})

test('what docs/engine.md shows runs', async ({ page, shop }) => {
  shop.photoCatalog(6)
  shop.write('/photos/any.jpg', await photo(shop, 2))
  const { space } = await checkModel(
    fileURLToPath(new URL('../../../public/models/siglip-tiny-patch16-224', import.meta.url)),
  )
  if (!space) throw new Error('the model folder has no self-check.json')
  shop.write('/tuned.safetensors', writeProjection(space, cutMatrix(space, 48), 'cut'))
  const code = codeBlocks('docs/engine.md', 'ts').map(forTestPage)
  expect(code.length).toBeGreaterThanOrEqual(5)
  shop.write(
    '/documented.js',
    `${code.join('\n')}\nwindow.finished = { list, inStock, alike, vector, space, shared }`,
  )
  const printed: string[] = []
  page.on('console', (message) => printed.push(message.text()))
  await page.goto(shop.page('<script type="module" src="/documented.js"></script>'))
  await page.waitForFunction(() => 'finished' in window, undefined, { timeout: 60_000 })
  expect(printed).toContain('no-such-product')
  expect(printed).toContain('48')
  expect(printed.some((line) => /^model \d+ \d+$/.test(line))).toBe(true)
  const norm = await page.evaluate(() => {
    const { vector } = (window as unknown as { finished: { vector: Float32Array } }).finished
    return Math.hypot(...vector)
  })
  expect(norm).toBeCloseTo(1, 5)
})

test('the embed of docs/serving.md shows similar items', async ({ page, shop }) => {
  shop.photoCatalog(3)
  const [embed = ''] = codeBlocks('docs/serving.md', 'html')
  await page.goto(shop.page(forTestPage(embed)))
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
})
