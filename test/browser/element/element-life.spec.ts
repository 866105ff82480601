import { expect, test } from '../harness.js'
import { leastSimilarFirst, openShop, results } from './element-page.js'

const element = '<similar-items catalog="/catalog.json" item="sku-01" loading="eager"></similar-items>'

test.describe('settings', () => {
  test('set before the upgrade are honoured', async ({ page, shop }) => {
    const items = JSON.stringify(
      shop.photos.slice(0, 6).map((photo, index) => ({
        id: String(index),
        title: photo,
        image_link: `/photos/${photo}`,
        link: `/p/${index}`,
      })),
    )
    const script = `
      const element = document.querySelector('similar-items')
      Object.assign(element, { catalog: ${items}, item: '0', limit: 3, loading: 'eager' })`
    shop.write('/before.js', script, { 'content-type': 'text/javascript' })
    await openShop(page, shop, '<similar-items></similar-items><script src="/before.js"></script>')
    await results(page)
    await expect(page.getByRole('listitem')).toHaveCount(3)
    await expect(page.locator('similar-items')).toHaveAttribute('limit', '3')
  })

  test('a feed may stand in the element itself', async ({ page, shop }) => {
    const items = shop.photos.slice(0, 4).map((photo, index) => ({
      id: String(index),
      title: photo,
      image_link: `/photos/${photo}`,
    }))
    const feed = `<script type="application/json">${JSON.stringify(items)}</script>`
    await openShop(page, shop, `<similar-items item="0" loading="eager">${feed}</similar-items>`)
    await results(page)
    await expect(page.getByRole('list').getByRole('button')).toHaveCount(3)
  })

  test('that mean nothing fall back, with one warning each', async ({ page, shop }) => {
    shop.photoCatalog(4)
    const warnings: string[] = []
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
    await openShop(page, shop, element.replace('loading', 'limit="lots" heading-level="9" loading'))
    await results(page)
    await expect(page.getByRole('heading', { level: 2 })).toHaveText('Similar items')
    expect(warnings.filter((text) => text.includes('<similar-items>'))).toEqual([
      '<similar-items> limit="lots": limit must be a whole number from 1 to 1000. Using 12.',
      '<similar-items> heading-level="9": heading-level must be a whole number from 1 to 6. Using 2.',
    ])
  })

  test('take effect when they change, many at once', async ({ page, shop }) => {
    shop.photoCatalog(8)
    await openShop(page, shop, element)
    await results(page)
    const answered = await page.evaluate(async () => {
      const shown = document.querySelector('similar-items')
      if (!shown) throw new Error('no element')
      const lists: string[][] = []
      shown.addEventListener('si-results', ({ hits }) => lists.push(hits.map(({ product }) => product.id)))
      const done = new Promise((resolve) => shown.addEventListener('si-results', resolve, { once: true }))
      shown.item = 'sku-02'
      shown.limit = 4
      shown.heading = 'More like this'
      shown.headingLevel = 3
      shown.filter = ({ id }) => id !== 'sku-01'
      await done
      await new Promise((resolve) => setTimeout(resolve, 500))
      return lists
    })
    expect(answered).toHaveLength(1)
    expect(answered[0]).toHaveLength(4)
    expect(answered[0]).not.toContain('sku-01')
    expect(answered[0]).not.toContain('sku-02')
    await expect(page.getByRole('heading', { level: 3 })).toHaveText('More like this')
  })

  test('the card renderer replaces cards; one that throws is replaced by the standard card', async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(4)
    shop.allowErrors('renderCard failed')
    await openShop(page, shop, element)
    await results(page)
    const codes = await page.evaluate(async () => {
      const shown = document.querySelector('similar-items')
      if (!shown) throw new Error('no element')
      const codes: string[] = []
      shown.addEventListener('si-error', ({ error }) => codes.push(error.code))
      shown.renderCard = (hit, parts) => {
        if (hit.rank === 1) throw new Error('not this one')
        const link = parts.link()
        link.append(`custom ${hit.product.id} ${parts.formatPrice('5 EUR')}`)
        return link
      }
      await Promise.resolve()
      return codes
    })
    expect(codes).toEqual(['invalid-argument'])
    await expect(page.getByRole('link', { name: /^custom sku-0\d €5\.00$/ })).toHaveCount(2)
    await expect(page.locator('similar-items [part=image]')).toHaveCount(1)
  })
})

test.describe('events', () => {
  test('a selection names product, position, score and query, and can be cancelled', async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(6)
    await openShop(page, shop, element)
    await results(page)
    await page.evaluate(() => {
      document.addEventListener('si-select', (event) => {
        const { product, position, score, queryId, source, originalEvent } =
          event as HTMLElementEventMap['si-select']
        const clicked = originalEvent.type
        Object.assign(window, { selected: { id: product.id, position, score, queryId, source, clicked } })
        event.preventDefault()
      })
    })
    const url = page.url()
    await page.getByRole('link').nth(2).click()
    const { selected, expected } = await page.evaluate(() => {
      const list = document.querySelector('similar-items')?.results
      const hit = list?.hits[2]
      const answer = { queryId: list?.queryId, source: 'item', clicked: 'click' }
      const expected = { id: hit?.product.id, position: 2, score: hit?.score, ...answer }
      return { selected: (window as unknown as { selected: unknown }).selected, expected }
    })
    expect(selected).toEqual(expected)
    expect(page.url()).toBe(url)
    expect(selected).toMatchObject({ queryId: expect.stringMatching(/./), score: expect.any(Number) })
  })

  test('an impression is a card seen for a second, once', async ({ page, shop }) => {
    shop.photoCatalog(10)
    await page.setViewportSize({ width: 390, height: 844 })
    await openShop(page, shop, element)
    await results(page)
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { seen })
      document.addEventListener('si-impression', (event) => {
        seen.push((event as HTMLElementEventMap['si-impression']).product.id)
      })
      // Asking anew starts the count anew: cards may have been seen before this listener was there.
      document.querySelector('similar-items')?.refresh()
    })
    const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen)
    const ids = await page.evaluate(() =>
      document.querySelector('similar-items')?.results?.hits.map(({ product }) => product.id),
    )
    await expect.poll(seen).toEqual(ids?.slice(0, 2))
    await page.getByRole('link').last().focus()
    await expect.poll(seen).toContain(ids?.at(-1))
    await page.getByRole('link').first().focus()
    await page.waitForTimeout(1500)
    const all = await seen()
    expect(new Set(all).size).toBe(all.length)
  })
})

test.describe('while the catalogue is being indexed', () => {
  test('the cards that the shopper has before them stay, until they leave the list', async ({
    page,
    shop,
  }) => {
    leastSimilarFirst(shop, 30)
    await openShop(
      page,
      shop,
      '<similar-items catalog="/catalog.json" item="0" limit="6" loading="eager"></similar-items>',
    )
    const ids = () =>
      page.evaluate(() =>
        document.querySelector('similar-items')?.results?.hits.map(({ product }) => product.id),
      )
    await page.getByRole('list').getByRole('link').first().waitFor({ timeout: 60_000 })
    // In one go: before somebody is at the list, better cards may come first.
    const { early, focused } = await page.evaluate(() => {
      const element = document.querySelector('similar-items')
      const card = element?.shadowRoot?.querySelector('a')
      card?.focus()
      const early = element?.results?.hits.map(({ product }) => product.id) ?? []
      return { early, focused: card?.getAttribute('href') }
    })
    expect(early).not.toContain('29')
    await expect(page.getByRole('progressbar')).toBeVisible()
    await expect(page.getByRole('status')).toHaveText('')

    await results(page)
    expect((await ids())?.[0]).toBe(early[0])
    await expect(page.getByRole('link').first()).toBeFocused()
    await expect(page.getByRole('link').first()).toHaveAttribute('href', focused ?? '')
    await expect(page.getByRole('progressbar')).toHaveCount(0)
    await expect(page.getByRole('status')).toHaveText('Similar items: 6 products')

    await page.locator('similar-items a:focus').blur()
    // The 8-bit model may swap neighbours further down.
    await expect.poll(async () => (await ids())?.slice(0, 3)).toEqual(['29', '28', '27'])
  })
})

test.describe('the keyboard focus', () => {
  test('goes on from card to card while better products come', async ({ page, shop }) => {
    leastSimilarFirst(shop, 30)
    await openShop(
      page,
      shop,
      '<similar-items catalog="/catalog.json" item="0" limit="6" loading="eager"></similar-items>',
    )
    const links = page.getByRole('list').getByRole('link')
    await links.first().focus({ timeout: 60_000 })
    // What was found meanwhile waits until the focus leaves the list.
    await results(page)
    // Nothing changes where it has the focus still.
    await links.first().focus()
    const second = await links.nth(1).getAttribute('href')
    await page.keyboard.press('Tab')
    await page.waitForTimeout(200)
    await expect(links.nth(1)).toBeFocused()
    await expect(links.nth(1)).toHaveAttribute('href', second ?? '')
    await page.locator('similar-items a:focus').blur()
    await expect(links.first()).toHaveAttribute('href', /\/p\/29$/)
  })
})

test.describe('life', () => {
  test('defining twice is harmless', async ({ page, shop }) => {
    shop.photoCatalog(3)
    await openShop(page, shop, element)
    await results(page)
    await page.evaluate((url) => import(url), '/dist/define.js?second-copy')
    await expect(page.getByRole('listitem')).toHaveCount(2)
  })

  test('lazy and off the screen, it requests nothing until it comes near', async ({ page, shop }) => {
    shop.photoCatalog(3)
    await page.setViewportSize({ width: 800, height: 600 })
    shop.write('/far.css', '#far { height: 3000px }', { 'content-type': 'text/css' })
    const lazy = element.replace('eager', 'lazy')
    await openShop(page, shop, `<div id="far"></div>${lazy}`, {
      head: '<link rel="stylesheet" href="/far.css">',
    })
    await page.waitForFunction(() => document.querySelector('similar-items')?.state === 'idle')
    await page.waitForTimeout(500)
    expect(shop.requests(/catalog|worker|photos|models|ort-/)).toEqual([])
    await page.locator('similar-items').scrollIntoViewIfNeeded()
    await results(page)
    await expect(page.getByRole('listitem')).toHaveCount(2)
  })

  test('removed by a listener for its error, it opens no engine', async ({ page, shop }) => {
    shop.photoCatalog(3)
    shop.write('/neighbors.json', 'not json')
    await openShop(page, shop, '')
    const { codes, holds } = await page.evaluate(async () => {
      await customElements.whenDefined('similar-items')
      const element = document.createElement('similar-items')
      const settings = { catalog: '/catalog.json', neighbors: '/neighbors.json?{hash:2}' }
      Object.assign(element, { ...settings, item: 'sku-01', loading: 'eager' })
      const codes: string[] = []
      const removed = new Promise<void>((resolve) => {
        element.addEventListener('si-error', (event) => {
          event.preventDefault()
          codes.push(event.error.code)
          element.remove()
          resolve()
        })
      })
      document.body.append(element)
      await removed
      await new Promise((resolve) => setTimeout(resolve, 500))
      return { codes, holds: element.engine !== null }
    })
    expect(codes).toEqual(['neighbors-invalid'])
    expect(holds).toBe(false)
  })

  test('the worker starts while the code of the engine comes, and ends where nobody needs it any more', async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(3)
    shop.fault(/\/engine-/, { kind: 'hang' })
    await openShop(page, shop, element)
    await expect.poll(() => page.workers().length).toBe(1)
    await page.evaluate(() => document.querySelector('similar-items')?.remove())
    await expect.poll(() => page.workers().length).toBe(0)
  })

  test('works in the document of a frame', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, '<iframe title="A frame" width="800" height="600"></iframe>')
    await page.evaluate(async () => {
      await customElements.whenDefined('similar-items')
      const element = document.createElement('similar-items')
      Object.assign(element, { catalog: '/catalog.json', item: 'sku-01', loading: 'eager' })
      document.querySelector('iframe')?.contentDocument?.body.append(element)
    })
    const frame = page.frameLocator('iframe')
    await expect(frame.getByRole('listitem')).toHaveCount(3, { timeout: 60_000 })
    await expect(frame.getByRole('status')).toHaveText('Similar items: 3 products')
  })

  test('a move keeps list and engine; removed and added again, it works again', async ({ page, shop }) => {
    shop.photoCatalog(4)
    await openShop(page, shop, `${element}<div id="elsewhere"></div>`)
    await results(page)
    const catalogs = shop.requests('/catalog.json').length
    const queryId = await page.evaluate(() => document.querySelector('similar-items')?.results?.queryId)
    await page.evaluate(() => {
      const shown = document.querySelector('similar-items')
      if (shown) document.querySelector('#elsewhere')?.append(shown)
    })
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => document.querySelector('similar-items')?.results?.queryId)).toBe(queryId)
    expect(shop.requests('/catalog.json')).toHaveLength(catalogs)
    await page.evaluate(async () => {
      const shown = document.querySelector('similar-items')
      shown?.remove()
      await new Promise((resolve) => setTimeout(resolve, 300))
      if (shown) document.querySelector('#elsewhere')?.append(shown)
    })
    await page.waitForFunction(
      (before) => (document.querySelector('similar-items')?.results?.queryId ?? before) !== before,
      queryId,
    )
    await expect(page.getByRole('listitem')).toHaveCount(3)
  })

  test('100 cycles of adding and removing: no event after a removal, no error, nothing kept', async ({
    page,
    shop,
  }) => {
    shop.photoCatalog(3)
    await openShop(page, shop, element)
    await results(page)
    const late = await page.evaluate(async () => {
      const late: string[] = []
      for (let cycle = 0; cycle < 100; cycle += 1) {
        const added = document.createElement('similar-items')
        Object.assign(added, {
          catalog: '/catalog.json',
          item: 'sku-01',
          loading: cycle % 2 ? 'eager' : 'auto',
        })
        document.body.append(added)
        // Removed at every stage of its work.
        await new Promise((resolve) => setTimeout(resolve, cycle % 20))
        added.remove()
        for (const type of ['si-results', 'si-progress', 'si-error', 'si-impression']) {
          added.addEventListener(type, () => late.push(type))
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 1500))
      return late
    })
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.collectGarbage')
    const { nodes } = await session.send('Memory.getDOMCounters')
    expect(late).toEqual([])
    console.log(`DOM nodes alive after 100 cycles: ${nodes}`)
    expect(nodes).toBeLessThan(1000)
    await expect(page.locator('similar-items')).toHaveCount(1)
    await expect(page.getByRole('status')).toHaveCount(1)
  })

  test('the engine and its status can be read; memory leaves nothing behind', async ({ page, shop }) => {
    shop.photoCatalog(3)
    await openShop(
      page,
      shop,
      '<similar-items storage="memory" catalog="/catalog.json" item="sku-01"></similar-items>',
    )
    expect(await page.evaluate(() => document.querySelector('similar-items')?.storage)).toBe('memory')
    await results(page)
    const { status, same, databases } = await page.evaluate(async () => {
      const element = document.querySelector('similar-items')
      const engine = await element?.engine
      return {
        status: element?.status ?? null,
        same: engine?.status === element?.status,
        databases: (await indexedDB.databases()).length,
      }
    })
    expect(status).toMatchObject({ storage: 'memory', products: 3, encoder: 'ready' })
    expect(same).toBe(true)
    expect(databases).toBe(0)
    await page.evaluate(() => {
      const element = document.querySelector('similar-items') as HTMLElementTagNameMap['similar-items']
      Object.assign(window, { element })
      element.remove()
    })
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { element: { engine: unknown } }).element.engine))
      .toBeNull()
  })
})
