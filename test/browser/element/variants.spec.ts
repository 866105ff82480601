import type { Page } from '@playwright/test'
import { hashOfId } from '../../../src/vectors/neighbor-shard.js'
import { modelPath, openEngine } from '../engine/engine-page.js'
import { expect, type Shop, test } from '../harness.js'
import { openShop, results } from './element-page.js'

/**
 * A boot in three sizes that have its picture and no group (one by the same address, one by another), a lamp in four
 * colours with a picture each, and three other products.
 */
function publishCatalog(shop: Shop): void {
  const [boot, ...photos] = shop.photos
  const product = (id: string, picture: string | undefined, more: object = {}) => {
    return { id, title: id, link: `/p/${id}`, image_link: `/photos/${picture}`, ...more }
  }
  const lamp = { item_group_id: 'lamp' }
  const items = [
    product('boot-38', boot),
    product('boot-39', boot),
    product('boot-40', `${boot}?size=40`),
    ...photos.slice(0, 4).map((photo, index) => product(`lamp-${index}`, photo, lamp)),
    ...photos.slice(4, 7).map((photo, index) => product(`other-${index}`, photo)),
  ]
  shop.write('/catalog.json', JSON.stringify(items))
}

const kinds = (ids: readonly string[]) => ids.map((id) => id.split('-')[0]).sort()

function shown(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const list = document.querySelector('similar-items')?.results
    return (list?.hits ?? []).map(({ product }) => product.id)
  })
}

test('an item page shows one of a group, and its own picture under no other id; a photo search finds it', async ({
  page,
  shop,
}) => {
  publishCatalog(shop)
  const element = `<similar-items catalog="/catalog.json" item="boot-38" model="${modelPath}" loading="eager"></similar-items>`
  await openShop(page, shop, element)
  await results(page)
  const [best = '', ...others] = await shown(page)
  expect(kinds([best, ...others])).toEqual(['lamp', 'other', 'other', 'other'])

  await page.evaluate(() => document.querySelector('similar-items')?.setAttribute('per-group', '3'))
  const threeLamps = ['lamp', 'lamp', 'lamp', 'other', 'other', 'other']
  await expect.poll(async () => kinds(await shown(page))).toEqual(threeLamps)

  await openEngine(page)
  const found = await page.evaluate(async (photo) => {
    const ids = (list: { hits: readonly { product: { id: string } }[] }) =>
      list.hits.map(({ product }) => product.id)
    return {
      photo: ids(await window.engine.searchByImage(photo)),
      perGroup: ids(await window.engine.searchByImage(photo, { perGroup: 2, nearDuplicate: 2 })),
      item: ids(await window.engine.similarTo('boot-38', { perGroup: Number.POSITIVE_INFINITY })),
      refused: await window.engine.similarTo('boot-38', { perGroup: 0 }).catch((error) => error.message),
    }
  }, `/photos/${shop.photos[0]}`)
  expect(found.photo[0]).toBe('boot-38')
  expect(kinds(found.photo)).toEqual(['boot', 'lamp', 'other', 'other', 'other'])
  expect(kinds(found.perGroup)).toEqual(['boot', 'boot', 'boot', 'lamp', 'lamp', 'other', 'other', 'other'])
  expect(kinds(found.item)).toEqual(['lamp', 'lamp', 'lamp', 'lamp', 'other', 'other', 'other'])
  expect(found.refused).toBe('perGroup has to be 1 or more; it is 0.')
})

test('so does one with neighbour files that have more', async ({ page, shop }) => {
  publishCatalog(shop)
  const ids = ['boot-39', 'lamp-2', 'lamp-0', 'other-1', 'lamp-1', 'other-0', 'lamp-3', 'other-2']
  const list = ids.map((id, rank) => [id, 0.9 - rank / 100])
  shop.write(`/neighbors/${hashOfId('boot-38').slice(0, 2)}.json`, JSON.stringify({ 'boot-38': list }))
  const element =
    '<similar-items neighbors="/neighbors/{hash:2}.json" catalog="/catalog.json" item="boot-38" loading="eager" limit="3"></similar-items>'
  await openShop(page, shop, element)
  await results(page)
  expect(await shown(page)).toEqual(['lamp-2', 'other-1', 'other-0'])
  await page.evaluate(() => {
    const list = document.querySelector('similar-items')
    if (list) list.perGroup = 2
  })
  await expect.poll(() => shown(page)).toEqual(['lamp-2', 'lamp-0', 'other-1'])
})
