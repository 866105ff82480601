import type { SimilarityEngine } from '../engine/similarity-engine.js'
import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import type { EngineStatus, Progress, RankedList } from '../types.js'
import { adoptStyles } from './adopt-styles.js'
import type { LoadingMode } from './attributes.js'
import { CustomStates } from './custom-states.js'
import { EngineConnection } from './engine-connection.js'
import { SiErrorEvent, SiImpressionEvent, SiProgressEvent, SiResultsEvent, SiSelectEvent } from './events.js'
import { AssignmentReader } from './experiment/assignment-reader.js'
import { ListRecorder } from './experiment/list-recorder.js'
import { warnOfMissingProducts } from './list/missing-products.js'
import { Shelf } from './list/shelf.js'
import type { StateInput, StateName } from './list/state.js'
import { elementCss } from './list/styles.js'
import { whenToLoad } from './list/visibility.js'
import { loadAhead } from './load-code.js'
import type { PhotoInput } from './photo-search/photo/photo.js'
import { PhotoSearchEntry } from './photo-search/photo-search-entry.js'
import { InlineFeed } from './question/inline-feed.js'
import { engineSettings, type Query, queryOptions, readQuery, sameQuery } from './question/query.js'
import { engineList, hasOtherSource, neighborFileList } from './question/requested-lists.js'
import { worthTrying } from './question/worth-trying.js'
import { SettingsElement } from './settings-element.js'
import { prepareAnnouncements } from './words/announcer.js'
import { AppearanceReader } from './words/appearance.js'
import { ListAnnouncement } from './words/list-announcement.js'

/**
 * Shows the products of a catalogue that look similar to one of them.
 *
 * @tagname similar-items
 *
 * @attr {string} catalog - URL of the product feed (JSON, Google Merchant attribute names). The property also takes
 *   an array of items. Without either, a `<script type="application/json">` child is the feed.
 * @attr {string} neighbors - Address of neighbour files, with `{hash:n}` in it.
 * @attr {string} engine - URL of an engine on the shop's server (`similarHandler` of `similar-items/server`): lists come
 *   from there, and the vectors of photos go there. The property is `engineUrl`.
 * @attr {string} cells - URL of the `cells.json` that photos are ranked in, without their vectors leaving the page.
 * @attr {string} item - Id of the product whose similar products are shown.
 * @attr {string} model - URL of the model folder. Default: the engine's.
 * @attr {string} projection - URL of a projection that is applied to what the model computes. Default: none.
 * @attr {string} assets - URL of the folder with the worker and ONNX Runtime. Default: the folder of this script.
 * @attr {string} heic-decoder - URL of a module that decodes HEIC photos where the browser does not. Default: none.
 * @attr {number} [limit=12] - The most products to show, 1 to 1000.
 * @attr {number} [min-score=-1] - The least cosine similarity of a product that is shown, -1 to 1.
 * @attr {number} [diversity=0] - 0 ranks by similarity alone, 1 by novelty alone.
 * @attr {number} [per-group=1] - The most products with one `item_group_id` in a list, such as a lamp's colours.
 * @attr {string} heading - Text of the heading. Default: "Similar items" in the language of the page.
 * @attr {number} [heading-level=2] - Level of the heading in the page's outline, 1 to 6.
 * @attr {'auto' | 'lazy' | 'eager'} [loading=auto] - When the work begins: `eager` at once, `lazy` 200 px before the
 *   viewport, `auto` when the page is idle if the element is on the screen from the start, else as `lazy`.
 * @attr {'indexeddb' | 'memory'} [storage=indexeddb] - Where vectors are kept; `memory` leaves nothing on the device.
 * @attr {boolean} photo-search - Adds a button to the header that opens the photo search.
 * @attr {string} experiment - Name of the experiment that the element takes part in, with the properties `visitor` and
 *   `variants`.
 * @attr {'none' | 'ga4'} [analytics=none] - `ga4` pushes e-commerce events of Google Analytics 4 to the page's `dataLayer`.
 *
 * @fires {SiResultsEvent} si-results - A list, or a newer one, is on the screen.
 * @fires {SiSelectEvent} si-select - A card was activated. Cancelable: the link is then not followed.
 * @fires {SiImpressionEvent} si-impression - Half of a card was visible for one second; once per card and query.
 * @fires {SiExposureEvent} si-exposure - A list of an experiment came into view; once per list.
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
 * @csspart photo-search - The button that opens the photo search.
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
 * @csspart photo-dialog - The dialog of the photo search.
 *
 * @cssproperty --si-columns - Cards next to each other; fractions let the next one peep in. Default: 1.25 to 6, by width.
 * @cssproperty --si-card-width - Width of a card, in place of `--si-columns`.
 * @cssproperty [--si-card-lines=4] - Lines of text for which a card keeps room.
 * @cssproperty [--si-gap=0.75rem to 1.25rem] - Space between cards.
 * @cssproperty [--si-radius=0.5rem] - Corner radius of pictures.
 * @cssproperty [--si-image-ratio=1] - Aspect ratio of pictures.
 * @cssproperty [--si-image-fit=cover] - `object-fit` of pictures.
 * @cssproperty --si-text - Colour of text. Default: that of the page.
 * @cssproperty --si-muted - Colour of brand and former price. Default: from `--si-text`.
 * @cssproperty --si-surface - Colour behind pictures and of placeholders. Default: from `--si-text`.
 * @cssproperty --si-accent - Colour of the focus ring and of the progress line. Default: `--si-text`.
 * @cssstate idle - Nothing has been asked yet.
 * @cssstate loading - Waiting for the first results.
 * @cssstate ready - Results are on the screen.
 * @cssstate empty - Nothing is similar.
 * @cssstate error - Something failed.
 */
export class SimilarItemsElement extends SettingsElement {
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #customStates = new CustomStates(this.attachInternals())
  readonly #feed = new InlineFeed()
  readonly #engine = new EngineConnection()
  readonly #appearance = new AppearanceReader(this, {
    renderError: (error) => this.#reportError(error),
    wordsLoaded: () => this.scheduleUpdate(),
  })
  readonly #assignments = new AssignmentReader(this, {
    loaded: () => this.scheduleUpdate(),
    reportError: (error) => this.#reportError(error),
  })
  readonly #recorder = new ListRecorder({
    settings: this,
    dispatch: (event) => this.#dispatch(event),
    reportError: (error) => this.#reportError(error),
  })
  readonly #shelf = new Shelf(this, () => this.#appearance.read(), this.#root, {
    select: (hit, list, click) => {
      const record = this.#recorder.selected(hit, list)
      const answer = { queryId: list.queryId, source: 'item' } as const
      return this.#dispatch(new SiSelectEvent(hit, answer, click, record))
    },
    impression: (hit, list) => {
      this.#dispatch(new SiImpressionEvent(hit, { queryId: list.queryId, source: 'item' }))
      this.#recorder.seen(list)
    },
  })
  readonly #photoSearch = new PhotoSearchEntry({
    settings: this,
    root: this.#root,
    appearance: () => this.#appearance.read(),
    openEngine: async () => {
      await this.#assignments.load()
      const assignment = this.#assignments.read() ?? null
      return this.#photoEngine.open(engineSettings(this, assignment, this.#feed.read(this)))
    },
    // What the element listens to anyway is told once.
    progress: (progress) => {
      if (!this.#engine.engine) this.#dispatch(new SiProgressEvent(progress))
    },
    dispatch: (event) => this.#dispatch(event),
    reportError: (error) => this.#reportError(error),
  })
  /** A share of its own in the same engine: a photo needs one also while no product is set. */
  readonly #photoEngine = new EngineConnection()

  /** From connection to removal. */
  #connection: AbortController | null = null
  /** Whether the moment to load has come since the element was connected. */
  #begun = false
  #waitingFor: LoadingMode | null = null

  /** From one question to the next. */
  #asking: AbortController | null = null
  #query: Query | null = null
  #feedError: SimilarItemsError | null = null
  readonly #announcement = new ListAnnouncement()

  /** What the element is in the middle of. */
  get state(): StateName {
    return this.#shelf.state.name
  }

  /** The list on the screen, or null. */
  get results(): RankedList | null {
    return this.#shelf.list
  }

  /** The engine that the element works with, or null while it needs none. Do not close it: elements share it. */
  get engine(): Promise<SimilarityEngine> | null {
    return this.#engine.engine ?? this.#photoEngine.engine
  }

  /** How that engine is doing; null until it is open. */
  get status(): EngineStatus | null {
    return (this.#engine.opened ?? this.#photoEngine.opened)?.status ?? null
  }

  /**
   * Opens the photo search, and searches with a picture where one is given: a file, an address, an image of the page.
   * Resolves once the panel is open.
   */
  openPhotoSearch(picture?: PhotoInput): Promise<void> {
    return this.#photoSearch.open(picture)
  }

  /** Closes it; the shopper finds it again as it was. */
  closePhotoSearch(): void {
    this.#photoSearch.close()
  }

  /** Loads what the photo search needs, for an entry of the shop's own: when somebody reaches for it. */
  preparePhotoSearch(): void {
    this.#photoSearch.prepare()
  }

  /** Asks again, for example after an error. */
  refresh(): void {
    this.#query = null
    this.#feedError = null
    this.scheduleUpdate()
  }

  /** Styles belong to a document. */
  adoptedCallback(): void {
    adoptStyles(this.#root, elementCss)
  }

  protected update(): void {
    if (!this.isConnected) {
      this.#disconnect()
      return
    }
    if (!this.#connection) this.#connect()
    this.#ask()
    if (this.#begun) this.#assignments.warn()
    if (this.#shelf.refresh()) this.#reportResults()
    this.#announce()
    this.#photoSearch.refresh()
  }

  #connect(): void {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    const update = () => this.scheduleUpdate()
    adoptStyles(this.#root, elementCss)
    prepareAnnouncements(this.ownerDocument)
    this.#shelf.connect(update, signal)
    this.#photoSearch.connect(this.#shelf.photoButton, signal)
    this.ownerDocument.addEventListener('DOMContentLoaded', update, { signal })
    warnOfMissingProducts(this, () => this.#feed.read(this) !== null, signal)
  }

  #disconnect(): void {
    this.#connection?.abort()
    this.#asking?.abort()
    this.#connection = this.#query = null
    this.#begun = false
    this.#engine.release()
    this.#photoEngine.release()
  }

  /** Puts the question that the settings ask now, unless it is the one being answered. */
  #ask(): void {
    // The parser may not have reached the end of an inline feed.
    const feed = this.ownerDocument.readyState === 'loading' ? null : this.#feed.read(this)
    const feedError = feed && 'error' in feed && this.catalog === '' ? feed.error : null
    const assignment = this.#assignments.read()
    const query = readQuery(this, assignment ?? null, feed && 'items' in feed ? feed.items : null)
    if (assignment === undefined) {
      // The variant may ask something else than the element's own settings, which are not asked meanwhile.
      this.#asking?.abort()
      this.#asking = null
      this.#query = null
      if (query) this.#enter({ type: 'wait' })
      return
    }
    const sameMoment = this.#begun || this.loading === this.#waitingFor
    const same = query && this.#query ? sameQuery(query, this.#query) && sameMoment : query === this.#query
    if (same && feedError === this.#feedError) return

    this.#asking?.abort()
    this.#query = query
    this.#feedError = feedError
    this.#announcement.restart()
    this.#shelf.restart(query?.limit ?? this.limit)
    if (query) {
      loadAhead(query)
      this.#asking = new AbortController()
      void this.#follow(query, this.#asking.signal)
      return
    }
    this.#engine.release()
    if (feedError) this.#fail(feedError)
    else this.#enter({ type: 'unset' })
  }

  /** Shows what answers a question until the signal aborts, also after what may pass. `isFirst`: nothing was shown yet. */
  async #follow(query: Query, signal: AbortSignal, attempt = 0, isFirst = true): Promise<void> {
    const show = (list: RankedList) => {
      signal.throwIfAborted()
      if (isFirst || this.#shelf.isNews(list)) this.#show(query, list, isFirst)
      isFirst = false
    }
    try {
      if (!this.#begun) {
        this.#waitingFor = this.loading
        this.#enter({ type: 'wait' })
        await whenToLoad(this, this.loading, signal)
        this.#begun = true
      }
      this.#assignments.warn()
      if (isFirst || this.state !== 'ready') this.#enter({ type: 'ask' })
      const { engine: server, neighbors, catalog } = query
      if (server && (await this.#showFrom(engineList, query, signal, hasOtherSource(query)))) return
      if (neighbors && (await this.#showFrom(neighborFileList, query, signal, catalog !== ''))) return
      // A listener for what failed may have removed the element.
      signal.throwIfAborted()
      this.#appearance.prepareSoon()
      const onProgress = (progress: Progress) => this.#showProgress(progress)
      const onKept = attempt === 0 ? show : null
      const asked = { ...queryOptions(query), id: query.item, signal, onProgress, onKept }
      for await (const list of this.#engine.lists({ ...query, engine: '' }, asked)) {
        show(list)
        attempt = 0
      }
    } catch (error) {
      if (signal.aborted) return
      this.#fail(error)
      const mayPass = isSimilarItemsError(error) && error.mayPass
      await worthTrying(mayPass ? attempt : Number.POSITIVE_INFINITY, signal).catch(() => undefined)
      if (!signal.aborted) await this.#follow(query, signal, attempt + 1, isFirst)
    }
  }

  /** Shows what a source gives. False where that is nothing or fails, and there is another one. */
  async #showFrom(
    ask: (query: Query, signal: AbortSignal) => Promise<RankedList | null>,
    query: Query,
    signal: AbortSignal,
    hasOther: boolean,
  ): Promise<boolean> {
    try {
      const list = await ask(query, signal)
      signal.throwIfAborted()
      if (!list) return false
      // An engine of an earlier question has nothing to say to this one.
      this.#engine.release()
      this.#show(query, list, true)
      return true
    } catch (error) {
      if (signal.aborted || !hasOther || !isSimilarItemsError(error)) throw error
      this.#reportError(error)
      return false
    }
  }

  #show(query: Query, list: RankedList, isFirst: boolean): void {
    if (isFirst) this.#recorder.begin(query)
    this.#shelf.show(list, isFirst)
    this.#customStates.set(this.state)
    this.#reportResults()
  }

  #enter(input: StateInput): void {
    this.#shelf.enter(input)
    this.#customStates.set(this.state)
  }

  #showProgress(progress: Progress): void {
    this.#shelf.showProgress(progress)
    this.#dispatch(new SiProgressEvent(progress))
  }

  #fail(cause: unknown): void {
    const message = 'The similar items could not be shown.'
    const error = isSimilarItemsError(cause)
      ? cause
      : new SimilarItemsError('invalid-argument', message, { cause })
    this.#enter({ type: 'fail', error })
    this.#reportError(error)
  }

  #reportResults(): void {
    const list = this.results
    if (!list || !this.#asking) return
    this.#dispatch(new SiResultsEvent(list, 'item'))
    this.#announce()
  }

  #announce(): void {
    const { state, heading } = this.#shelf
    if (state.name !== 'ready' || !state.list.complete || !this.#asking) return
    const { signal } = this.#asking
    this.#announcement.say(this.ownerDocument, state.list, heading, this.#appearance.read(), signal)
  }

  #reportError(error: SimilarItemsError): void {
    if (this.#dispatch(new SiErrorEvent(error))) console.error('<similar-items>', error)
  }

  /** False when a listener called `preventDefault()`. A removed element is silent. */
  #dispatch(event: Event): boolean {
    return !this.isConnected || this.dispatchEvent(event)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'similar-items': SimilarItemsElement
  }
}
