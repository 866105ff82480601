import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Shop } from '../harness.js'

const guide = readFileSync(new URL('../../../docs/element.md', import.meta.url), 'utf8')

/** The code that docs/element.md shows below a heading, so that what readers copy is what is tested. */
export function documented(heading: string, language: string): string {
  const section = guide.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`))
  const code = section?.split(`\n\`\`\`${language}\n`)[1]?.split('\n```')[0]
  if (!code) throw new Error(`docs/element.md has no ${language} below "${heading}"`)
  return code
}

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/golden.json', import.meta.url), 'utf8'),
) as { images: Record<string, { embedding: readonly number[] }> }

/** A feed of `count` photos whose first product is least like the second and most like the last. */
export function leastSimilarFirst(shop: Shop, count: number): string {
  const [first = '', ...others] = shop.photos.slice(0, count)
  const photos = [first, ...others.toSorted((a, b) => cosine(first, a) - cosine(first, b))]
  const items = photos.map((photo, index) => ({
    id: String(index),
    title: photo,
    link: `/p/${index}`,
    image_link: `/photos/${photo}`,
  }))
  return shop.write('/catalog.json', JSON.stringify(items), { 'content-type': 'application/json' })
}

function cosine(a: string, b: string): number {
  const [x, y] = [a, b].map((photo) => golden.images[photo]?.embedding ?? [])
  const dot = (v: readonly number[], w: readonly number[]) =>
    v.reduce((sum, value, i) => sum + value * (w[i] ?? 0), 0)
  return x && y ? dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)) : Number.NaN
}

const css = `${documented('No layout shift', 'css')} body { margin: 1rem; font-family: sans-serif }`

/** Serves a page with one or more elements and the script that defines them, and opens it. */
export async function openShop(
  page: Page,
  shop: Shop,
  body: string,
  options: { csp?: boolean | string; head?: string; lang?: string; dir?: string } = {},
): Promise<void> {
  const { csp = false, head = '', lang = 'en', dir = 'ltr' } = options
  shop.write('/element-page.css', css, { 'content-type': 'text/css' })
  await page.goto(
    shop.page(
      `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
  <link rel="stylesheet" href="/element-page.css">${head}
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
