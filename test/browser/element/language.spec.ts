import type { Page } from '@playwright/test'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { expect, type Shop, test } from '../harness.js'
import { choose, entry, openPhotoSearch, photoFile, searched } from '../photo-search/photo-search-page.js'
import { openShop, results } from './element-page.js'

async function openList(page: Page, shop: Shop, lang: string): Promise<void> {
  const list = [['sku-02', 0.9]]
  shop.write(`/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`, JSON.stringify({ 'sku-01': list }))
  shop.photoCatalog(3)
  const element =
    '<similar-items neighbors="/neighbors/{hash:2}.json" catalog="/catalog.json" item="sku-01" loading="eager" photo-search></similar-items>'
  await openShop(page, shop, `<div id="around">${element}</div>`, { lang })
  await results(page)
}

/** All that a list says in words of its own. */
function said(page: Page) {
  return page.evaluate(() => {
    const root = document.querySelector('#around')?.firstElementChild?.shadowRoot
    const text = (selector: string) => root?.querySelector(selector)?.textContent?.replaceAll('\u00a0', ' ')
    return {
      heading: text('[part="heading"]'),
      next: root?.querySelector('[part="next"]')?.getAttribute('aria-label'),
      price: text('[part="price"]'),
      button: text('[part="photo-search"]'),
      status: document.querySelector('[data-similar-items-status]')?.textContent,
    }
  })
}

const english = {
  heading: 'Similar items',
  next: 'Next',
  price: '€11.90',
  button: 'Search with a photo',
  status: 'Similar items: 1 product',
}
const german = {
  heading: 'Ähnliche Artikel',
  next: 'Weiter',
  price: '11,90 €',
  button: 'Mit einem Foto suchen',
  status: 'Ähnliche Artikel: 1 Produkt',
}
const french = {
  heading: 'Articles similaires',
  next: 'Suivant',
  price: '11,90 €',
  button: 'Rechercher avec une photo',
  status: 'Articles similaires : 1 produit',
}

test('the list follows the lang of whatever it stands in, whenever that changes', async ({ page, shop }) => {
  await openList(page, shop, 'en')
  await expect.poll(() => said(page)).toEqual(english)
  const set = (selector: string, lang: string | null) =>
    page.evaluate(
      ({ selector, lang }) => {
        const element = document.querySelector(selector)
        if (lang === null) element?.removeAttribute('lang')
        else element?.setAttribute('lang', lang)
      },
      { selector, lang },
    )
  for (const [selector, lang, expected] of [
    ['html', 'de', german],
    ['#around', 'fr', french],
    ['#around', null, german],
    ['similar-items', 'en-GB', english],
    ['similar-items', 'de_DE', german],
    ['similar-items', ' fr_FR.UTF-8', french],
    ['similar-items', 'no such language', english],
    ['similar-items', null, german],
  ] as const) {
    await set(selector, lang)
    await expect
      .poll(() => said(page), `<${selector} lang="${lang}">`)
      .toEqual(lang === 'no such language' ? { ...expected, price: expect.any(String) } : expected)
  }
})

test('so does one that is moved, into and inside of shadow trees', async ({ page, shop }) => {
  await openList(page, shop, 'de_AT@euro')
  await expect.poll(async () => (await said(page)).heading).toBe('Ähnliche Artikel')
  const heading = () =>
    page.evaluate(
      () =>
        document
          .querySelector('#host')
          ?.shadowRoot?.querySelector('similar-items')
          ?.shadowRoot?.querySelector('[part="heading"]')?.textContent,
    )
  await page.evaluate(() => {
    const host = Object.assign(document.createElement('div'), { id: 'host', lang: 'fr' })
    document.body.append(host)
    host.attachShadow({ mode: 'open' }).append(document.querySelector('similar-items') as Element)
  })
  await expect.poll(heading).toBe('Articles similaires')
  await page.evaluate(() => {
    const host = document.querySelector('#host')
    if (host) (host as HTMLElement).lang = 'en'
  })
  await expect.poll(heading).toBe('Similar items')
})

test('the photo search follows in the middle of everything: problems, verdicts, announcements', async ({
  page,
  shop,
}) => {
  await openPhotoSearch(page, shop, {
    count: 3,
    body: entry.replace('photo-search', 'photo-search min-score="0.99"'),
  })
  const setLang = (lang: string) =>
    page.evaluate((lang) => {
      document.documentElement.lang = lang
    }, lang)
  const dialog = page.getByRole('dialog')
  await choose(page, photoFile('../../package.json'))
  await expect(dialog.getByRole('alert')).toContainText('This is not a picture.')
  await setLang('de')
  await expect(dialog.getByRole('alert')).toContainText('Das ist kein Bild.')
  await expect(dialog.getByRole('heading', { name: 'Mit einem Foto suchen' })).toBeVisible()
  await setLang('en')
  await choose(page, photoFile(shop.photos[9] as string))
  await searched(page)
  await expect(dialog.getByText('Nothing here looks like this.').first()).toBeVisible()
  await setLang('de')
  await expect(dialog.locator('.verdict')).toHaveText('Hier sieht nichts so aus.')
  await expect(dialog.getByRole('status')).toHaveText('Hier sieht nichts so aus.')
  await expect(dialog.getByRole('img', { name: 'Ihr Foto' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Neues Foto' })).toBeVisible()
})
