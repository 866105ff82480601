import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Page } from '@playwright/test'
import type { SimilarItemsElement } from '../../../src/index.js'
import { assignVariant } from '../../../src/measure/experiment/assign-variant.js'
import type { ExperimentReading } from '../../../src/measure/experiment/read-experiment.js'
import { runCommandLine } from '../../../src/node/command/command-line.js'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { codeBlocks, forTestPage } from '../documents.js'
import { expect, type Shop, test } from '../harness.js'
import { openShop, results } from './element-page.js'

const variants = [{ name: 'plain' }, { name: 'fewer', settings: { limit: 2 } }]

/** Visitors whom the experiment gives this variant. */
function visitorsOf(
  variant: string,
  count: number,
  names = variants.map(({ name }) => ({ name })),
): string[] {
  const found = Array.from({ length: 100 }, (_, index) => `visitor-${index}`)
  return found.filter((visitor) => assignVariant('test', visitor, names) === variant).slice(0, count)
}

/** A shop whose lists come from neighbour files: without worker or model, so that many pages are quick. */
function publish(shop: Shop, count = 6): void {
  shop.photoCatalog(count)
  const list = Array.from({ length: count - 1 }, (_, index) => [`sku-0${index + 2}`, 0.9 - index / 100])
  shop.write(`/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`, JSON.stringify({ 'sku-01': list }))
}

const element = (attributes = '', loading = 'eager') =>
  `<similar-items catalog="/catalog.json" neighbors="/neighbors/{hash:2}.json" item="sku-01" loading="${loading}" ${attributes}>
  </similar-items>`

/** Script that gives the page's element its properties, keeps the records, and stays on the page. */
const setUp = (properties: object) => `<script type="module">
  window.records = []
  for (const type of ['si-exposure', 'si-select', 'si-conversion']) {
    document.addEventListener(type, (event) => {
      if (event.type === 'si-select') event.preventDefault()
      records.push(event.record)
    })
  }
  Object.assign(document.querySelector('similar-items'), ${JSON.stringify(properties)})
</script>`

function records(page: Page): Promise<Record<string, unknown>[]> {
  return page.evaluate(() => (window as unknown as { records: Record<string, unknown>[] }).records)
}

function dataLayer(page: Page): Promise<Record<string, unknown>[] | undefined> {
  return page.evaluate(() => (window as { dataLayer?: Record<string, unknown>[] }).dataLayer)
}

test('the command reads what pages record, as docs/experiment.md shows', async ({ page, shop }) => {
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  const log = join(folder, 'events.jsonl')
  publish(shop)
  shop.photoCatalog(6)
  shop.write('/tuned/catalog.json', await (await fetch(shop.url('/catalog.json'))).text())
  shop.write('/events', '')
  const script = `const readCookie = () => new URLSearchParams(location.search).get('visitor')
    ${codeBlocks('docs/experiment.md', 'js').map(forTestPage).join('\n')}
    document.addEventListener('si-select', (event) => event.preventDefault())`
  shop.write('/documented.js', script)
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/events') appendFileSync(log, `${request.postData()}\n`)
  })
  const names = [{ name: 'plain' }, { name: 'tuned' }]
  const everyone = Array.from({ length: 8 }, (_, index) => `visitor-${index}`)
  const url =
    shop.page(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title></head>
    <body>${element()}<button id="buy">Buy</button>
    <script type="module" src="/dist/define.js"></script><script type="module" src="/documented.js"></script></body></html>`)
  for (const [index, visitor] of everyone.entries()) {
    await page.goto(`${url}?visitor=${visitor}`)
    await results(page)
    const sent = page.waitForRequest((request) => request.postData()?.includes('"exposure"') ?? false)
    if (index % 2 === 0) await page.getByRole('link').nth(1).click()
    await sent
    if (index % 4 === 0) await page.getByRole('button', { name: 'Buy' }).click()
  }

  const out = new PassThrough()
  const terminal = { out, err: process.stderr }
  const done = runCommandLine(['experiment', log, '--json'], terminal, new AbortController().signal)
  expect(await done.finally(() => out.end())).toBe(0)
  const reading = JSON.parse(await text(out)) as ExperimentReading
  rmSync(folder, { recursive: true })
  const assigned = (variant: string, every: number) =>
    everyone.filter((visitor, index) => {
      return index % every === 0 && assignVariant('tuned-encoder', visitor, names) === variant
    }).length
  expect(reading).toMatchObject({
    experiment: 'tuned-encoder',
    visitorsOfSeveral: 0,
    eventsWithoutExposure: 0,
  })
  for (const { name } of names) {
    expect(assigned(name, 1)).toBeGreaterThan(0)
    expect(reading.variants.find((variant) => variant.name === name)).toMatchObject({
      visitors: assigned(name, 1),
      exposures: assigned(name, 1),
      clicks: assigned(name, 2),
      conversion: { rate: assigned(name, 4) / assigned(name, 1) },
    })
  }
})

test('a variant takes the place of settings, in this element alone and not in its attributes', async ({
  page,
  shop,
}) => {
  publish(shop)
  const [visitor = ''] = visitorsOf('fewer', 1)
  const properties = { experiment: 'test', visitor, variants }
  await openShop(page, shop, element('limit="4"') + element('limit="3"') + setUp(properties))
  await expect(page.locator('similar-items').first().getByRole('link')).toHaveCount(2)
  await expect(page.locator('similar-items').nth(1).getByRole('link')).toHaveCount(3)
  const seen = await page.evaluate(() => {
    const first = document.querySelector('similar-items') as SimilarItemsElement
    return [first.limit, first.getAttribute('limit'), first.outerHTML.includes(first.visitor)]
  })
  expect(seen).toEqual([4, '4', false])

  // Another visitor is another question.
  const [other = ''] = visitorsOf('plain', 1)
  await page.evaluate((key) => {
    ;(document.querySelector('similar-items') as SimilarItemsElement).visitor = key
  }, other)
  await expect(page.locator('similar-items').first().getByRole('link')).toHaveCount(4)
})

test('every setting of a variant reaches the question', async ({ page, shop }) => {
  publish(shop)
  shop.photoCatalog(4)
  shop.write('/others/catalog.json', await (await fetch(shop.url('/catalog.json'))).text())
  shop.write(
    `/others/${hashOfId('sku-01').slice(0, 2)}.json`,
    JSON.stringify({
      'sku-01': [
        ['sku-04', 0.9],
        ['sku-03', 0.5],
        ['sku-02', 0.1],
      ],
    }),
  )
  const settings = { catalog: '/others/catalog.json', neighbors: '/others/{hash:2}.json', minScore: 0.4 }
  const properties = { experiment: 'test', visitor: 'anybody', variants: [{ name: 'other', settings }] }
  shop.clearLog()
  await openShop(page, shop, element('', 'auto') + setUp(properties))
  await results(page)
  const shown = await page.evaluate(() =>
    document.querySelector('similar-items')?.results?.hits.map((hit) => hit.product.id),
  )
  expect(shown).toEqual(['sku-04', 'sku-03'])
  expect(shop.requests(/^\/(catalog\.json|neighbors)/)).toEqual([])
})

test('a list is exposed once, when it comes into view', async ({ page, shop }) => {
  publish(shop)
  const [visitor = ''] = visitorsOf('plain', 1)
  const properties = { experiment: 'test', visitor, variants }
  await page.setViewportSize({ width: 800, height: 400 })
  await openShop(page, shop, `<p style="height: 200vh">Reviews</p>${element()}${setUp(properties)}`)
  await results(page)
  await page.waitForTimeout(1500)
  expect(await records(page)).toEqual([])
  await page.locator('similar-items').scrollIntoViewIfNeeded()
  await expect.poll(() => records(page)).toHaveLength(1)
  const queryId = await page.evaluate(() => document.querySelector('similar-items')?.results?.queryId)
  const shown = ['sku-02', 'sku-03', 'sku-04', 'sku-05', 'sku-06']
  const who = { experiment: 'test', variant: 'plain', visitor }
  expect(await records(page)).toEqual([
    { ...who, type: 'exposure', time: expect.any(Number), queryId, item: 'sku-01', shown },
  ])

  await page.getByRole('link').nth(2).click()
  await page.evaluate(() => window.scrollTo(0, 0))
  await page.locator('similar-items').scrollIntoViewIfNeeded()
  await page.waitForTimeout(1500)
  const click = {
    ...who,
    type: 'click',
    time: expect.any(Number),
    queryId,
    item: 'sku-01',
    clicked: 'sku-04',
    position: 2,
  }
  expect((await records(page)).slice(1)).toEqual([click])
})

test('a card that is activated at once exposes its list first', async ({ page, shop }) => {
  publish(shop)
  const [visitor = ''] = visitorsOf('fewer', 1)
  await openShop(page, shop, element() + setUp({ experiment: 'test', visitor, variants }))
  await results(page)
  await page.getByRole('link').first().click()
  await page.waitForTimeout(1500)
  expect((await records(page)).map(({ type }) => type)).toEqual(['exposure', 'click'])
})

for (const { title, properties, expected } of [
  { title: 'without a visitor', properties: { variants }, expected: /visitor property/ },
  { title: 'without variants', properties: { visitor: 'v' }, expected: /variants must be a list/ },
  {
    title: 'with a limit of nought',
    properties: { visitor: 'v', variants: [{ name: 'none', settings: { limit: 0 } }] },
    expected: /"none" sets limit to 0, but it must be a whole number from 1 to 1000/,
  },
  {
    title: 'with a setting that variants do not have',
    properties: { visitor: 'v', variants: [{ name: 'silent', settings: { photoSearch: true } }] },
    expected: /"silent" sets photoSearch, but variants may set catalog/,
  },
]) {
  test(`an experiment ${title} shows the element's own settings, warns once and records nothing`, async ({
    page,
    shop,
  }) => {
    publish(shop)
    const warnings: string[] = []
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
    await openShop(page, shop, element('experiment="test" limit="3"') + setUp(properties))
    await expect(page.getByRole('link')).toHaveCount(3)
    await page.waitForTimeout(1200)
    await page.getByRole('link').first().click()
    expect(await records(page)).toEqual([null])
    expect(warnings).toEqual([expect.stringMatching(expected)])
  })
}

test('where the code of experiments is missing, the element shows its own settings and says so', async ({
  page,
  shop,
}) => {
  publish(shop)
  shop.fault(/\/dist\/assignment/, { kind: 'status', status: 404 })
  shop.allowErrors(/experiments could not be loaded/)
  const told = page.waitForEvent('console', (message) => message.text().includes('experiments could not'))
  const properties = { experiment: 'test', visitor: 'v', variants }
  await openShop(page, shop, element('limit="3"') + setUp(properties))
  await expect(page.getByRole('link')).toHaveCount(3)
  await told
})

test('pages without experiment and analytics load neither', async ({ page, shop }) => {
  publish(shop)
  await openShop(page, shop, element() + setUp({}))
  await results(page)
  await page.getByRole('link').first().click()
  expect(shop.requests(/\/dist\/(assignment|data-layer)/)).toEqual([])
  expect(await dataLayer(page)).toBeUndefined()
})

test('recordConversion counts nobody without a key, and says what is wrong with a setup', async ({
  page,
  shop,
}) => {
  await page.goto(shop.page(''))
  const outcomes = await page.evaluate(async (path) => {
    const { recordConversion } = (await import(path)) as typeof import('../../../src/index.js')
    const events: unknown[] = []
    document.addEventListener('si-conversion', ({ record }) => events.push(record))
    const setup = { experiment: 'test', variants: [{ name: 'all' }] }
    const returned = [
      recordConversion({ ...setup, visitor: '' }),
      recordConversion({ ...setup, visitor: 'v' }),
    ]
    let code = ''
    try {
      recordConversion({ ...setup, visitor: 'v', variants: [{ name: 'nobody', share: 0 }] })
    } catch (error) {
      code = (error as { code: string }).code
    }
    return { events, returned, code }
  }, '/dist/index.js')
  const record = {
    experiment: 'test',
    variant: 'all',
    visitor: 'v',
    type: 'conversion',
    time: expect.any(Number),
  }
  expect(outcomes).toEqual({ events: [record], returned: [null, record], code: 'invalid-argument' })
})

test.describe('analytics="ga4"', () => {
  const items = [
    { id: 'sku-01', title: 'Chair', image_link: '/photos/none-1.jpg' },
    {
      id: 'sku-02',
      title: 'Stool',
      image_link: '/photos/none-2.jpg',
      link: '/p/sku-02',
      brand: 'Ash & Co',
      color: 'green',
      product_type: 'Home > Living > Chairs > Stools > Bar > Tall',
      price: '24.90 EUR',
      sale_price: '19.90 EUR',
    },
    { id: 'sku-03', title: 'Bench', image_link: '/photos/none-3.jpg', link: '/p/sku-03', price: '8.00 SEK' },
  ]
  const stool = {
    item_id: 'sku-02',
    item_name: 'Stool',
    item_brand: 'Ash & Co',
    item_category: 'Home',
    item_category2: 'Living',
    item_category3: 'Chairs',
    item_category4: 'Stools',
    item_category5: 'Bar',
    item_variant: 'green',
    index: 0,
    price: 19.9,
    discount: 5,
  }
  const bench = { item_id: 'sku-03', item_name: 'Bench', index: 1 }

  function publishItems(shop: Shop): void {
    shop.allowErrors(/none-\d\.jpg/)
    publish(shop, 3)
    shop.write('/catalog.json', JSON.stringify(items))
    shop.write('/p/sku-02', '<!doctype html><title>Stool</title>', { 'content-type': 'text/html' })
  }

  test('pushes the list when it comes into view and the item before the page is left', async ({
    page,
    shop,
  }) => {
    publishItems(shop)
    const keep = `<script>
      window.dataLayer = [{ event: 'gtm.js' }]
      addEventListener('pagehide', () => localStorage.setItem('pushed', JSON.stringify(dataLayer)))
    </script>`
    await openShop(page, shop, keep + element('analytics="ga4"'))
    await results(page)
    await expect.poll(() => dataLayer(page).then((layer) => layer?.length)).toBe(3)
    await page.getByRole('link').first().click()
    await page.waitForURL('**/p/sku-02')
    const pushed = JSON.parse(await page.evaluate(() => localStorage.getItem('pushed') ?? '[]'))
    const list = { item_list_id: 'similar_items', item_list_name: 'Similar items', currency: 'EUR' }
    expect(pushed).toEqual([
      { event: 'gtm.js' },
      { ecommerce: null },
      { event: 'view_item_list', ecommerce: { ...list, items: [stool, bench] } },
      { ecommerce: null },
      { event: 'select_item', ecommerce: { ...list, items: [stool] } },
    ])
  })

  test('names the experiment and the variant, but not the visitor', async ({ page, shop }) => {
    publishItems(shop)
    const [visitor = ''] = visitorsOf('plain', 1)
    const attributes = 'id="more-chairs" heading="More chairs" analytics="ga4"'
    await openShop(page, shop, element(attributes) + setUp({ experiment: 'test', visitor, variants }))
    await expect.poll(() => dataLayer(page).then((layer) => layer?.length)).toBe(2)
    const layer = await dataLayer(page)
    expect(layer?.[1]).toMatchObject({
      event: 'view_item_list',
      ecommerce: {
        item_list_id: 'more-chairs',
        item_list_name: 'More chairs',
        experiment: 'test',
        variant: 'plain',
      },
    })
    expect(JSON.stringify(layer)).not.toContain(visitor)
  })
})
