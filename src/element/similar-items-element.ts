import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import type { Hit, Progress, RankedList } from '../types.js'
import { announce, prepareAnnouncements } from './announcer.js'
import type { LoadingMode } from './attributes.js'
import { CustomStates } from './custom-states.js'
import { EngineConnection } from './engine-connection.js'
import { SiErrorEvent, SiImpressionEvent, SiProgressEvent, SiResultsEvent, SiSelectEvent } from './events.js'
import { InlineFeed } from './inline-feed.js'
import { languageOf } from './language.js'
import { priceFormatter } from './price.js'
import { type Query, queryOptions, readQuery, sameQuery } from './query.js'
import { rankedLists } from './ranked-lists.js'
import { showPlaceholder } from './render-card.js'
import type { ListContext } from './render-list.js'
import { SettingsElement } from './settings-element.js'
import { stableOrder } from './stable-order.js'
import {
  type ElementState,
  initialState,
  type StateInput,
  type StateName,
  shownList,
  transition,
} from './state.js'
import { type ElementStrings, stringsFor } from './strings.js'
import { adoptStyles } from './styles.js'
import { View } from './view.js'
import { ImpressionObserver, whenToLoad } from './visibility.js'

/**
 * Shows the products of a catalogue that look similar to one of them.
 *
 * @tagname similar-items
 *
 * @attr {string} catalog - URL of the product feed (JSON, Google Merchant attribute names). The property also takes
 *   an array of items. Without either, a `<script type="application/json">` child is the feed.
 * @attr {string} item - Id of the product whose similar products are shown.
 * @attr {string} model - URL of the model folder. Default: the engine's.
 * @attr {string} assets - URL of the folder with the worker and ONNX Runtime. Default: the folder of this script.
 * @attr {number} limit - The most products to show. Default 12.
 * @attr {number} min-score - The least cosine similarity of a product that is shown, -1 to 1. Default -1.
 * @attr {number} diversity - 0 ranks by similarity alone, 1 by novelty alone. Default 0.
 * @attr {string} heading - Text of the heading. Default: "Similar items" in the language of the page.
 * @attr {number} heading-level - Level of the heading, 1 to 6. Default 2.
 * @attr {'auto' | 'lazy' | 'eager'} loading - When the work begins: `eager` at once, `lazy` near the viewport, `auto`
 *   (default) once the page is idle if the element is on the screen from the start, otherwise as `lazy`.
 *
 * @fires {SiResultsEvent} si-results - A list, or a newer one, is on the screen.
 * @fires {SiSelectEvent} si-select - A card was activated. Cancelable: the link is then not followed.
 * @fires {SiImpressionEvent} si-impression - Half of a card was visible for one second; once per card and query.
 * @fires {SiProgressEvent} si-progress - Something is being downloaded or indexed.
 * @fires {SiErrorEvent} si-error - Something failed. Cancelable: it is then not written to the console.
 *
 * @slot - Shown until there are results, and when there are none or something failed.
 * @slot heading - Replaces the heading.
 * @slot empty - Shown in addition to the default slot when nothing is similar.
 * @slot error - Shown in addition to the default slot when something failed.
 *
 * @csspart section - Everything but the slots above.
 * @csspart heading - The heading.
 * @csspart previous - The button that scrolls back.
 * @csspart next - The button that scrolls on.
 * @csspart progress - The line that grows while the catalogue is being indexed.
 * @csspart list - The scrolling list.
 * @csspart item - A list item.
 * @csspart card - The link or button in a list item.
 * @csspart image - The frame of the picture.
 * @csspart note - "Out of stock" and the like, on the picture.
 * @csspart brand - The brand.
 * @csspart title - The title.
 * @csspart price - The prices.
 * @csspart skeleton - The placeholder cards.
 * @csspart empty - Around the `empty` slot.
 * @csspart error - Around the `error` slot.
 *
 * @cssproperty --si-columns - How many cards fit next to each other; fractions let the next one peep in.
 * @cssproperty --si-card-width - Width of a card, in place of `--si-columns`.
 * @cssproperty --si-card-lines - Lines of text for which a card keeps room. Default 4.
 * @cssproperty --si-gap - Space between cards.
 * @cssproperty --si-radius - Corner radius of pictures.
 * @cssproperty --si-image-ratio - Aspect ratio of pictures. Default 1.
 * @cssproperty --si-image-fit - `object-fit` of pictures. Default `cover`.
 * @cssproperty --si-text - Colour of text. Default: that of the page.
 * @cssproperty --si-muted - Colour of less important text.
 * @cssproperty --si-surface - Colour behind pictures and of placeholders.
 * @cssproperty --si-accent - Colour of the focus ring and of the progress line.
 *
 * @cssstate loading - Waiting for the first results.
 * @cssstate ready - Results are on the screen.
 * @cssstate empty - Nothing is similar.
 * @cssstate error - Something failed.
 */
export class SimilarItemsElement extends SettingsElement {
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #customStates = new CustomStates(this.attachInternals())
  readonly #view = new View(this.#root)
  readonly #feed = new InlineFeed()
  readonly #engine = new EngineConnection()

  #state: ElementState = initialState
  #hits: readonly Hit[] = []
  #progress: Progress | null = null
  #appearance: Appearance | null = null

  /** From connection to removal. */
  #connection: AbortController | null = null
  #impressions: ImpressionObserver | null = null
  /** Whether the moment to load has come since the element was connected. */
  #begun = false

  /** From one question to the next. */
  #asking: AbortController | null = null
  #query: Query | null = null
  #waitingFor: LoadingMode | null = null
  #feedError: SimilarItemsError | null = null
  #seen = new Set<string>()
  #announced = false

  /** What the element is in the middle of. */
  get state(): StateName {
    return this.#state.name
  }

  /** The list on the screen, or null. */
  get results(): RankedList | null {
    const list = shownList(this.#state)
    return list && { ...list, hits: this.#hits }
  }

  /** Asks again, for example after an error. */
  refresh(): void {
    this.#query = null
    this.#feedError = null
    this.scheduleUpdate()
  }

  /** Styles belong to a document. */
  adoptedCallback(): void {
    adoptStyles(this.#root)
  }

  protected update(): void {
    if (!this.isConnected) {
      this.#disconnect()
      return
    }
    if (!this.#connection) this.#connect()
    this.#ask()
    if (this.#state.name === 'ready' && this.#arrange(this.#state.list)) this.#reportResults()
    this.#render()
  }

  #connect(): void {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    const { list, fallback, carousel } = this.#view
    adoptStyles(this.#root)
    prepareAnnouncements(this.ownerDocument)
    carousel.connect(signal)
    this.#impressions = new ImpressionObserver((card) => this.#reportImpression(card), signal)
    const update = () => this.scheduleUpdate()
    list.addEventListener('click', (event) => this.#select(event), { signal })
    list.addEventListener('auxclick', (event) => event.button === 1 && this.#select(event), { signal })
    list.addEventListener('error', replaceBrokenPicture, { capture: true, signal })
    // The order is held while somebody is at the list, and brought up to date afterwards.
    list.addEventListener('pointerleave', update, { signal })
    list.addEventListener('focusout', update, { signal })
    fallback.addEventListener('slotchange', update, { signal })
    this.ownerDocument.addEventListener('DOMContentLoaded', update, { signal })
  }

  #disconnect(): void {
    this.#connection?.abort()
    this.#asking?.abort()
    this.#connection = null
    this.#impressions = null
    this.#begun = false
    this.#query = null
    this.#engine.release()
  }

  /** Puts the question that the settings ask now, unless it is the one being answered. */
  #ask(): void {
    // The parser may not have reached the end of an inline feed.
    const feed = this.ownerDocument.readyState === 'loading' ? null : this.#feed.read(this)
    const feedError = feed && 'error' in feed && this.catalog === '' ? feed.error : null
    const query = readQuery(this, feed && 'items' in feed ? feed.items : null)
    const sameMoment = this.#begun || this.loading === this.#waitingFor
    const same = query && this.#query ? sameQuery(query, this.#query) && sameMoment : query === this.#query
    if (same && feedError === this.#feedError) return

    this.#asking?.abort()
    this.#query = query
    this.#feedError = feedError
    this.#progress = null
    this.#announced = false
    this.#seen.clear()
    if (query) {
      this.#asking = new AbortController()
      void this.#follow(query, this.#asking.signal)
      return
    }
    this.#engine.release()
    if (feedError) this.#fail(feedError)
    else this.#enter({ type: 'unset' })
  }

  async #follow(query: Query, signal: AbortSignal): Promise<void> {
    try {
      if (!this.#begun) {
        this.#waitingFor = this.loading
        this.#enter({ type: 'wait' })
        await whenToLoad(this, this.loading, signal)
        this.#begun = true
      }
      this.#enter({ type: 'ask' })
      this.#render()
      const engine = await this.#engine.open(query)
      signal.throwIfAborted()
      engine.addEventListener('progress', (event) => this.#showProgress(event.progress), { signal })
      let isFirst = true
      for await (const list of rankedLists(engine, query.item, queryOptions(query), signal)) {
        signal.throwIfAborted()
        this.#show(list, isFirst)
        isFirst = false
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  #show(list: RankedList, isFirst: boolean): void {
    if (isFirst) this.#hits = []
    this.#enter({ type: 'list', list })
    this.#arrange(list)
    this.#render()
    if (isFirst) this.#view.carousel.rewind()
    this.#reportResults()
  }

  /** Puts the newer list under what the shopper is looking at. True when that changed the cards. */
  #arrange(list: RankedList): boolean {
    const before = this.#hits
    const held = before.length > 0 ? this.#view.carousel.held : 0
    this.#hits = stableOrder(before, list.hits, held, this.limit)
    return !sameOrder(before, this.#hits)
  }

  #enter(input: StateInput): void {
    this.#state = transition(this.#state, input)
    this.#customStates.set(this.#state.name)
    if (!shownList(this.#state)) this.#hits = []
  }

  #render(): void {
    const { list, strings } = this.#currentAppearance()
    this.#view.render({
      state: this.#state,
      hits: this.#hits,
      list,
      heading: this.heading || strings.heading,
      headingLevel: this.headingLevel,
      progress: this.#progress,
      limit: this.limit,
    })
    const isCurrent = this.#state.name === 'ready'
    const unseen = this.#hits.filter((hit) => !this.#seen.has(hit.product.id))
    this.#impressions?.watch(isCurrent ? unseen.map((hit) => this.#view.cards.elementOf(hit)) : [])
  }

  /** The same object until something in it changes: the cards are drawn anew for another one. */
  #currentAppearance(): Appearance {
    const language = languageOf(this)
    const known = this.#appearance
    if (
      known?.language === language &&
      known.own === this.strings &&
      known.list.renderCard === this.renderCard
    ) {
      return known
    }
    const strings = { ...stringsFor(language), ...this.strings }
    const list: ListContext = {
      strings,
      formatPrice: priceFormatter(language),
      renderCard: this.renderCard,
      onRenderError: (error) => this.#reportError(error),
    }
    this.#appearance = { language, own: this.strings, strings, list }
    return this.#appearance
  }

  #showProgress(progress: Progress): void {
    if (progress.phase === 'index') {
      this.#progress = progress
      this.#view.renderProgress(this.#state, progress)
    }
    this.#dispatch(new SiProgressEvent(progress))
  }

  #fail(cause: unknown): void {
    const message = 'The similar items could not be shown.'
    const error = isSimilarItemsError(cause)
      ? cause
      : new SimilarItemsError('invalid-argument', message, { cause })
    this.#enter({ type: 'fail', error })
    this.#render()
    this.#reportError(error)
  }

  #reportResults(): void {
    const list = shownList(this.#state) ?? (this.#state.name === 'empty' ? this.#state.list : null)
    if (!list || !this.#asking) return
    this.#dispatch(new SiResultsEvent(this.#hits, list))
    if (!list.complete || this.#announced || this.#hits.length === 0) return
    this.#announced = true
    const { strings } = this.#currentAppearance()
    const message = strings.found(this.#hits.length, this.heading || strings.heading)
    announce(this.ownerDocument, message, this.#asking.signal)
  }

  #reportImpression(card: Element): void {
    const hit = this.#view.cards.hitOf(card)
    const list = shownList(this.#state)
    if (!hit || !list) return
    this.#seen.add(hit.product.id)
    this.#dispatch(new SiImpressionEvent(hit, list.queryId))
  }

  #select(event: MouseEvent): void {
    const target = event.target as Element
    const item = target.closest('a[href], [part~="card"]')?.closest('li')
    const hit = item && this.#view.cards.hitOf(item)
    const list = shownList(this.#state)
    if (hit && list && !this.#dispatch(new SiSelectEvent(hit, list.queryId))) event.preventDefault()
  }

  #reportError(error: SimilarItemsError): void {
    if (this.#dispatch(new SiErrorEvent(error))) console.error('<similar-items>', error)
  }

  /** False when a listener called `preventDefault()`. A removed element is silent. */
  #dispatch(event: Event): boolean {
    return !this.isConnected || this.dispatchEvent(event)
  }
}

/** What cards and texts depend on besides the hits. */
interface Appearance {
  readonly language: string
  /** The shop's own strings, as they were set. */
  readonly own: Partial<ElementStrings>
  readonly strings: ElementStrings
  readonly list: ListContext
}

function replaceBrokenPicture({ target }: Event): void {
  if (target instanceof HTMLImageElement && target.parentElement?.matches('.image')) showPlaceholder(target)
}

function sameOrder(a: readonly Hit[], b: readonly Hit[]): boolean {
  return a.length === b.length && a.every((hit, index) => hit.product.id === b[index]?.product.id)
}

declare global {
  interface HTMLElementTagNameMap {
    'similar-items': SimilarItemsElement
  }
}
