import type { Hit, Progress, RankedList } from '../../types.js'
import type { SettingsElement } from '../settings-element.js'
import type { Appearance } from '../words/appearance.js'
import { PriceClock } from './price-clock.js'
import { replaceBrokenPicture } from './render-card.js'
import { stableOrder } from './stable-order.js'
import { type ElementState, initialState, type StateInput, shownList, transition } from './state.js'
import { View } from './view.js'
import { ImpressionObserver } from './visibility.js'

/** What the shelf reports to the element. */
export interface ShelfEvents {
  /** A card was activated; false keeps the browser from following its link. */
  select(hit: Hit, list: RankedList, click: MouseEvent): boolean
  impression(hit: Hit, list: RankedList): void
}

/** What the element shows: the state, the cards in the order in which the shopper has them, and the view of both. */
export class Shelf {
  readonly #settings: SettingsElement
  readonly #appearance: () => Appearance
  readonly #events: ShelfEvents
  readonly #view: View
  #state: ElementState = initialState
  #hits: readonly Hit[] = []
  #progress: Progress | null = null
  #impressions: ImpressionObserver | null = null
  #prices: PriceClock | null = null
  /** Of the question. */
  #limit = 0
  /** Ids of the products that were reported as seen since the question was put. */
  readonly #seen = new Set<string>()

  constructor(
    settings: SettingsElement,
    appearance: () => Appearance,
    root: ShadowRoot,
    events: ShelfEvents,
  ) {
    this.#settings = settings
    this.#appearance = appearance
    this.#events = events
    this.#view = new View(root)
  }

  get state(): ElementState {
    return this.#state
  }

  /** The list on the screen, with the cards in their order there. */
  get list(): RankedList | null {
    const list = this.#state.name === 'empty' ? this.#state.list : shownList(this.#state)
    return list && { ...list, hits: this.#hits }
  }

  get heading(): string {
    return this.#settings.heading || this.#appearance().heading
  }

  /** The entry of the photo search. */
  get photoButton(): HTMLButtonElement {
    return this.#view.photoButton
  }

  /** Listens until the signal aborts. `onChange` is called when `refresh` may show something else. */
  connect(onChange: () => void, signal: AbortSignal): void {
    const { list, fallback, carousel } = this.#view
    carousel.connect(signal)
    this.#impressions = new ImpressionObserver((card) => this.#reportImpression(card), signal)
    this.#prices = new PriceClock(() => this.#render(), signal)
    list.addEventListener('click', (event) => this.#select(event), { signal })
    list.addEventListener('auxclick', (event) => event.button === 1 && this.#select(event), { signal })
    list.addEventListener('error', replaceBrokenPicture, { capture: true, signal })
    // The order is held while somebody is at the list, and brought up to date afterwards.
    list.addEventListener('pointerleave', onChange, { signal })
    // From card to card the focus stays at the list; to reorder before the next card has it would lose it.
    const leave = ({ relatedTarget }: FocusEvent) => list.contains(relatedTarget as Node | null) || onChange()
    list.addEventListener('focusout', leave, { signal })
    fallback.addEventListener('slotchange', onChange, { signal })
  }

  /** Another question, for so many cards, is being put: what was counted and measured for the last one is over. */
  restart(limit: number): void {
    this.#limit = limit
    this.#progress = null
    this.#seen.clear()
  }

  enter(input: StateInput): void {
    this.#state = transition(this.#state, input)
    if (!shownList(this.#state)) this.#hits = []
    this.#render()
  }

  /** Whether a newer answer says anything else than the one that is shown. The same list again is not worth an event. */
  isNews(list: RankedList): boolean {
    const known = 'list' in this.#state ? this.#state.list : null
    const said = ({ hits, complete }: RankedList) => JSON.stringify([hits, complete])
    return !known || said(known) !== said(list)
  }

  /** Shows a list: the first answer to a question, or a newer one. */
  show(list: RankedList, isFirst: boolean): void {
    this.#state = transition(this.#state, { type: 'list', list })
    if (isFirst) {
      this.#hits = []
      this.#view.carousel.rewind()
    }
    this.#arrange(list)
    this.#render()
  }

  showProgress(progress: Progress): void {
    if (progress.phase !== 'index') return
    this.#progress = progress
    this.#view.renderProgress(this.#state, progress)
  }

  /** Follows the settings, and the newest list where it was held back. True when other cards are shown then. */
  refresh(): boolean {
    const before = this.#hits
    if (this.#state.name === 'ready') this.#arrange(this.#state.list)
    this.#render()
    return !sameOrder(before, this.#hits)
  }

  /** Puts a newer list behind the cards that the shopper has before them. */
  #arrange(list: RankedList): void {
    const held = this.#hits.length > 0 ? this.#view.carousel.held : 0
    this.#hits = stableOrder(this.#hits, list.hits, held, this.#limit)
  }

  #render(): void {
    this.#view.render({
      state: this.#state,
      hits: this.#hits,
      list: this.#appearance().list,
      heading: this.heading,
      headingLevel: this.#settings.headingLevel,
      photoSearch: this.#settings.photoSearch,
      progress: this.#progress,
      limit: this.#limit,
    })
    this.#prices?.watch(this.#hits.map(({ product }) => product))
    const unseen = this.#hits.filter((hit) => !this.#seen.has(hit.product.id))
    const isCurrent = this.#state.name === 'ready'
    this.#impressions?.watch(isCurrent ? unseen.map((hit) => this.#view.cards.elementOf(hit)) : [])
  }

  #reportImpression(card: Element): void {
    const hit = this.#view.cards.hitOf(card)
    const { list } = this
    if (!hit || !list) return
    this.#seen.add(hit.product.id)
    this.#events.impression(hit, list)
  }

  #select(event: MouseEvent): void {
    const card = (event.target as Element).closest('a[href], [part~="card"]')?.closest('li')
    const hit = card && this.#view.cards.hitOf(card)
    const { list } = this
    if (hit && list && !this.#events.select(hit, list, event)) event.preventDefault()
  }
}

function sameOrder(a: readonly Hit[], b: readonly Hit[]): boolean {
  return a.length === b.length && a.every((hit, index) => hit.product.id === b[index]?.product.id)
}
