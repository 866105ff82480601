import { readersOf } from './records.js'

/** What a page noted about one visitor: a list was shown, an item of it was clicked, something was bought. */
export interface ExperimentEvent {
  readonly experiment: string
  readonly variant: string
  readonly visitor: string
  readonly type: 'exposure' | 'click' | 'conversion'
}

const types = ['exposure', 'click', 'conversion'] as const

/**
 * Reads events from parsed JSONL lines or CSV rows; other fields than those of `ExperimentEvent` are ignored.
 * @param source what to call the file in errors.
 * @throws SimilarItemsError `invalid-argument`, naming the record.
 */
export function parseExperimentEvents(records: readonly unknown[], source?: string): ExperimentEvent[] {
  return readersOf(records, source).map((reader) => {
    const type = types.find((known) => known === reader.text('type'))
    if (!type) throw reader.error(`has type "${reader.text('type')}", which is none of ${types.join(', ')}`)
    return {
      experiment: reader.text('experiment'),
      variant: reader.text('variant'),
      visitor: reader.text('visitor'),
      type,
    }
  })
}
