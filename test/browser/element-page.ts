import type { Page } from '@playwright/test'
import type { Shop } from './harness.js'

/** Room kept from the first paint on, as docs/element.md recommends. */
export const reserve = `<link rel="stylesheet" href="/element-page.css">`
const css =
  'similar-items { display: block; min-block-size: 26rem } body { margin: 1rem; font-family: sans-serif }'

/** Serves a page with one or more elements and the script that defines them, and opens it. */
export async function openShop(
  page: Page,
  shop: Shop,
  body: string,
  options: { csp?: boolean; head?: string; lang?: string; dir?: string } = {},
): Promise<void> {
  const { csp = false, head = '', lang = 'en', dir = 'ltr' } = options
  shop.write('/element-page.css', css, { 'content-type': 'text/css' })
  await page.goto(
    shop.page(
      `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
  ${reserve}${head}
  <script type="module" src="/dist/define.js"></script>
</head>
<body><main><h1>Chair</h1>${body}<p id="below">Reviews</p></main></body>
</html>`,
      { csp },
    ),
  )
}

/** Resolves once the page's (first) element has ranked all it can. */
export async function results(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('similar-items')?.results?.complete === true,
    null,
    {
      timeout: 60_000,
    },
  )
}
