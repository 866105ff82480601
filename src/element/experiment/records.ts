import type { ExperimentEvent } from '../../measure/experiment/experiment-events.js'

/**
 * What an experiment knows of one visitor, as plain data: as JSON Lines these are what `similar-items experiment`
 * reads.
 */
export type ExperimentRecord = ExposureRecord | ClickRecord | ConversionRecord

interface ListRecord extends Omit<ExperimentEvent, 'key'> {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Joins the clicks with the exposure of their list. */
  readonly queryId: string
  /** Id of the product that the list is for. */
  readonly item: string
}

/** A list came into view. */
export interface ExposureRecord extends ListRecord {
  readonly type: 'exposure'
  /** Ids of its products, in the order of the cards. */
  readonly shown: readonly string[]
}

/** A card of a list was activated. */
export interface ClickRecord extends ListRecord {
  readonly type: 'click'
  readonly clicked: string
  /** Position of the card, from 0. */
  readonly position: number
}

/** The visitor did what the shop counts as success. */
export interface ConversionRecord extends Omit<ExperimentEvent, 'key'> {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly type: 'conversion'
}
