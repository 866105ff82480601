import { priceAt } from '../../catalog/price.js'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import type { Hit } from '../../types.js'
import { createElement } from '../create-element.js'
import { focusedIn } from '../focus.js'
import { type CardContext, type CardRenderer, cardParts } from './render-card.js'

export interface ListContext extends CardContext {
  readonly renderCard: CardRenderer | null
  readonly onRenderError: (error: SimilarItemsError) => void
  /** What stands below a card, in the same list item. */
  readonly renderBelow?: (hit: Hit) => Node
}

interface Item {
  readonly element: HTMLLIElement
  /** What the card was drawn from; drawn again when it differs. */
  readonly source: string
  readonly context: ListContext
  hit: Hit
}

/** The list's items by product: a product that stays keeps its node, its loaded picture and its focus. */
export class CardList {
  readonly #list: HTMLOListElement
  #items = new Map<string, Item>()

  constructor(list: HTMLOListElement) {
    this.#list = list
  }

  /** Shows these hits, in this order. Pass the same context object as long as nothing in it changes. */
  render(hits: readonly Hit[], context: ListContext): void {
    const items = new Map<string, Item>()
    for (const hit of hits) items.set(hit.product.id, this.#item(hit, context))
    this.#items = items
    place(
      this.#list,
      [...items.values()].map((item) => item.element),
    )
  }

  /** The list item of a hit that was rendered last. */
  elementOf(hit: Hit): HTMLLIElement {
    const item = this.#items.get(hit.product.id)
    if (!item) throw new RangeError(`product "${hit.product.id}" is not in the list`)
    return item.element
  }

  /** The hit whose list item this is. */
  hitOf(element: Element): Hit | undefined {
    for (const item of this.#items.values()) if (item.element === element) return item.hit
    return undefined
  }

  #item(hit: Hit, context: ListContext): Item {
    const { product, score, rank } = hit
    const price = priceAt(product, Date.now())
    const source = JSON.stringify([product, price, context.renderCard ? [score, rank] : null])
    const known = this.#items.get(product.id)
    if (known?.source === source && known.context === context) {
      known.hit = hit
      return known
    }
    const element = known?.element ?? createElement('li', { class: 'item', part: 'item' })
    redraw(element, [drawCard(hit, context), ...(context.renderBelow ? [context.renderBelow(hit)] : [])])
    return { element, source, context, hit }
  }
}

/** The element inside a list item that takes the focus. */
export function focusTarget(item: Element | undefined): HTMLElement | null {
  return item?.querySelector<HTMLElement>('a[href], button, [tabindex="0"]') ?? null
}

function drawCard(hit: Hit, context: ListContext): Node {
  const parts = cardParts(hit.product, context)
  if (!context.renderCard) return parts.card()
  try {
    const card: unknown = context.renderCard(hit, parts)
    if (card instanceof Node) return card
    throw new SimilarItemsError('invalid-argument', 'renderCard must return a Node (not a promise).')
  } catch (cause) {
    context.onRenderError(renderError(cause, hit))
    return parts.card()
  }
}

function renderError(cause: unknown, hit: Hit): SimilarItemsError {
  if (isSimilarItemsError(cause)) return cause
  const message = `renderCard failed for product "${hit.product.id}"; the standard card is shown instead.`
  return new SimilarItemsError('invalid-argument', message, { cause, subject: hit.product.id })
}

/** Replaces a card without losing the focus inside it. */
function redraw(item: HTMLLIElement, content: readonly Node[]): void {
  const hadFocus = focusedIn(item) !== null
  item.replaceChildren(...content)
  if (hadFocus) focusTarget(item)?.focus({ preventScroll: true })
}

/**
 * Brings the list's children into this order. From the first difference on, every item is inserted anew: an item that
 * is only pushed along counts as a layout shift, an item that is inserted does not.
 */
function place(list: HTMLOListElement, elements: readonly HTMLLIElement[]): void {
  const keep = new Set<Element>(elements)
  for (const child of [...list.children]) if (!keep.has(child)) child.remove()
  const firstDifference = elements.findIndex((element, index) => list.children[index] !== element)
  if (firstDifference < 0) return
  const focused = focusedIn(list)
  list.append(...elements.slice(firstDifference))
  if (focused && focusedIn(list) !== focused) focused.focus({ preventScroll: true })
}
