import type { SimilarityEngine } from '../../../engine/similarity-engine.js'
import { isSimilarItemsError, SimilarItemsError } from '../../../errors.js'
import type { Hit, Product, RankedList } from '../../../types.js'
import { type Answer, SiImpressionEvent, SiResultsEvent, SiSelectEvent } from '../../events.js'
import { PriceClock } from '../../list/price-clock.js'
import { rankedLists } from '../../question/ranked-lists.js'
import { announce } from '../../words/announcer.js'
import type { PlainWord } from '../../words/strings.js'
import type { PhotoSearchHost } from '../host.js'
import type { Photo } from '../photo/photo.js'
import { SearchView } from '../views/search-view.js'
import { ModelLoader } from './model-loader.js'
import { nearOnly, photoQueryOptions, putQuestion, type Question } from './photo-query.js'
import { isFiltering, offerFilters } from './product-filters.js'
import { isAboutPicture, problemSentence } from './search-problem.js'

/** Results follow the frame once it has rested this long. */
const restMilliseconds = 200
/** While the catalogue is being indexed, the photo is searched with again at this pace. */
const refreshMilliseconds = 1500

interface SearchSessionEvents {
  /** The shopper wants to search with another photo. */
  newPhoto(): void
  /** The shopper goes on to a product without leaving the page. */
  left(): void
  /** Nothing can be found with this photo; `sentence` says why. */
  unusable(photo: Photo, sentence: PlainWord): void
}

/** Searches with a photo: puts the question again whenever the frame, the filters or the settings change. */
export class SearchSession {
  readonly #host: PhotoSearchHost
  readonly #events: SearchSessionEvents
  /** What announcements are made in. */
  readonly #stage: HTMLElement
  readonly #loader: ModelLoader
  readonly #view: SearchView
  /** Who passes the price filter changes with the prices, also of products that are not in the list. */
  readonly #filteredPrices: PriceClock
  #question: Question | null = null
  #asking: AbortController | null = null
  #rest: ReturnType<typeof setTimeout> | undefined
  /** Whether the shopper, or the engine's proposal, has set the frame. */
  #isFramed = false
  #pages = 1
  /** What was shown last in answer to the question, as text. */
  #shown = ''
  /** The language in which the answer was announced; null until it was. */
  #announcedIn: string | null = null
  /** Takes back what was announced and not said yet. */
  #unsay = (): void => undefined
  #settings: readonly unknown[]

  constructor(host: PhotoSearchHost, stage: HTMLElement, events: SearchSessionEvents, signal: AbortSignal) {
    this.#host = host
    this.#stage = stage
    this.#events = events
    this.#settings = this.#readSettings()
    this.#view = new SearchView(
      {
        frame: () => this.#followFrame(),
        newPhoto: () => events.newPhoto(),
        backToPhoto: () => this.backToPhoto(),
        filter: () => this.#ask(),
        retry: () => this.#ask(),
        stop: () => this.#stopLoading(),
        more: (product) => this.#askAbout(product),
        showMore: () => {
          this.#pages += 1
          this.#ask()
        },
        select: (hit, click) => this.#select(hit, click),
        impression: (hit) => host.dispatch(new SiImpressionEvent(hit, this.#answer)),
      },
      signal,
    )
    this.#filteredPrices = new PriceClock(() => this.#askAgain(), signal)
    this.#loader = new ModelLoader({
      openEngine: () => host.openEngine(),
      change: (state) => this.#view.load.show(state),
      progress: (progress) => {
        if (progress.phase === 'index') this.#view.load.showIndexing(progress)
        host.progress(progress)
      },
    })
    signal.addEventListener('abort', () => this.#close(), { once: true })
  }

  get root(): HTMLElement {
    return this.#view.root
  }

  /** Loads what a search needs, if that has not been done. */
  prepare(): void {
    this.#loader.prepare()
  }

  begin(photo: Photo): void {
    this.#question = { photo, product: null }
    this.#isFramed = false
    this.#pages = 1
    this.#view.begin(photo, this.#preview)
    this.#ask()
  }

  /** From the products that are similar to one back to those that are similar to the photo; false when it was there. */
  backToPhoto(): boolean {
    if (!this.#question?.product) return false
    this.#askAbout(null)
    return true
  }

  /** The results are not looked at: the question ends. */
  pause(): void {
    clearTimeout(this.#rest)
    this.#asking?.abort()
  }

  /** Nothing of it is looked at: a download ends too. */
  suspend(): void {
    this.pause()
    if (this.#loader.state.name === 'loading') this.#loader.reset()
  }

  /** Goes on where it was. A download that the shopper stopped stays so. */
  resume(): void {
    if (this.#loader.state.name !== 'stopped') this.#ask()
  }

  /** Follows the words, and asks anew where the settings ask something else than before. */
  refresh(): void {
    const { strings, language, inLanguage, list } = this.#host.appearance()
    this.#view.render(strings, language, list)
    const answer = this.#view.results.list
    if (
      inLanguage &&
      this.#announcedIn !== null &&
      this.#announcedIn !== language &&
      answer &&
      this.#asking
    ) {
      this.#announce(answer.hits.length, this.#asking.signal)
    }
    const before = this.#settings
    this.#settings = this.#readSettings()
    if (this.#settings.every((value, index) => Object.is(value, before[index]))) return
    // Another engine has to load its own model.
    this.#loader.reset()
    this.#askAgain()
  }

  /** Puts the question again, unless nobody waits for an answer. */
  #askAgain(): void {
    if (this.#asking && !this.#asking.signal.aborted) this.#ask()
  }

  #readSettings(): readonly unknown[] {
    const { catalog, engineUrl, cells, model, projection, assets, heicDecoder, storage } = this.#host.settings
    const { experiment, visitor, variants } = this.#host.settings
    const { limit, minScore, perGroup, filter, filters } = this.#host.settings
    const engine = [catalog, engineUrl, cells, model, projection, assets, heicDecoder, storage]
    return [...engine, experiment, visitor, variants, limit, minScore, perGroup, filter, filters]
  }

  get #answer(): Answer {
    const source = this.#question?.product ? 'more-like-this' : 'photo'
    return { source, queryId: this.#view.results.list?.queryId ?? '' }
  }

  get #limit(): number {
    return this.#host.settings.limit * this.#pages
  }

  #select(hit: Hit, click: MouseEvent): boolean {
    const isFollowed = this.#host.dispatch(new SiSelectEvent(hit, this.#answer, click))
    const isPlain = click.button === 0 && !(click.ctrlKey || click.metaKey || click.shiftKey || click.altKey)
    // Either the shop has routed it, or its address is a place in this page.
    if (isPlain && (!isFollowed || isHere(hit.product.link))) this.#events.left()
    return isFollowed
  }

  #askAbout(product: Product | null): void {
    if (!this.#question) return
    this.#question = { ...this.#question, product }
    this.#pages = 1
    this.#view.showSubject(product)
    this.#stage.parentElement?.scrollTo({ top: 0 })
    this.#ask()
  }

  #followFrame(): void {
    this.#isFramed = true
    clearTimeout(this.#rest)
    // The shopper stopped the download: moving the frame is no wish to begin it again.
    if (this.#loader.state.name === 'stopped') return
    this.backToPhoto()
    this.#rest = setTimeout(() => this.#ask(), restMilliseconds)
  }

  #stopLoading(): void {
    this.#asking?.abort()
    this.#loader.stop()
    this.#view.results.settle()
  }

  /** Puts the question; the one before is given up. */
  async #ask(): Promise<void> {
    const question = this.#question
    clearTimeout(this.#rest)
    this.#asking?.abort()
    if (!question) return
    this.#shown = ''
    this.#announcedIn = null
    this.#asking = new AbortController()
    const { signal } = this.#asking
    this.#view.showProblem(null, true)
    this.#view.results.wait()
    try {
      const engine = await this.#loader.ready(signal)
      await this.#offerFilters(engine, signal)
      await this.#proposeFrame(engine, question, signal)
      const { frame, filters } = this.#view
      const options = photoQueryOptions(this.#host.settings, filters.choice, filters.currency, this.#limit)
      const ask = () => putQuestion(engine, question, frame.value, { ...options, signal })
      for await (const list of rankedLists(engine, ask, signal, refreshMilliseconds)) {
        signal.throwIfAborted()
        this.#show(nearOnly(list, this.#host.settings), signal)
      }
    } catch (error) {
      if (!signal.aborted) await this.#explain(error, question, signal)
    }
  }

  readonly #preview = async ({ image }: Photo, signal: AbortSignal): Promise<ImageBitmap> => {
    const engine = await this.#host.openEngine()
    return engine.preview(image, { signal })
  }

  async #offerFilters(engine: SimilarityEngine, signal: AbortSignal): Promise<void> {
    const names = this.#host.settings.filters
    const products = names.length > 0 ? await engine.products({ signal }) : []
    const { filters } = this.#view
    filters.offer(offerFilters(products, names))
    const { priceFrom, priceTo } = filters.choice
    this.#filteredPrices.watch(priceFrom === null && priceTo === null ? [] : products)
  }

  async #proposeFrame(
    engine: SimilarityEngine,
    { photo, product }: Question,
    signal: AbortSignal,
  ): Promise<void> {
    if (product || this.#isFramed) return
    const box = await engine.proposeCrop(photo.image, { signal })
    signal.throwIfAborted()
    // The shopper may have been quicker.
    if (box && !this.#isFramed) this.#view.frameTo(box)
    this.#isFramed = true
  }

  #show(list: RankedList, signal: AbortSignal): void {
    const { hits, complete } = list
    const isFiltered = isFiltering(this.#view.filters.choice)
    if (complete) this.#view.load.showIndexing(null)
    this.#view.results.show(list, { limit: this.#limit, isFiltered })
    const shown = JSON.stringify([hits.map(({ product, score }) => [product.id, score]), complete])
    if (shown === this.#shown) return
    this.#shown = shown
    this.#host.dispatch(new SiResultsEvent(list, this.#answer.source))
    if (complete) this.#announce(hits.length, signal)
  }

  #announce(count: number, signal: AbortSignal): void {
    const { strings, language } = this.#host.appearance()
    this.#announcedIn = language
    const message = count > 0 ? strings.photoResults(count) : strings.noneNear
    this.#unsay()
    this.#unsay = announce(this.#stage, () => message, signal)
  }

  async #explain(error: unknown, { photo }: Question, signal: AbortSignal): Promise<void> {
    const isPicture = isAboutPicture(error)
    // Files that are no pictures are nothing that the shop's developers could do something about.
    if (!isPicture || isSimilarItemsError(error, 'image-unreachable'))
      this.#host.reportError(asReported(error))
    const sentence = await problemSentence(error, photo.image)
    if (signal.aborted) return
    this.#view.results.settle()
    if (isPicture && !this.#view.results.list) this.#events.unusable(photo, sentence)
    else this.#view.showProblem(sentence, !isPicture)
  }

  #close(): void {
    this.suspend()
    this.#loader.reset()
  }
}

/** Whether following a link changes no more than what comes after `#`. Where there is none, the shop acts on the event. */
function isHere(link: string | undefined): boolean {
  return link === undefined || link.split('#', 1)[0] === location.href.split('#', 1)[0]
}

function asReported(cause: unknown): SimilarItemsError {
  if (isSimilarItemsError(cause)) return cause
  return new SimilarItemsError('invalid-argument', 'The photo search failed.', { cause })
}
