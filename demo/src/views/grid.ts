import type { ShopCatalogue, ShopProduct, Variant } from '../catalogue.js'
import { create } from '../dom.js'
import { formatCount, formatPrice } from '../format.js'
import { gridLink, productLink } from '../route.js'

const ALL = 'Everything'

/** All products of a catalogue, or those of one shelf; `intro` stands above all of them. */
export function gridView(catalogue: ShopCatalogue, type: string | null, intro: HTMLElement): HTMLElement[] {
  const shown = catalogue.products.filter((product) => type === null || product.type === type)
  return [
    type === null ? intro : create('section', { class: 'hero hero-small' }, create('h1', {}, type)),
    create(
      'section',
      { class: 'shelf', 'aria-label': 'Products' },
      shelves(catalogue, type),
      create('p', { class: 'count' }, formatCount(shown.length, 'product')),
      productGrid(catalogue, shown),
    ),
  ]
}

export function productGrid(catalogue: ShopCatalogue, products: readonly ShopProduct[]): HTMLElement {
  return create('ul', { class: 'grid', 'data-cutouts': catalogue.cutouts }, ...products.map(card))

  function card(product: ShopProduct, position: number): HTMLElement {
    // The picture repeats what the title says, so it has no text of its own.
    const picture = create('img', {
      src: product.card,
      alt: '',
      loading: position < 8 ? 'eager' : 'lazy',
      decoding: 'async',
    })
    return create(
      'li',
      {},
      create(
        'a',
        { class: 'card', href: productLink(catalogue.name, product.id) },
        create('span', { class: 'tile' }, picture),
        create('span', { class: 'card-title' }, product.title),
        create('span', { class: 'card-note' }, product.price ? priceText(product) : product.type),
      ),
    )
  }
}

/** The lowest price, marked as such where variants cost more. */
export function priceText({ price = '', variants }: ShopProduct): string {
  return pricesDiffer(variants) ? `From ${formatPrice(price)}` : formatPrice(price)
}

export function pricesDiffer(variants: readonly Variant[]): boolean {
  return new Set(variants.map((variant) => variant.price)).size > 1
}

function shelves(catalogue: ShopCatalogue, current: string | null): HTMLElement {
  const types = [...new Set(catalogue.products.map((product) => product.type))]
  const link = (type: string | null) =>
    create(
      'li',
      {},
      create(
        'a',
        { href: gridLink(catalogue.name, type), 'aria-current': type === current ? 'true' : null },
        type ?? ALL,
      ),
    )
  return create(
    'nav',
    { class: 'shelves', 'aria-label': 'Shelves' },
    create('ul', {}, link(null), ...types.map(link)),
  )
}
