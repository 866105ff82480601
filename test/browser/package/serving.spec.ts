import { readFileSync } from 'node:fs'
import { codeBlocks } from '../documents.js'
import { expect, type Shop, test } from '../harness.js'

const tag = '<similar-items catalog="/catalog.json" item="sku-01" loading="eager"></similar-items>'
const script = '<script type="module" src="/dist/define.js"></script>'

/** What the element of the page computed with. */
const usedBackend = `document.querySelector('similar-items').status.backend`

/** A whole page, with headers of its own. */
function writePage(shop: Shop, body: string, headers: Record<string, string>): string {
  const html = `<!doctype html><html lang="en"><title>Shop</title><body>${body}</body></html>`
  return shop.write('/page.html', html, { 'content-type': 'text/html', ...headers })
}

/** The policy in docs/serving.md of that number, on one line. */
function documentedPolicy(index: number): string {
  const policies = codeBlocks('docs/serving.md', 'text')
  return policies[index]?.trim().replaceAll('\n', ' ') ?? ''
}

test('a page that is isolated by itself alone is told which header the worker lacks', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(3)
  shop.allowErrors(/BLOCKED_BY_RESPONSE|worker\.js/)
  const told = page.waitForEvent('console', (message) => message.text().includes('<similar-items>'))
  await page.goto(
    writePage(shop, script + tag, {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }),
  )
  const text = (await told).text()
  expect(text).toContain(shop.url('/dist/worker.js'))
  expect(text).toContain('without Cross-Origin-Embedder-Policy')
  expect(text).toContain('ort-*')
})

test('an isolated page needs the header of the worker alone: the kernel comes with it', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(3)
  const isolation = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  }
  const javascript = { ...isolation, 'content-type': 'text/javascript' }
  shop.write('/dist/worker.js', readFileSync(new URL('../../../dist/worker.js', import.meta.url)), javascript)
  await page.goto(writePage(shop, script + tag, isolation))
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
  expect(await page.evaluate('crossOriginIsolated')).toBe(true)
  expect(await page.evaluate(usedBackend)).toBe('kernel')
  expect(shop.requests(/\/ort[.-]/)).toEqual([])
})

test('a worker whose policy forbids WebAssembly says which word it lacks, and loads no weights', async ({
  page,
  shop,
}) => {
  shop.photoCatalog(3)
  shop.allowErrors(/wasm-unsafe-eval|WebAssembly/)
  const javascript = {
    'content-type': 'text/javascript',
    'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'",
  }
  shop.write('/dist/worker.js', readFileSync(new URL('../../../dist/worker.js', import.meta.url)), javascript)
  const told = page.waitForEvent('console', (message) => message.text().includes('<similar-items>'))
  await page.goto(writePage(shop, script + tag, {}))
  expect((await told).text()).toContain("allow it with 'wasm-unsafe-eval' in the script-src")
  expect(shop.requests(/\/onnx\/|ort[.-]/)).toEqual([])
})

test('scripts from another origin work under the policy that the documents show', async ({ page, shop }) => {
  shop.photoCatalog(3)
  shop.cdn.cors = true
  const policy = documentedPolicy(1).replaceAll('https://cdn.example', shop.cdn.origin)
  expect(policy).toContain(`worker-src blob: ${shop.cdn.origin}`)
  await page.goto(
    writePage(shop, `<script type="module" src="${shop.cdn.origin}/dist/define.js"></script>${tag}`, {
      'content-security-policy': policy,
    }),
  )
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
  // The kernel, too, comes from there.
  expect(await page.evaluate(usedBackend)).toBe('kernel')
})

test('a policy that keeps the worker of another origin out is named', async ({ page, shop }) => {
  shop.photoCatalog(3)
  shop.cdn.cors = true
  shop.allowErrors(/Content Security Policy|worker-src/)
  const policy = documentedPolicy(1).replace('worker-src blob: https://cdn.example', 'worker-src blob:')
  const told = page.waitForEvent('console', (message) => message.text().includes('<similar-items>'))
  await page.goto(
    writePage(shop, `<script type="module" src="${shop.cdn.origin}/dist/define.js"></script>${tag}`, {
      'content-security-policy': policy.replaceAll('https://cdn.example', shop.cdn.origin),
    }),
  )
  expect((await told).text()).toContain(`worker-src 'self', blob: and ${shop.cdn.origin}`)
})

test('the folder that a page names is used, and one that is not there is named', async ({ page, shop }) => {
  shop.photoCatalog(3)
  shop.write('/bundle/main.js', `import { setAssetsPath } from '/dist/define.js'\nsetAssetsPath('/copied/')`)
  shop.allowErrors(/copied/)
  const told = page.waitForEvent('console', (message) => message.text().includes('<similar-items>'))
  await page.goto(shop.page(`<script type="module" src="/bundle/main.js"></script>${tag}`))
  expect((await told).text()).toContain(`${shop.url('/copied/worker.js')} answered with status 404`)
  expect((await told).text()).toContain('similar-items copy')

  shop.write('/bundle/main.js', `import { setAssetsPath } from '/dist/define.js'\nsetAssetsPath('/dist/')`)
  await page.goto(shop.page(`<script type="module" src="/bundle/main.js"></script>${tag}`))
  await expect(page.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 })
})
