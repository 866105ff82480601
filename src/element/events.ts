/**
 * The events of `<similar-items>`. All bubble and cross shadow boundaries, so one listener on `document` is enough.
 */
import type { SimilarItemsError } from '../errors.js'
import type { Hit, Product, Progress, RankedList } from '../types.js'
import type { ClickRecord, ConversionRecord, ExposureRecord } from './experiment/records.js'

/**
 * What a list answers: the product of the page, a photo of the shopper, or a product about which the shopper asked
 * for more like it in the photo search.
 */
export type ListSource = 'item' | 'photo' | 'more-like-this'

/** A list is on the screen, or an updated one is. Fires again while the catalogue is still being indexed. */
export class SiResultsEvent extends Event {
  static readonly type = 'si-results'
  /** The cards on the screen in their order; `rank` is the position of the card. */
  readonly hits: readonly Hit[]
  readonly queryId: string
  /** False while products are still being indexed: another event will follow. */
  readonly complete: boolean
  readonly source: ListSource

  constructor(list: RankedList, source: ListSource) {
    super(SiResultsEvent.type, { bubbles: true, composed: true })
    this.hits = list.hits
    this.queryId = list.queryId
    this.complete = list.complete
    this.source = source
  }
}

/** The list that a card is in. */
export interface Answer {
  readonly queryId: string
  readonly source: ListSource
}

abstract class CardEvent extends Event {
  readonly product: Product
  /** Cosine similarity to what the list answers, in [-1, 1]. */
  readonly score: number
  /** Position of the card in the list, from 0. */
  readonly position: number
  readonly queryId: string
  readonly source: ListSource

  constructor(type: string, hit: Hit, { queryId, source }: Answer, cancelable: boolean) {
    super(type, { bubbles: true, composed: true, cancelable })
    this.product = hit.product
    this.score = hit.score
    this.position = hit.rank
    this.queryId = queryId
    this.source = source
  }
}

/** The shopper activated a card. `preventDefault()` keeps the browser from following the link. */
export class SiSelectEvent extends CardEvent {
  static readonly type = 'si-select'

  /** The click behind it: tells a new tab from this one. */
  readonly originalEvent: MouseEvent
  /** What an experiment knows of it; null where the list is in none. */
  readonly record: ClickRecord | null

  constructor(hit: Hit, answer: Answer, originalEvent: MouseEvent, record: ClickRecord | null = null) {
    super(SiSelectEvent.type, hit, answer, true)
    this.originalEvent = originalEvent
    this.record = record
  }
}

/** At least half of a card was visible for one second. Once per card and query. */
export class SiImpressionEvent extends CardEvent {
  static readonly type = 'si-impression'

  constructor(hit: Hit, answer: Answer) {
    super(SiImpressionEvent.type, hit, answer, false)
  }
}

/**
 * A list of an experiment came into view: at least half of one of its cards was visible for one second. Once per list.
 */
export class SiExposureEvent extends Event {
  static readonly type = 'si-exposure'
  readonly record: ExposureRecord

  constructor(record: ExposureRecord) {
    super(SiExposureEvent.type, { bubbles: true, composed: true })
    this.record = record
  }
}

/** The page told of a success with `recordConversion`. */
export class SiConversionEvent extends Event {
  static readonly type = 'si-conversion'
  readonly record: ConversionRecord

  constructor(record: ConversionRecord) {
    super(SiConversionEvent.type, { bubbles: true, composed: true })
    this.record = record
  }
}

/** Something is being downloaded or indexed for this element. */
export class SiProgressEvent extends Event {
  static readonly type = 'si-progress'
  readonly progress: Progress

  constructor(progress: Progress) {
    super(SiProgressEvent.type, { bubbles: true, composed: true })
    this.progress = progress
  }
}

/** Something failed. The element also writes it to the console, unless `preventDefault()` is called. */
export class SiErrorEvent extends Event {
  static readonly type = 'si-error'
  readonly error: SimilarItemsError

  constructor(error: SimilarItemsError) {
    super(SiErrorEvent.type, { bubbles: true, composed: true, cancelable: true })
    this.error = error
  }
}

interface SimilarItemsEventMap {
  'si-results': SiResultsEvent
  'si-select': SiSelectEvent
  'si-impression': SiImpressionEvent
  'si-exposure': SiExposureEvent
  'si-conversion': SiConversionEvent
  'si-progress': SiProgressEvent
  'si-error': SiErrorEvent
}

declare global {
  interface HTMLElementEventMap extends SimilarItemsEventMap {}
  interface DocumentEventMap extends SimilarItemsEventMap {}
}

declare global {
  interface GlobalEventHandlersEventMap {
    'si-results': SiResultsEvent
    'si-select': SiSelectEvent
    'si-impression': SiImpressionEvent
    'si-exposure': SiExposureEvent
    'si-progress': SiProgressEvent
    'si-error': SiErrorEvent
  }
}
