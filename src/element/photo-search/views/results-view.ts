import type { Hit, Product, RankedList } from '../../../types.js'
import { createElement } from '../../create-element.js'
import { PriceClock } from '../../list/price-clock.js'
import { renderSkeletonCard, replaceBrokenPicture } from '../../list/render-card.js'
import { CardList, type ListContext } from '../../list/render-list.js'
import { ImpressionObserver } from '../../list/visibility.js'
import type { ElementStrings, PlainWord } from '../../words/strings.js'
import { type BandName, bandNames, bandOf, bandsOf, groupByBand } from '../search/score-bands.js'

interface ResultsViewEvents {
  /** A card was activated; false keeps the browser from following its link. */
  select(hit: Hit, click: MouseEvent): boolean
  impression(hit: Hit): void
  more(product: Product): void
  showMore(): void
}

/** More than fit on a screen need no skeleton. */
const skeletons = 6

interface Band {
  readonly name: BandName
  readonly root: HTMLElement
  readonly title: HTMLElement
  readonly cards: CardList
}

/** The products that were found, in bands of similarity. */
export class ResultsView {
  readonly #bands: readonly Band[] = bandNames.map(renderBand)
  readonly #verdict = createElement('p', { class: 'verdict' })
  readonly #tips = createElement('ul', { class: 'tips', attributes: { role: 'list' } })
  readonly #more = createElement('button', { class: 'pill', attributes: { type: 'button' } })
  readonly #skeleton = createElement('div', {
    class: 'grid skeleton-grid',
    attributes: { 'aria-hidden': 'true' },
  })
  readonly root = createElement(
    'div',
    { class: 'results', part: 'photo-results' },
    this.#verdict,
    this.#tips,
    ...this.#bands.map((band) => band.root),
    this.#skeleton,
    this.#more,
  )
  readonly #events: ResultsViewEvents
  readonly #impressions: ImpressionObserver
  readonly #prices: PriceClock
  /** Ids of the products that were reported as seen since the question was put. */
  readonly #seen = new Set<string>()
  #strings: ElementStrings | null = null
  #sentence: PlainWord = 'noneNear'
  #waits = false
  #list: RankedList | null = null
  #context: ListContext | null = null
  #source: ListContext | null = null

  constructor(events: ResultsViewEvents, signal: AbortSignal) {
    this.#events = events
    this.#impressions = new ImpressionObserver((card) => this.#reportImpression(card), signal)
    this.#prices = new PriceClock(() => this.#list && this.#draw(this.#list), signal)
    this.root.addEventListener('click', (event) => this.#select(event))
    this.root.addEventListener('auxclick', (event) => event.button === 1 && this.#select(event))
    this.root.addEventListener('error', replaceBrokenPicture, { capture: true })
    this.#more.addEventListener('click', () => events.showMore())
    this.#skeleton.append(...Array.from({ length: skeletons }, renderSkeletonCard))
    this.clear()
  }

  get list(): RankedList | null {
    return this.#list
  }

  render(strings: ElementStrings, context: ListContext): void {
    if (this.#source === context) return
    this.#source = context
    this.#context = { ...context, renderBelow: ({ product }) => this.#renderMore(product, strings) }
    for (const { name, title } of this.#bands) title.textContent = strings[name]
    this.#more.textContent = strings.showMore
    this.#strings = strings
    this.#drawVerdict()
    const tips = [strings.tipFrame, strings.tipWhole, strings.tipLight]
    this.#tips.replaceChildren(...tips.map((tip) => createElement('li', {}, tip)))
    if (this.#list) this.#draw(this.#list)
  }

  /** Another question is being answered; what is shown stays, dimmed. */
  wait(): void {
    this.#waits = true
    this.root.classList.add('stale')
    this.root.setAttribute('aria-busy', 'true')
    this.#skeleton.hidden = this.#list !== null && this.#list.hits.length > 0
    if (!this.#skeleton.hidden) this.#sayNothing()
  }

  /** @param isFiltered the shopper's filters left products out, which may be why there are few. */
  show(list: RankedList, { limit, isFiltered }: { limit: number; isFiltered: boolean }): void {
    // A newer answer to the same question has another queryId, too.
    if (this.#waits) this.#seen.clear()
    this.#waits = false
    this.settle()
    this.root.setAttribute('aria-busy', String(!list.complete))
    this.#list = list
    this.#draw(list)
    const best = list.hits[0]
    const isEmpty = !best && list.complete
    this.#skeleton.hidden = list.hits.length > 0 || list.complete
    this.#more.hidden = list.hits.length < limit
    this.#tips.hidden = !isEmpty || isFiltered
    const distant = best && list.complete && bandOf(best.score, bandsOf(list)).name === 'somewhatSimilar'
    this.#verdict.hidden = !isEmpty && !distant
    this.#sentence = distant ? 'onlyDistant' : isFiltered ? 'noneWithFilters' : 'noneNear'
    this.#drawVerdict()
  }

  /** The question was given up, or failed: what is shown is as good as it was. */
  settle(): void {
    this.root.classList.remove('stale')
    this.root.setAttribute('aria-busy', 'false')
    this.#skeleton.hidden = true
  }

  clear(): void {
    this.#list = null
    this.#prices.watch([])
    this.#seen.clear()
    this.settle()
    this.#sayNothing()
    for (const band of this.#bands) band.root.hidden = true
    if (this.#context) for (const band of this.#bands) band.cards.render([], this.#context)
  }

  #drawVerdict(): void {
    if (this.#strings) this.#verdict.textContent = this.#strings[this.#sentence]
  }

  #sayNothing(): void {
    this.#verdict.hidden = true
    this.#tips.hidden = true
    this.#more.hidden = true
  }

  #draw(list: RankedList): void {
    const context = this.#context
    if (!context) return
    const groups = groupByBand(list)
    for (const { name, root, cards } of this.#bands) {
      const hits = groups.get(name) ?? []
      root.hidden = hits.length === 0
      cards.render(hits, context)
    }
    this.#prices.watch(list.hits.map(({ product }) => product))
    const unseen = list.hits.filter(({ product }) => !this.#seen.has(product.id))
    this.#impressions.watch(unseen.map((hit) => this.#bandOf(hit, list).cards.elementOf(hit)))
  }

  #renderMore(product: Product, strings: ElementStrings): HTMLElement {
    const attributes = { type: 'button', 'aria-label': `${strings.moreLikeThis}: ${product.title}` }
    const button = createElement(
      'button',
      { class: 'more-like', part: 'more-like-this', attributes },
      strings.moreLikeThis,
    )
    button.addEventListener('click', () => this.#events.more(product))
    return button
  }

  #bandOf({ score }: Hit, list: RankedList): Band {
    const { name } = bandOf(score, bandsOf(list))
    return this.#bands.find((band) => band.name === name) as Band
  }

  #hitAt(item: Element): Hit | undefined {
    for (const { cards } of this.#bands) {
      const hit = cards.hitOf(item)
      if (hit) return hit
    }
    return undefined
  }

  #reportImpression(item: Element): void {
    const hit = this.#hitAt(item)
    if (!hit) return
    this.#seen.add(hit.product.id)
    this.#events.impression(hit)
  }

  #select(event: MouseEvent): void {
    const item = (event.target as Element).closest('a[href], [part~="card"]')?.closest('li')
    const hit = item && this.#hitAt(item)
    if (hit && !this.#events.select(hit, event)) event.preventDefault()
  }
}

function renderBand(name: BandName): Band {
  const title = createElement('h3', { class: 'band-title' })
  const list = createElement('ol', { class: 'grid', attributes: { role: 'list' } })
  const root = createElement('section', { class: `band ${name}`, part: 'band' }, title, list)
  return { name, root, title, cards: new CardList(list) }
}
