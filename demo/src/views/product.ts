import type { ShopCatalogue, ShopProduct, Variant } from '../catalogue.js'
import { create } from '../dom.js'
import { formatPrice } from '../format.js'
import { gridLink } from '../route.js'
import { pricesDiffer, priceText, productGrid } from './grid.js'

const AVAILABILITY: Record<string, string> = { in_stock: 'In stock', out_of_stock: 'Sold out' }

/** The upper part of a product page: where it stands in the shop, its photo, and what there is to say about it. */
export function productView(catalogue: ShopCatalogue, product: ShopProduct): HTMLElement[] {
  const picture = create('img', {
    src: product.photo,
    alt: product.title,
    decoding: 'async',
    fetchpriority: 'high',
  })
  return [
    create(
      'nav',
      { class: 'crumbs', 'aria-label': 'Breadcrumb' },
      create(
        'ol',
        {},
        create('li', {}, create('a', { href: gridLink(catalogue.name) }, 'Everything')),
        create('li', {}, create('a', { href: gridLink(catalogue.name, product.type) }, product.type)),
      ),
    ),
    create(
      'article',
      { class: 'product' },
      create('div', { class: 'product-photo', 'data-cutouts': catalogue.cutouts }, picture),
      create(
        'div',
        { class: 'product-text' },
        product.brand ? create('p', { class: 'brand' }, product.brand) : null,
        create('h1', {}, product.title),
        product.price ? create('p', { class: 'price' }, priceText(product)) : null,
        product.description ? create('p', { class: 'description' }, product.description) : null,
        priceList(product),
        facts(catalogue, product),
      ),
    ),
  ]
}

/** What stands in the element until there are results: cards that a shop's server would have written. */
export function sameShelf(catalogue: ShopCatalogue, product: ShopProduct): HTMLElement {
  const others = catalogue.products.filter(({ id, type }) => type === product.type && id !== product.id)
  return create(
    'div',
    { class: 'fallback' },
    create('h2', {}, others.length > 0 ? `More in ${product.type}` : ''),
    productGrid(catalogue, others.slice(0, 5)),
  )
}

/** Versions with prices of their own; others are one of the facts. */
function priceList({ variants }: ShopProduct): HTMLElement | null {
  if (!pricesDiffer(variants)) return null
  const row = ({ name, price }: Variant) =>
    create('li', {}, create('span', {}, name), create('span', {}, formatPrice(price)))
  return create('ul', { class: 'variants', 'aria-label': 'Versions' }, ...variants.map(row))
}

function facts(catalogue: ShopCatalogue, product: ShopProduct): HTMLElement {
  const rows: [name: string, value: string | undefined][] = [
    ['Availability', product.availability && AVAILABILITY[product.availability]],
    [
      'Versions',
      pricesDiffer(product.variants) ? undefined : product.variants.map(({ name }) => name).join(', '),
    ],
    ['Colour', product.color],
    ['Photo', product.photographer && `${product.photographer}, Unsplash`],
    ['Picture', catalogue.cutouts ? 'Fluent Emoji 3D, MIT licence' : undefined],
  ]
  const list = create('dl', { class: 'facts' })
  for (const [name, value] of rows) if (value) list.append(create('dt', {}, name), create('dd', {}, value))
  return list
}
