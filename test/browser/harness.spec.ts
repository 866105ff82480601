import { expect, test } from './harness.js'

const catalog = '/catalog.json'

async function fetchText(url: string) {
  try {
    const response = await fetch(url)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { status: -1, text: String(error) }
  }
}

test('serves photos and a catalogue, and logs every request', async ({ page, shop }) => {
  await page.goto(shop.page(`<img alt="" src="/photos/${shop.photos[0]}">`))
  shop.photoCatalog()
  const items = await page.evaluate((url) => fetch(url).then((response) => response.json()), catalog)
  expect(items).toHaveLength(54)
  const [photo] = shop.requests('/photos/')
  expect(photo).toMatchObject({ status: 200, method: 'GET' })
  await expect.poll(() => photo?.milliseconds).not.toBeNull()
  expect(photo?.bytes).toBeGreaterThan(10_000)
})

test('answers 304 to a browser that has the file', async ({ page, shop }) => {
  shop.photoCatalog(1)
  await page.goto(shop.page('<p>shop'))
  await page.evaluate(fetchText, catalog)
  await page.evaluate(fetchText, catalog)
  expect(shop.requests(catalog).map(({ status }) => status)).toEqual([200, 304])
})

test('each fault reaches the page', async ({ page, shop }) => {
  await page.goto(shop.page('<p>shop'))
  shop.write(catalog, 'x'.repeat(1000))
  shop.allowErrors('/elsewhere')
  const strike = async (fault: Parameters<typeof shop.fault>[1]) => {
    const rule = shop.fault(catalog, fault)
    const answer = await page.evaluate(fetchText, catalog)
    expect(rule.hits).toBeGreaterThan(0)
    rule.remove()
    return answer
  }
  expect((await strike({ kind: 'status', status: 503 })).status).toBe(503)
  expect((await strike({ kind: 'html' })).text).toContain('<!doctype html>')
  expect((await strike({ kind: 'redirect-loop' })).status).toBe(-1)
  expect((await strike({ kind: 'redirect', to: '/elsewhere' })).status).toBe(404)
  expect((await strike({ kind: 'truncate', after: 10 })).status).toBe(-1)
  expect((await strike({ kind: 'corrupt', at: 3 })).text.slice(0, 5)).toBe('xxxyx')
  expect((await strike({ kind: 'delay', milliseconds: 50 })).status).toBe(200)
})

test('a hanging answer is held after its first bytes until the test ends', async ({ page, shop }) => {
  await page.goto(shop.page('<p>shop'))
  shop.write(catalog, 'x'.repeat(1000))
  shop.fault(catalog, { kind: 'hang', after: 100 }, 1)
  const received = await page.evaluate(async (url) => {
    const response = await fetch(url)
    const reader = response.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    const next = await Promise.race([
      reader?.read(),
      new Promise((resolve) => setTimeout(resolve, 200, 'held')),
    ])
    return { first: value?.length, next, announced: response.headers.get('content-length') }
  }, catalog)
  expect(received).toEqual({ first: 100, next: 'held', announced: '1000' })
  expect((await page.evaluate(fetchText, `${catalog}?again`)).status).toBe(200)
})

test('isolated pages are isolated, others are not', async ({ page, shop }) => {
  await page.goto(shop.page('<p>shop'))
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  await page.goto(shop.page('<p>shop', { isolate: true }))
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
})

test('the strict policy blocks inline scripts', async ({ page, shop }) => {
  shop.allowErrors(/Content Security Policy/)
  await page.goto(shop.page('<script>window.ran = true</script>', { csp: true }))
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
})

test('the other origin can be read while CORS is on', async ({ page, shop }) => {
  shop.photoCatalog(1)
  await page.goto(shop.page('<p>shop'))
  shop.allowErrors(/CORS|ERR_FAILED/)
  const url = shop.cdn.origin + catalog
  expect((await page.evaluate(fetchText, url)).status).toBe(-1)
  shop.cdn.cors = true
  expect((await page.evaluate(fetchText, url)).status).toBe(200)
})

test('serves a generated model', async ({ page, shop }) => {
  const folder = await shop.model({ hiddenSize: 24, precisions: ['int8'] })
  await page.goto(shop.page('<p>shop'))
  const config = await page.evaluate(
    (url) => fetch(url).then((response) => response.json()),
    `${folder}config.json`,
  )
  expect(config).toMatchObject({ model_type: 'siglip_vision_model', hidden_size: 24 })
  const model = await page.evaluate(fetchText, `${folder}onnx/vision_model_quantized.onnx`)
  expect(model.status).toBe(200)
})

test('modules of src run in the page', async ({ page, shop }) => {
  await page.goto(shop.page('<p>shop'))
  const message = await page.evaluate(
    async (module) => {
      const { SimilarItemsError, isSimilarItemsError } = await import(module)
      const error = new SimilarItemsError('catalog-invalid', 'no items')
      return isSimilarItemsError(error, 'catalog-invalid') && error.message
    },
    await shop.entry('errors'),
  )
  expect(message).toBe('no items')
})

test.describe('a test fails', () => {
  test.fail()

  test('on an error on the console', async ({ page, shop }) => {
    await page.goto(shop.page("<script>console.error('unexpected')</script>"))
  })

  test('on an error thrown in the page', async ({ page, shop }) => {
    await page.goto(shop.page("<script>throw new Error('unexpected')</script>"))
    await page.evaluate(() => new Promise(requestAnimationFrame))
  })

  test('on a missing file', async ({ page, shop }) => {
    await page.goto(shop.page('<p>shop'))
    await page.evaluate(fetchText, '/missing.json')
  })
})
