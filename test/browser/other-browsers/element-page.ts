import { expect, type Shop, type Tab } from './harness.js'

/** An element of the shop's feed that begins at once. */
export const element = (attributes = 'item="sku-01"') =>
  `<script type="module" src="/dist/define.js"></script>
  <similar-items catalog="/catalog.json" loading="eager" ${attributes}></similar-items>`

/** Resolves once the page's element has ranked all it can. */
export async function ranked(tab: Tab): Promise<void> {
  const progress = () =>
    tab.evaluate(() => {
      const element = document.querySelector('similar-items')
      return element?.results?.complete === true ? 'complete' : element?.state
    })
  await expect.poll(progress, { timeout: 60_000 }).toBe('complete')
}

/** The element's list, as its property and as its shadow tree have it. */
export function list(tab: Tab): Promise<{ id: string; score: number; text: string }[]> {
  return tab.evaluate(() => {
    const element = document.querySelector('similar-items')
    const cards = element?.shadowRoot?.querySelectorAll<HTMLElement>('[part~="card"]') ?? []
    return (element?.results?.hits ?? []).map(({ product, score }, index) => ({
      id: product.id,
      score,
      text: cards[index]?.innerText ?? '',
    }))
  })
}

/** The photo of a product of `shop.photoCatalog`. */
export function photoOf(shop: Shop, id: string): string {
  const photo = shop.photos[Number(id.slice('sku-'.length)) - 1]
  if (!photo) throw new Error(`no photo belongs to ${id}`)
  return photo
}
