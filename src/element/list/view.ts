import type { Hit, Progress } from '../../types.js'
import { createElement, createIcon } from '../create-element.js'
import { Carousel } from './carousel.js'
import { renderSkeletonCard } from './render-card.js'
import { CardList, type ListContext } from './render-list.js'
import { type ElementState, shownList } from './state.js'

/** Everything the view depends on. */
export interface ViewModel {
  readonly state: ElementState
  /** The cards to show, in their order on the screen. */
  readonly hits: readonly Hit[]
  readonly list: ListContext
  readonly heading: string
  readonly headingLevel: number
  readonly photoSearch: boolean
  readonly progress: Progress | null
  readonly limit: number
}

/** More than fit on any screen need no skeleton. */
const maxSkeletons = 8
const cameraPath = 'M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4zM12 16.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5z'
const unseen = 'script, style, template, noscript'

/** The shadow tree: built once, then brought in line with the model. */
export class View {
  readonly cards: CardList
  readonly carousel: Carousel
  readonly list = createElement('ol', {
    class: 'list',
    part: 'list',
    // Safari takes the list role away with `list-style: none`.
    // Firefox stops at boxes that scroll before their content; here the cards are what is walked.
    attributes: { role: 'list', id: 'list', tabindex: '-1' },
  })
  /** The shop's own content, shown while there is no list. */
  readonly fallback = createElement('slot')

  readonly photoButton = createElement(
    'button',
    {
      class: 'photo-button',
      part: 'photo-search',
      attributes: { type: 'button', 'aria-haspopup': 'dialog' },
    },
    createIcon(cameraPath),
    createElement('span'),
  )

  readonly #heading = createElement('slot', { attributes: { name: 'heading' } })
  readonly #previous = renderButton('previous', 'M15 5l-7 7 7 7')
  readonly #next = renderButton('next', 'M9 5l7 7-7 7')
  readonly #controls = createElement('div', { class: 'controls needless' }, this.#previous, this.#next)
  readonly #progressBar = createElement('span')
  readonly #progress = createElement(
    'div',
    { class: 'progress done', part: 'progress', attributes: { role: 'progressbar' } },
    this.#progressBar,
  )
  readonly #skeleton = createElement('div', {
    class: 'list skeleton',
    part: 'skeleton',
    attributes: { 'aria-hidden': 'true' },
  })
  readonly #section = createElement(
    'section',
    { part: 'section', attributes: { 'aria-labelledby': 'heading' } },
    createElement(
      'header',
      {},
      createElement('div', { class: 'heading', attributes: { id: 'heading' } }, this.#heading),
      this.photoButton,
      this.#controls,
    ),
    this.#progress,
    createElement('div', { class: 'shelf' }, this.list, this.#skeleton),
  )
  readonly #empty = renderMessage('empty')
  readonly #error = renderMessage('error')
  readonly #fallbackBox = createElement('div', { class: 'fallback' }, this.#empty, this.#error, this.fallback)

  constructor(root: ShadowRoot) {
    this.cards = new CardList(this.list)
    this.carousel = new Carousel({
      list: this.list,
      controls: this.#controls,
      previous: this.#previous,
      next: this.#next,
    })
    root.append(createElement('div', { class: 'stage' }, this.#section, this.#fallbackBox))
  }

  render(model: ViewModel): void {
    const { state } = model
    const showsList = shownList(state) !== null
    const pending = state.name === 'loading' || (state.name === 'idle' && state.expectant)
    const fallbackInstead = !showsList && this.hasFallback

    // While the shop's fallback is on the screen, the section already takes its place, unseen: no layout shift later.
    this.#section.hidden = !showsList && !pending
    this.#section.classList.toggle('reserved', pending && fallbackInstead)
    this.#section.setAttribute('aria-busy', String(state.name === 'loading'))
    this.#fallbackBox.hidden = showsList || (pending && !fallbackInstead)
    this.#empty.hidden = state.name !== 'empty'
    this.#error.hidden = state.name !== 'error'

    this.#renderHeading(model)
    this.photoButton.hidden = !model.photoSearch
    const label = model.list.strings.photoSearch
    if (this.photoButton.textContent !== label) this.photoButton.lastElementChild?.replaceChildren(label)
    this.renderProgress(state, model.progress)
    this.#renderSkeleton(pending && !showsList, state.name === 'loading', model.limit)
    this.list.classList.toggle('stale', state.name === 'loading')
    this.cards.render(model.hits, model.list)
    this.carousel.refresh()
  }

  /** Whether the shop put anything into the element that can be seen: a feed in a script cannot. */
  get hasFallback(): boolean {
    return this.fallback
      .assignedNodes()
      .some((node) => (node instanceof Element ? !node.matches(unseen) : node.textContent?.trim()))
  }

  #renderHeading({ heading, headingLevel, list }: ViewModel): void {
    const tag = `h${headingLevel}` as 'h2'
    if (this.#heading.firstElementChild?.localName !== tag) {
      this.#heading.replaceChildren(createElement(tag, { part: 'heading' }))
    }
    const element = this.#heading.firstElementChild
    if (element && element.textContent !== heading) element.textContent = heading
    this.#previous.setAttribute('aria-label', list.strings.previous)
    this.#next.setAttribute('aria-label', list.strings.next)
    this.#progress.setAttribute('aria-label', list.strings.progress)
  }

  /** Only this part, for reports that come many times a second. */
  renderProgress(state: ElementState, progress: Progress | null): void {
    const list = shownList(state)
    const indexing = list ? !list.complete : state.name === 'loading'
    this.#progress.classList.toggle('done', !indexing)
    const fraction = progress && progress.total > 0 ? progress.loaded / progress.total : null
    if (fraction === null) this.#progress.removeAttribute('aria-valuenow')
    else this.#progress.setAttribute('aria-valuenow', String(Math.round(fraction * 100)))
    this.#progressBar.style.setProperty('--_progress', String(fraction ?? 0))
  }

  #renderSkeleton(visible: boolean, busy: boolean, limit: number): void {
    const count = Math.min(limit, maxSkeletons)
    while (this.#skeleton.childElementCount > count) this.#skeleton.lastElementChild?.remove()
    while (this.#skeleton.childElementCount < count) this.#skeleton.append(renderSkeletonCard())
    this.#skeleton.classList.toggle('visible', visible)
    this.#skeleton.classList.toggle('busy', busy)
  }
}

function renderButton(part: string, icon: string): HTMLButtonElement {
  const attributes = { type: 'button', 'aria-controls': 'list' }
  return createElement('button', { class: 'control', part, attributes }, createIcon(icon))
}

function renderMessage(name: 'empty' | 'error'): HTMLElement {
  return createElement('div', { part: name }, createElement('slot', { attributes: { name } }))
}
