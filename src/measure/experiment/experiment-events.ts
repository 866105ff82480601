import { type RecordReader, readersOf } from '../records.js'

/** What a page noted about one visitor: a list was shown, an item of it was clicked, something was bought. */
export interface ExperimentEvent {
  readonly experiment: string
  readonly variant: string
  readonly visitor: string
  readonly type: 'exposure' | 'click' | 'conversion'
  /** Milliseconds since 1970 in the visitor's browser. Without it nothing is known of what came first. */
  readonly time?: number | undefined
  /** The last millisecond that is meant, where the log has no more than a date, minutes or seconds. Default: `time`. */
  readonly until?: number | undefined
  /** What tells the event from all others, so that one delivered twice is known; absent where nothing does. */
  readonly key?: string | undefined
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
    const { first, last } = reader.has('time') ? reader.time('time') : {}
    return {
      experiment: reader.text('experiment'),
      variant: reader.text('variant'),
      visitor: reader.text('visitor'),
      type,
      time: first,
      ...(last !== first && { until: last }),
      key: keyOf(reader, type),
    }
  })
}

/**
 * A list comes into view once. Clicks on one card of a list differ by their time: a shopper may come back, and delivered
 * twice they have the same. Records that name no list or time cannot be told from others.
 */
function keyOf(reader: RecordReader, type: ExperimentEvent['type']): string | undefined {
  const part = (field: string) => (reader.has(field) ? reader.text(field) : null)
  const who = [type, part('experiment'), part('variant'), part('visitor')]
  if (type === 'exposure')
    return reader.has('queryId') ? JSON.stringify([...who, part('queryId')]) : undefined
  const isKnown = reader.has('time') || (type === 'click' && reader.has('queryId'))
  const what = [part('queryId'), part('item'), part('clicked'), part('position'), part('time')]
  return isKnown ? JSON.stringify([...who, ...what]) : undefined
}
