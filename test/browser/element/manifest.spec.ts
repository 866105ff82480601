import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, type Shop, test } from '../harness.js'
import { choose, entry, found, photoFile } from '../photo-search/photo-search-page.js'
import { openShop, results } from './element-page.js'

interface Named {
  readonly name: string
}

interface Declaration {
  readonly tagName?: string
  readonly cssParts: readonly Named[]
  readonly cssProperties: readonly Named[]
  readonly cssStates?: readonly Named[]
  readonly slots: readonly Named[]
  readonly events: readonly Named[]
}

const manifest = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../dist/custom-elements.json', import.meta.url)), 'utf8'),
) as { modules: { declarations: Declaration[] }[] }

function declarationOf(tag: string): Declaration {
  const all = manifest.modules.flatMap(({ declarations }) => declarations)
  return all.find(({ tagName }) => tagName === tag) as Declaration
}

const namesOf = (named: readonly Named[] = []) => named.map(({ name }) => name).sort()

/** What an element has had since it was there, in its shadow tree and its style sheets. */
interface Seen {
  readonly parts: string[]
  readonly slots: string[]
  readonly states: string[]
  readonly properties: string[]
  readonly events: string[]
}

/** Begins to write down what every element of the page has, before its scripts run. */
async function watch(page: Page, { states, events }: { states: string[]; events: string[] }): Promise<void> {
  await page.addInitScript(
    ({ states, events }) => {
      const seen = {
        parts: new Set<string>(),
        slots: new Set<string>(),
        states: new Set<string>(),
        events: new Set<string>(),
      }
      Object.assign(window, { seen })
      const look = (root: ShadowRoot) => {
        for (const element of root.querySelectorAll('[part]'))
          for (const name of element.part) seen.parts.add(name)
        for (const slot of root.querySelectorAll('slot')) seen.slots.add(slot.name)
        for (const state of states) if (root.host.matches(`:state(${state})`)) seen.states.add(state)
      }
      const { attachShadow } = Element.prototype
      Element.prototype.attachShadow = function (init) {
        const root = attachShadow.call(this, init)
        new MutationObserver(() => look(root)).observe(root, {
          childList: true,
          subtree: true,
          attributes: true,
        })
        return root
      }
      for (const type of events) document.addEventListener(type, () => seen.events.add(type))
    },
    { states, events },
  )
}

function seenOn(page: Page, tag: string): Promise<Seen> {
  return page.evaluate((tag) => {
    const { seen } = window as unknown as {
      seen: Record<'parts' | 'slots' | 'states' | 'events', Set<string>>
    }
    const sheets = document.querySelector(tag)?.shadowRoot?.adoptedStyleSheets ?? []
    const css = sheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join('\n')
    return {
      parts: [...seen.parts].sort(),
      slots: [...seen.slots].sort(),
      states: [...seen.states].sort(),
      events: [...seen.events].sort(),
      properties: [
        ...new Set(Array.from(css.matchAll(/var\((--si-[\w-]+)/g), ([, name]) => name as string)),
      ].sort(),
    }
  }, tag)
}

/** Six products with brands, of which every other is sold out. */
function writeShop(shop: Shop): void {
  const items = shop.photos.slice(0, 6).map((photo, index) => ({
    id: `sku-0${index + 1}`,
    title: photo,
    brand: 'Kindred',
    price: '10.00 EUR',
    image_link: `/photos/${photo}`,
    link: `/p/${index}`,
    product_type: index % 2 ? 'Chairs' : 'Tables',
    ...(index % 2 === 0 && { availability: 'out_of_stock' }),
  }))
  shop.write('/catalog.json', JSON.stringify(items))
}

async function searchByPhoto(page: Page): Promise<void> {
  await choose(page, photoFile('abel-y-costa-716024-unsplash.jpg'))
  await expect(found(page).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('[part~="more-like-this"]').first()).toBeAttached()
}

test('<similar-items> has the parts, slots, states, properties and events of its manifest', async ({
  page,
  shop,
}) => {
  const told = declarationOf('similar-items')
  await watch(page, { states: namesOf(told.cssStates), events: namesOf(told.events) })
  shop.allowErrors(/gone\.json|404/)
  writeShop(shop)
  await openShop(page, shop, entry)
  await results(page)
  const element = page.locator('similar-items')
  await expect.poll(async () => (await seenOn(page, 'similar-items')).events).toContain('si-impression')
  await element.evaluate((element) =>
    element.addEventListener('si-select', (event) => event.preventDefault()),
  )
  await page.locator('similar-items [part~="card"]').first().click()
  await element.evaluate((element) => element.setAttribute('min-score', '1'))
  await expect(page.locator('similar-items:state(empty)')).toBeAttached()
  await element.evaluate((element) => element.removeAttribute('min-score'))
  await expect(page.locator('similar-items:state(ready)')).toBeAttached()
  await element.evaluate((element: HTMLElementTagNameMap['similar-items']) => element.openPhotoSearch())
  await searchByPhoto(page)
  await page.keyboard.press('Escape')
  await element.evaluate((element) => {
    element.setAttribute('catalog', '/gone.json')
  })
  await expect(page.locator('similar-items:state(error)')).toBeAttached()

  const seen = await seenOn(page, 'similar-items')
  expect(seen.parts).toEqual(namesOf(told.cssParts))
  expect(seen.slots).toEqual(namesOf(told.slots))
  expect(seen.states).toEqual(namesOf(told.cssStates))
  expect(seen.properties).toEqual(namesOf(told.cssProperties))
  // Whoever takes part in an experiment is told by tests of its own.
  expect(seen.events).toEqual(namesOf(told.events).filter((type) => type !== 'si-exposure'))
})

test('<similar-items-search> has those of its own', async ({ page, shop }) => {
  const told = declarationOf('similar-items-search')
  await watch(page, { states: [], events: [] })
  writeShop(shop)
  await openShop(
    page,
    shop,
    '<similar-items-search catalog="/catalog.json" loading="eager"></similar-items-search>',
  )
  await searchByPhoto(page)
  const seen = await seenOn(page, 'similar-items-search')
  expect(seen.parts).toEqual(namesOf(told.cssParts))
  expect(seen.slots).toEqual(namesOf(told.slots))
  // It has the style sheet of the carousel as well.
  expect(seen.properties).toEqual(expect.arrayContaining(namesOf(told.cssProperties)))
})
