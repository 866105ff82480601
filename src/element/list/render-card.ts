import { readAvailability } from '../../catalog/availability.js'
import { priceAt } from '../../catalog/price.js'
import type { Hit, Product } from '../../types.js'
import { createElement, createIcon } from '../create-element.js'
import type { ElementStrings } from '../words/strings.js'

/** Draws one card. Called again when its product changes. A node must be returned, not a promise of one. */
export type CardRenderer = (hit: Hit, parts: CardParts) => Node

/** The pieces of the standard card, for a renderer that wants to keep some of them. Each call makes a new node. */
export interface CardParts {
  /** The whole standard card: a link, or a button for a product without one. */
  card(): HTMLElement
  /** An empty link to the product, or a button. A click on it is a selection (`si-select`). */
  link(): HTMLElement
  /** The picture in its frame; a neutral placeholder replaces a picture that does not load. */
  image(): HTMLElement
  /** The formatted prices, or null where the product has none. */
  price(): HTMLElement | null
  /** "Out of stock" and the like, placed in the upper corner of a card; null for a product in stock. */
  note(): HTMLElement | null
  /** A feed price such as `"24.90 EUR"` in the language of the page. */
  formatPrice(text: string): string
}

export interface CardContext {
  readonly strings: ElementStrings
  readonly formatPrice: (text: string) => string
}

const picturePath = 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01'

export function cardParts(product: Product, { strings, formatPrice }: CardContext): CardParts {
  const link = () => renderLink(product)
  const image = () => renderImage(product)
  const price = () => renderPrice(product, strings, formatPrice)
  const note = () => renderNote(product, strings)
  const card = () => {
    const element = link()
    // The note comes last, so that a screen reader begins with what the product is.
    element.append(...[image(), renderText(product, price()), note()].filter((part) => part !== null))
    return element
  }
  return { card, link, image, price, note, formatPrice }
}

/** For `error` events, captured: puts a placeholder in the place of a card's picture that did not load. */
export function replaceBrokenPicture({ target }: Event): void {
  if (target instanceof HTMLImageElement && target.parentElement?.matches('.image')) {
    target.replaceWith(createIcon(picturePath))
  }
}

/** A card's place while there is nothing to put into it: as high as a card, empty for assistive technology. */
export function renderSkeletonCard(): HTMLElement {
  const bars = ['short', 'long', 'short'].map((length) => createElement('span', { class: `bar ${length}` }))
  return createElement(
    'div',
    { class: 'card' },
    createElement('span', { class: 'image' }),
    createElement('span', { class: 'text' }, ...bars),
  )
}

function renderLink(product: Product): HTMLElement {
  if (product.link === undefined) {
    return createElement('button', { class: 'card', part: 'card', attributes: { type: 'button' } })
  }
  return createElement('a', { class: 'card', part: 'card', attributes: { href: product.link } })
}

function renderImage(product: Product): HTMLElement {
  // The title stands beside it, so the picture itself has nothing to add for a screen reader. The referrer follows
  // the page's own policy, as for every other picture of the shop.
  const image = createElement('img', {
    attributes: { alt: '', loading: 'lazy', decoding: 'async', draggable: 'false', src: product.image_link },
  })
  return createElement('span', { class: 'image', part: 'image' }, image)
}

function renderNote(product: Product, strings: ElementStrings): HTMLElement | null {
  const text = availabilityNote(product, strings)
  return text === null ? null : createElement('span', { class: 'note', part: 'note' }, text)
}

function renderText(product: Product, price: HTMLElement | null): HTMLElement {
  const brand = product.brand
    ? createElement('span', { class: 'brand', part: 'brand' }, isolated(product.brand))
    : null
  const title = createElement('span', { class: 'title', part: 'title' }, isolated(product.title))
  return createElement('span', { class: 'text' }, brand, title, price)
}

function renderPrice(
  product: Product,
  strings: ElementStrings,
  formatPrice: (text: string) => string,
): HTMLElement | null {
  const texts = priceAt(product, Date.now())
  if (!texts) return null
  const price = createElement('span', { class: 'price', part: 'price' })
  const current = isolated(formatPrice(texts.current))
  if (texts.original === undefined) {
    price.append(current)
    return price
  }
  price.append(
    createElement('span', { class: 'hidden' }, `${strings.salePrice} `),
    current,
    createElement('span', { class: 'hidden' }, ` ${strings.originalPrice} `),
    createElement('s', {}, isolated(formatPrice(texts.original))),
  )
  return price
}

function availabilityNote({ availability }: Product, strings: ElementStrings): string | null {
  switch (readAvailability(availability ?? '')) {
    case 'out_of_stock':
      return strings.outOfStock
    case 'preorder':
      return strings.preorder
    case 'backorder':
      return strings.backorder
    default:
      return null
  }
}

/** A title in another script than the page's keeps its own direction without disturbing its neighbours. */
function isolated(text: string): HTMLElement {
  return createElement('bdi', {}, text)
}
