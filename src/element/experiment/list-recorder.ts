import { SimilarItemsError } from '../../errors.js'
import type { Hit, RankedList } from '../../types.js'
import { SiExposureEvent } from '../events.js'
import type { SettingsElement } from '../settings-element.js'
import type { Assignment } from './assignment.js'
import type { AnalyticsEvent, pushToDataLayer } from './data-layer.js'
import type { ClickRecord } from './records.js'

/** What the list on the screen is an answer to. */
interface AnsweredQuestion {
  readonly item: string
  readonly assignment: Assignment | null
}

interface RecorderHost {
  readonly settings: SettingsElement
  dispatch(event: Event): void
  reportError(error: SimilarItemsError): void
}

/** Tells experiments and, where the page asks for it, its data layer what becomes of the lists of an element. */
export class ListRecorder {
  readonly #host: RecorderHost
  #question: AnsweredQuestion | null = null
  #isExposed = false
  #dataLayer: Promise<{ pushToDataLayer: typeof pushToDataLayer }> | null = null

  constructor(host: RecorderHost) {
    this.#host = host
  }

  /** The first answer to another question is on the screen. */
  begin(question: AnsweredQuestion): void {
    this.#question = question
    this.#isExposed = false
    // It must be there before a click leaves the page.
    if (this.#isAnalysed) this.#loadDataLayer()
  }

  /** A card of the list was seen: with the first one, the list came into view. */
  seen({ hits, queryId }: RankedList): void {
    if (this.#isExposed || !this.#question) return
    this.#isExposed = true
    const { item, assignment } = this.#question
    if (assignment) {
      const { experiment, variant, visitor } = assignment
      const shown = hits.map(({ product }) => product.id)
      const record = {
        experiment,
        variant,
        visitor,
        type: 'exposure',
        time: Date.now(),
        queryId,
        item,
        shown,
      } as const
      this.#host.dispatch(new SiExposureEvent(record))
    }
    this.#push('view_item_list', hits)
  }

  /**
   * A card of the list was activated; then the list is in view, however short.
   * @returns what an experiment knows of that; null where there is none.
   */
  selected(hit: Hit, list: RankedList): ClickRecord | null {
    this.seen(list)
    this.#push('select_item', [hit])
    if (!this.#question?.assignment) return null
    const { item, assignment } = this.#question
    const { experiment, variant, visitor } = assignment
    const { product, rank: position } = hit
    const { queryId } = list
    const who = { experiment, variant, visitor, time: Date.now() }
    return { ...who, type: 'click', queryId, item, clicked: product.id, position }
  }

  get #isAnalysed(): boolean {
    return this.#host.settings.analytics === 'ga4'
  }

  #push(event: AnalyticsEvent, hits: readonly Hit[]): void {
    if (!this.#isAnalysed) return
    const { id, heading } = this.#host.settings
    const assignment = this.#question?.assignment ?? null
    // The same in every language, unlike the heading that the shopper reads.
    const list = { id: id || 'similar_items', name: heading || 'Similar items', hits, assignment }
    void this.#loadDataLayer().then((dataLayer) => dataLayer?.pushToDataLayer(event, list))
  }

  /** Null where it cannot be loaded, which is reported. */
  #loadDataLayer() {
    this.#dataLayer ??= import('./data-layer.js')
    return this.#dataLayer.catch((cause: unknown) => {
      this.#dataLayer = null
      const message =
        'The code for analytics could not be loaded. Deploy all files of the dist folder together.'
      this.#host.reportError(new SimilarItemsError('runtime-unreachable', message, { cause }))
      return null
    })
  }
}
