import type { QueryOptions, RankedList, VectorQuery } from '../types.js'

export interface AskOptions extends QueryOptions {
  /** Milliseconds after which the answer is not waited for any longer. */
  readonly patience?: number | undefined
}

/** Where lists come from that the page does not make of a catalogue of its own. */
export interface ListSource {
  /** @throws SimilarItemsError; the signal's reason on abort. */
  ask(query: VectorQuery, options: AskOptions): Promise<RankedList>
  /** URL of the projection that takes an encoder's vectors to those of the source; null where there is none. */
  projection(signal: AbortSignal | undefined, patience: number | undefined): Promise<string | null>
}
