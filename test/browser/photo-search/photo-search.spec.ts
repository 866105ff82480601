import { createRequire } from 'node:module'
import { openShop } from '../element/element-page.js'
import { expect, test } from '../harness.js'
import { photo } from './photo-pictures.js'
import {
  choose,
  entry,
  found,
  give,
  heard,
  listen,
  openPhotoSearch,
  photoFile,
  searched,
} from './photo-search-page.js'

const axe = createRequire(import.meta.url).resolve('axe-core')
/** Of the photos that the tests search with; a catalogue of 8 has the first, one of 20 both. */
const plant = 'abel-y-costa-716024-unsplash.jpg'
const camera = 'robert-shunev-528016-unsplash.jpg'
/** The kernel and its weights, or ONNX Runtime and its own. */
const heavy = /\.(wasm|onnx)$|_int7\.|open-tower/

test.describe('loading', () => {
  // Without a product, the element itself needs no model.
  const idle = '<similar-items catalog="/catalog.json" photo-search><a href="/all">All</a></similar-items>'

  test('begins when somebody reaches for the photo search, and not before', async ({ page, shop }) => {
    shop.photoCatalog(2)
    await openShop(page, shop, `<similar-items-search catalog="/catalog.json"></similar-items-search>`)
    await page.getByRole('button', { name: 'Choose a picture' }).waitFor()
    await page.waitForTimeout(500)
    expect(shop.requests(heavy)).toEqual([])
    expect(shop.requests('/catalog.json')).toEqual([])
    await page.getByRole('button', { name: 'Choose a picture' }).hover()
    await expect.poll(() => shop.requests(heavy).length, { timeout: 30_000 }).toBe(2)
  })

  test('does not begin on reaching alone where the shopper saves data', async ({ page, shop }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } })
    })
    shop.photoCatalog(2)
    await openShop(page, shop, `<similar-items-search catalog="/catalog.json"></similar-items-search>`)
    await page.getByRole('button', { name: 'Choose a picture' }).hover()
    await page.getByRole('button', { name: 'Choose a picture' }).focus()
    await page.waitForTimeout(700)
    expect(shop.requests(heavy)).toEqual([])
    await choose(page, photoFile(plant))
    await expect(found(page).first()).toBeVisible({ timeout: 60_000 })
  })

  test('tells its bytes, can be stopped, and goes on when asked to', async ({ page, shop }) => {
    const rule = shop.fault('_int7.', { kind: 'hang', after: 2_000_000 }, 1)
    await openPhotoSearch(page, shop, { body: idle })
    await choose(page, photoFile(plant))
    const progress = page.locator('[part="photo-progress"]')
    await expect(progress).toContainText(/\d+\.\d MB of \d+\.\d MB/, { timeout: 30_000 })
    await expect(page.getByRole('slider', { name: 'Search area', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(progress).toContainText('The download was stopped.')
    expect(rule).toBeTruthy()
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(found(page).first()).toBeVisible({ timeout: 60_000 })
  })
})

test.describe('loading again', () => {
  test('tells its progress once', async ({ page, shop }) => {
    shop.allowErrors(/./)
    const rule = shop.fault(/_int7\.|\.onnx/, { kind: 'status', status: 500 })
    await openPhotoSearch(page, shop, { body: entry.replace('item="sku-01"', '') })
    await choose(page, photoFile(plant))
    const again = page.getByRole('button', { name: 'Try again' })
    await expect(again).toBeVisible({ timeout: 60_000 })
    rule.remove()
    await page.evaluate(() => {
      const told: unknown[] = []
      Object.assign(window, { told })
      document.addEventListener('si-progress', (event) => {
        told.push((event as HTMLElementEventMap['si-progress']).progress)
      })
    })
    await again.click()
    await expect(found(page).first()).toBeVisible({ timeout: 60_000 })
    const { told, different } = await page.evaluate(() => {
      const { told } = window as unknown as { told: unknown[] }
      return { told: told.length, different: new Set(told).size }
    })
    expect(told).toBeGreaterThan(0)
    expect(told).toBe(different)
  })
})

test.describe('a picture', () => {
  test('is searched with as soon as the panel is in the page', async ({ page, shop }) => {
    shop.photoCatalog(8)
    await openShop(page, shop, '')
    await page.evaluate(async (src) => {
      await customElements.whenDefined('similar-items-search')
      const search = document.createElement('similar-items-search')
      search.catalog = '/catalog.json'
      document.querySelector('main')?.prepend(search)
      await search.openPhotoSearch(src)
    }, `/photos/${shop.photos[3]}`)
    const first = page.locator('similar-items-search [part="photo-results"] [part="item"]').first()
    await expect(first).toContainText('alexander andrews', { timeout: 60_000 })
  })

  test('that is pasted into a text is left to it', async ({ page, shop }) => {
    const fields = '<textarea></textarea><div contenteditable><b>Text</b></div>'
    shop.photoCatalog(3)
    await openShop(page, shop, `${entry}${fields}<p>Text</p>`)
    await page.evaluate(() => document.querySelector('similar-items')?.openPhotoSearch())
    const taken = (selector: string) =>
      page.evaluate((selector) => {
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File(['none'], 'photo.jpg', { type: 'image/jpeg' }))
        const options = { bubbles: true, composed: true, cancelable: true, clipboardData }
        return !document.querySelector(selector)?.dispatchEvent(new ClipboardEvent('paste', options))
      }, selector)
    expect(await taken('textarea')).toBe(false)
    expect(await taken('[contenteditable] b')).toBe(false)
    expect(await taken('#below')).toBe(true)
  })

  test('from a file is searched with, in bands, and does not leave the device', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await listen(page)
    await choose(page, photoFile(plant))
    await searched(page)
    // The photo is in the catalogue, so what is nearest is itself.
    const first = page.getByRole('heading', { name: 'Very similar' })
    await expect(first).toBeVisible()
    await expect(found(page).first()).toContainText('abel y costa')
    expect(await page.locator('[part="photo-results"]').innerText()).not.toMatch(/\d ?%|(?<!\d)0\.\d/)
    await found(page).first().getByRole('link').click()
    const events = await heard(page)
    const results = events.filter(({ type, source }) => type === 'si-results' && source === 'photo')
    expect(results.length).toBeGreaterThan(0)
    expect(events.at(-1)).toMatchObject({ type: 'si-select', source: 'photo', click: 'click' })
    expect(events.at(-1)?.queryId).toBe(results.at(-1)?.queryId)
    // The listener prevented the navigation: the shop goes on in this page, where the dialog would be in the way.
    await expect(page.getByRole('dialog')).toBeHidden()
    expect(shop.log.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  for (const way of ['paste', 'drop'] as const) {
    test(`comes by ${way}: a file, and a picture of the page`, async ({ page, shop }) => {
      await openPhotoSearch(page, shop)
      await give(page, way, { photo: plant })
      await expect(found(page).first()).toContainText('abel y costa', { timeout: 60_000 })
      const other = shop.photos[3] ?? ''
      await give(page, way, shop.url(`/photos/${other}`))
      await expect(found(page).first()).toContainText('alexander andrews', { timeout: 60_000 })
    })
  }

  test('of the page can be handed over by the shop', async ({ page, shop }) => {
    shop.photoCatalog(8)
    await openShop(page, shop, `${entry}<img id="hero" alt="" src="/photos/${shop.photos[3]}" width="200">`)
    await page.evaluate(() => {
      const image = document.querySelector<HTMLImageElement>('#hero') as HTMLImageElement
      return document.querySelector('similar-items')?.openPhotoSearch(image)
    })
    await expect(found(page).first()).toContainText('alexander andrews', { timeout: 60_000 })
  })

  test('may be a sample of the shop, or a recent one', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await page.evaluate((src) => {
      Object.assign(document.querySelector('similar-items') as Element, {
        samplePhotos: [{ src, label: 'A lens' }],
      })
    }, `/photos/${shop.photos[3]}`)
    await page.getByRole('button', { name: 'A lens' }).click()
    await expect(found(page).first()).toContainText('alexander andrews', { timeout: 60_000 })
    await page.getByRole('button', { name: 'New photo' }).click()
    await choose(page, photoFile(plant))
    await expect(found(page).first()).toContainText('abel y costa', { timeout: 60_000 })
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(page.getByRole('button', { name: /^Photo \d$/ })).toHaveCount(2)
    await page.getByRole('button', { name: 'Photo 2' }).click()
    await expect(found(page).first()).toContainText('alexander andrews', { timeout: 60_000 })
  })

  test('that is none is explained, and the next best way has the focus', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await choose(page, new URL(import.meta.url).pathname)
    await expect(page.getByRole('alert')).toContainText('This is not a picture.', { timeout: 60_000 })
    await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeFocused()
    await expect(page.getByRole('button', { name: /^Photo \d$/ })).toHaveCount(0)
  })

  test('that is none, or far too large, is refused without waiting for the model', async ({ page, shop }) => {
    shop.fault('_int7.', { kind: 'hang' })
    await openPhotoSearch(page, shop)
    const give = (buffer: Buffer) =>
      page
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
    const alert = page.getByRole('alert')
    await give(Buffer.from('Dear diary'))
    await expect(alert).toContainText('This is not a picture.')
    const png = await photo().resize(9, 9, { fit: 'cover' }).png().toBuffer()
    // Width and height, in the first chunk.
    png.writeUInt32BE(20_000, 16)
    png.writeUInt32BE(20_000, 20)
    await give(png)
    await expect(alert).toContainText('too large')
    await give(Buffer.of(0xff))
    await expect(alert).toContainText('This is not a picture.')
  })
})

test.describe('the frame', () => {
  const area = 'Search area'

  test('begins around what the encoder proposes, and can be put around all of the photo', async ({
    page,
    shop,
  }) => {
    await openPhotoSearch(page, shop)
    // A shoe on one side of a large photo.
    await choose(page, photoFile('chuttersnap-584518-unsplash.jpg'))
    await searched(page)
    const box = page.getByRole('slider', { name: area, exact: true })
    const size = async () => Number(await box.getAttribute('aria-valuenow'))
    expect(await size()).toBeLessThanOrEqual(75)
    expect(await size()).toBeGreaterThan(10)
    await page.getByRole('button', { name: 'Whole picture' }).click()
    expect(await size()).toBe(100)
  })

  test('is moved and resized by keyboard; the results follow', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await choose(page, photoFile(plant))
    await searched(page)
    await listen(page)
    const box = page.getByRole('slider', { name: area, exact: true })
    await box.focus()
    for (let press = 0; press < 25; press++) await page.keyboard.press('Shift+ArrowLeft')
    for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowRight')
    await expect(box).toHaveAttribute(
      'aria-valuetext',
      '20% from the left, 0% from the top, 50% wide, 100% high',
    )
    await expect.poll(() => heard(page).then((events) => events.length)).toBeGreaterThan(0)
    const corner = page.getByRole('slider', { name: 'Top left corner of the search area' })
    await corner.focus()
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowDown')
    await expect(corner).toHaveAttribute(
      'aria-valuetext',
      '20% from the left, 10% from the top, 50% wide, 90% high',
    )
    await page.getByRole('button', { name: 'Whole picture' }).click()
    await expect(box).toHaveAttribute(
      'aria-valuetext',
      '0% from the left, 0% from the top, 100% wide, 100% high',
    )
  })

  test('is drawn, moved and resized by mouse', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await choose(page, photoFile(plant))
    await searched(page)
    const frame = page.locator('[part="photo"]')
    const { x, y, width, height } = (await frame.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const at = (left: number, top: number) => [x + left * width, y + top * height] as const
    const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
      await page.mouse.move(...from)
      await page.mouse.down()
      await page.mouse.move(...to, { steps: 4 })
      await page.mouse.up()
    }
    // The frame may begin with what the engine proposed.
    const whole = page.getByRole('button', { name: 'Whole picture' })
    if (await whole.isVisible()) await whole.click()
    const box = page.getByRole('slider', { name: area, exact: true })
    await drag(at(0.2, 0.3), at(0.6, 0.8))
    await expect(box).toHaveAttribute(
      'aria-valuetext',
      /^(19|20|21)% .* (29|30|31)% .* (39|40|41)% .* (49|50|51)%/,
    )
    await drag(at(0.4, 0.5), at(0.5, 0.5))
    await expect(box).toHaveAttribute('aria-valuetext', /^(29|30|31)% from the left/)
    await drag(at(0.7, 0.8), at(0.9, 0.9))
    await expect(box).toHaveAttribute('aria-valuetext', /(59|60|61)% wide, (59|60|61)% high/)
    await drag(at(0.1, 0.1), at(0.1, 0.1))
    await expect(box).toHaveAttribute(
      'aria-valuetext',
      /^0% from the left, 0% from the top, (59|60|61)% wide/,
    )
  })
})

test.describe('the results', () => {
  test('lead on to more like them, and back to the photo', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, { count: 20 })
    await choose(page, photoFile(plant))
    await searched(page)
    const before = await found(page).allInnerTexts()
    await listen(page)
    await page
      .getByRole('button', { name: /^More like this: / })
      .first()
      .click()
    await expect(page.getByRole('heading', { name: 'Similar to abel y costa 716024' })).toBeFocused()
    await expect.poll(async () => (await heard(page)).at(-1)).toMatchObject({ source: 'more-like-this' })
    await page.getByRole('button', { name: 'Back to your photo' }).click()
    await expect.poll(() => found(page).allInnerTexts()).toEqual(before)
  })

  test('are filtered by what the shop declares', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, {
      count: 20,
      body: entry.replace('photo-search', 'photo-search min-score="-1" limit="100"'),
    })
    await page.evaluate(() => {
      Object.assign(document.querySelector('similar-items') as Element, {
        filters: ['category', 'price', 'availability'],
      })
    })
    await choose(page, photoFile(plant))
    await searched(page)
    const filters = page.getByRole('group', { name: 'Filters' })
    // The products have no category.
    await expect(filters.getByRole('combobox')).toHaveCount(0)
    await expect(found(page)).toHaveCount(20)
    await filters.getByRole('checkbox', { name: 'In stock only' }).check()
    await expect(found(page)).toHaveCount(18)
    await filters.getByLabel('To (EUR)').fill('15')
    await expect(found(page)).toHaveCount(5)
    await filters.getByLabel('To (EUR)').fill('1')
    await expect(page.getByText('With these filters, nothing here looks like this.')).toBeVisible()
    await filters.getByRole('button', { name: 'Clear filters' }).click()
    await expect(found(page)).toHaveCount(20)
  })

  test('are filtered anew when a sale begins or ends', async ({ page, shop }) => {
    const now = Date.parse('2026-03-14T12:00:00Z')
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
    await page.clock.setFixedTime(now)
    await openPhotoSearch(page, shop, {
      count: 3,
      body: entry.replace('photo-search', 'photo-search min-score="-1"'),
    })
    const items = shop.photos.slice(0, 3).map((photo, index) => ({
      id: `sku-0${index + 1}`,
      title: `Chair ${index}`,
      image_link: `/photos/${photo}`,
      price: `${50 + index}.00 EUR`,
      sale_price: '20.00 EUR',
      sale_price_effective_date: [`${at(-60)}/${at(600)}`, `${at(600)}/${at(9000)}`, '2099-01-01/'][index],
    }))
    shop.write('/sales.json', JSON.stringify(items))
    await page.evaluate(() => {
      Object.assign(document.querySelector('similar-items') as Element, {
        filters: ['price'],
        catalog: '/sales.json',
      })
    })
    await choose(page, photoFile(plant))
    await searched(page)
    await page.getByRole('group', { name: 'Filters' }).getByLabel('To (EUR)').fill('30')
    await expect(found(page)).toHaveCount(1)
    await expect(found(page)).toContainText('Chair 0')
    await page.clock.setFixedTime(now + 700_000)
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await expect(found(page)).toContainText('Chair 1')
    await expect(found(page)).toHaveCount(1)
  })

  test('are honest about nothing being near, with tips', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, {
      body: entry.replace('photo-search', 'photo-search min-score="0.99"'),
    })
    await choose(page, photoFile(camera))
    await expect(page.getByText('Nothing here looks like this.').first()).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('Put the frame around one thing only.')).toBeVisible()
    await expect(found(page)).toHaveCount(0)
  })

  test('are seen once each, however often they are brought up to date', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, { count: 30, body: entry.replace('item="sku-01"', '') })
    await page.evaluate(() => {
      const seen: string[] = []
      const lists: string[] = []
      Object.assign(window, { seen, lists })
      document.addEventListener('si-impression', (event) => {
        seen.push((event as HTMLElementEventMap['si-impression']).product.id)
      })
      document.addEventListener('si-results', (event) => {
        lists.push((event as HTMLElementEventMap['si-results']).queryId)
      })
    })
    await choose(page, photoFile(plant))
    await searched(page)
    await page.waitForTimeout(1500)
    const { seen, lists } = await page.evaluate(() => {
      const { seen, lists } = window as unknown as Record<'seen' | 'lists', string[]>
      return { seen, lists }
    })
    expect(new Set(lists).size).toBeGreaterThan(1)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.length).toBe(new Set(seen).size)
  })

  test('that are none are told again for another photo', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, {
      body: entry.replace('photo-search', 'photo-search min-score="1"').replace('item="sku-01"', ''),
    })
    await listen(page)
    const status = page.getByRole('dialog').getByRole('status')
    await choose(page, photoFile(camera))
    await searched(page)
    await expect(status).toHaveText('Nothing here looks like this.')
    const before = await heard(page)
    await status.evaluate((region) => region.replaceChildren())
    await page.getByRole('button', { name: 'Back' }).click()
    await choose(page, photoFile('mikkel-bech-748940-unsplash.jpg'))
    await expect(status).toHaveText('Nothing here looks like this.', { timeout: 60_000 })
    const after = await heard(page)
    expect(after.length).toBeGreaterThan(before.length)
    expect(after.at(-1)?.queryId).not.toBe(before.at(-1)?.queryId)
  })
})

test.describe('the dialog', () => {
  test('keeps its styles when the element moves to another document', async ({ page, shop }) => {
    await openPhotoSearch(page, shop, { count: 3, body: `${entry}<iframe title="A frame"></iframe>` })
    const sheets = await page.evaluate(async () => {
      const element = document.querySelector('similar-items') as HTMLElement
      element.remove()
      document.querySelector('iframe')?.contentDocument?.body.append(element)
      await new Promise((resolve) => setTimeout(resolve, 100))
      return element.shadowRoot?.adoptedStyleSheets.length
    })
    expect(sheets).toBe(2)
  })

  test('of an element that is not rendered is refused, and the page stays usable', async ({ page, shop }) => {
    shop.photoCatalog(3)
    shop.allowErrors('has to be rendered')
    const hidden = `<section hidden>${entry}</section><button id="own">Own</button>`
    await openShop(page, shop, hidden)
    const { code, dialogs, isModal } = await page.evaluate(async () => {
      await customElements.whenDefined('similar-items')
      const element = document.querySelector('similar-items') as HTMLElementTagNameMap['similar-items']
      const failed = new Promise<string>((resolve) =>
        element.addEventListener('si-error', ({ error }) => resolve(error.code), { once: true }),
      )
      await element.openPhotoSearch()
      const detached = document.createElement('similar-items')
      await detached.openPhotoSearch()
      await detached.openPhotoSearch()
      return {
        code: await failed,
        dialogs: detached.shadowRoot?.querySelectorAll('dialog').length,
        isModal: element.shadowRoot?.querySelector('dialog')?.open,
      }
    })
    expect(code).toBe('invalid-argument')
    expect(dialogs).toBe(1)
    expect(isModal).toBe(false)
    await page.getByRole('button', { name: 'Own' }).click()
    await page.evaluate(() => {
      document.querySelector('section')?.removeAttribute('hidden')
      return document.querySelector('similar-items')?.openPhotoSearch()
    })
    await expect(page.getByRole('dialog')).toBeVisible()
  })

  test('keeps the focus, gives it back, speaks inside itself, and remembers', async ({ page, shop }) => {
    shop.photoCatalog(8)
    await openShop(page, shop, entry)
    const button = page.getByRole('button', { name: 'Search with a photo' })
    await button.click()
    const dialog = page.getByRole('dialog', { name: 'Search with a photo' })
    await expect(dialog).toBeVisible()
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab')
      const outside = await page.evaluate(() => {
        const { activeElement, body } = document
        // The browser's own controls come after the last button, and are no part of the page.
        return activeElement !== body && activeElement?.localName !== 'similar-items'
      })
      expect(outside).toBe(false)
    }
    await choose(page, photoFile(plant))
    await searched(page)
    await expect(dialog.getByRole('status')).toContainText(/\d+ products? found/)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(button).toBeFocused()
    await button.click()
    await expect(found(page).first()).toContainText('abel y costa')
  })

  for (const [name, options] of Object.entries({
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    'forced colours': { forcedColors: 'active' },
  } as const)) {
    test(`has nothing that axe finds, ${name}`, async ({ page, shop }) => {
      await page.emulateMedia({ reducedMotion: 'reduce', ...options })
      await openPhotoSearch(page, shop, { head: '<meta name="color-scheme" content="light dark">' })
      await page.addScriptTag({ path: axe })
      const run = () =>
        page.evaluate(() => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }
          return axe.run().then(({ violations }) => violations)
        })
      expect(await run()).toEqual([])
      await choose(page, photoFile(plant))
      await searched(page)
      expect(await run()).toEqual([])
    })
  }

  for (const [name, width, height, lang, dir] of [
    ['at 320 px', 320, 640, 'de', 'ltr'],
    // What a 1280 px window at 200 % is to the page.
    ['at 200 % zoom', 640, 360, 'fr', 'ltr'],
    ['from right to left', 390, 844, 'ar', 'rtl'],
  ] as const) {
    test(`fits ${name}`, async ({ page, shop }) => {
      await page.setViewportSize({ width, height })
      await openPhotoSearch(page, shop, { lang, dir })
      const widest = () =>
        page.getByRole('dialog').evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth] as const)
      expect((await widest())[0]).toBeLessThanOrEqual((await widest())[1])
      await give(page, 'paste', { photo: plant })
      await searched(page)
      await expect(found(page).first()).toBeVisible()
      expect((await widest())[0]).toBeLessThanOrEqual((await widest())[1])
      const direction = await page
        .getByRole('dialog')
        .evaluate((dialog) => getComputedStyle(dialog).direction)
      expect(direction).toBe(dir)
    })
  }

  test('takes the colours that the page has, whatever made it dark', async ({ page, shop }) => {
    shop.write('/dark.css', 'body { background: #17181c; color: #eee }', { 'content-type': 'text/css' })
    await openPhotoSearch(page, shop, { head: '<link rel="stylesheet" href="/dark.css">' })
    const dialog = page.getByRole('dialog')
    await expect(dialog).toHaveCSS('background-color', 'rgb(23, 24, 28)')
    await expect(dialog).toHaveCSS('color', 'rgb(238, 238, 238)')
  })

  test('works under a strict Content-Security-Policy', async ({ page, shop }) => {
    // The policy has no `blob:` for images: the panel draws the photo itself.
    shop.allowErrors(/Content Security Policy|Content-Security-Policy/)
    await openPhotoSearch(page, shop, { csp: true })
    await choose(page, photoFile(plant))
    await searched(page)
    await expect(page.locator('[part="photo"] canvas')).toBeVisible()
    await expect(found(page).first()).toContainText('abel y costa')
  })
})
