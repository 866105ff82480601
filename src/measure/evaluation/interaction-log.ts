import { type RecordReader, readersOf } from '../records.js'
import type { EvaluationQuery } from './evaluation-query.js'
import type { QuerySource } from './labelled-relevance.js'
import { type PositionBias, propensity } from './position-bias.js'

/** One list as a shopper saw it. */
export interface Interaction {
  /** Id of the product whose page it was on. */
  readonly query: string
  readonly shown: readonly ShownItem[]
}

export interface ShownItem {
  readonly item: string
  /** From 1. */
  readonly position: number
  readonly clicked: boolean
}

/**
 * Reads an interaction log. A record is a whole list, `{ query, shown: [{ item, position, clicked }] }`, or one shown
 * item, `{ list, query, item, position, clicked }`, where the records with the same `list` make up a list. Records of
 * the element's experiments, `exposure` and `click`, are read as well.
 * @param records parsed lines of JSONL or rows of CSV; numbers and flags may be text.
 * @param source what to call the log in errors.
 * @throws SimilarItemsError `invalid-argument`, naming the record.
 */
export function parseInteractions(records: readonly unknown[], source?: string): Interaction[] {
  const readers = readersOf(records, source)
  const isOfEvents = readers.some((reader) => reader.has('type') && reader.has('queryId'))
  return isOfEvents ? listsOfEvents(readers) : countFromOne(listsOfRecords(readers))
}

function listsOfRecords(readers: readonly RecordReader[]): Interaction[] {
  const interactions: Interaction[] = []
  const lists = new Map<string, { query: string; shown: ShownItem[] }>()
  for (const reader of readers) {
    if (reader.has('shown')) {
      interactions.push({ query: reader.text('query'), shown: reader.list('shown').map(readShown) })
      continue
    }
    if (!reader.has('list')) {
      throw reader.error('needs "shown", the items of a list, or "list", the name of the list it is of')
    }
    const key = reader.text('list')
    const query = reader.text('query')
    const list = lists.get(key)
    if (list && list.query !== query) throw reader.error(`belongs to list "${key}" of query "${list.query}"`)
    if (list) {
      list.shown.push(readShown(reader))
      continue
    }
    const started = { query, shown: [readShown(reader)] }
    lists.set(key, started)
    interactions.push(started)
  }
  return interactions
}

function readShown(reader: RecordReader): ShownItem {
  return {
    item: reader.text('item'),
    position: reader.count('position', 0),
    clicked: reader.flag('clicked'),
  }
}

/** Where one position of a log is 0, as `rank` and the events of the element have it, all count from there. */
function countFromOne(interactions: readonly Interaction[]): Interaction[] {
  const isFromZero = interactions.some(({ shown }) => shown.some(({ position }) => position === 0))
  if (!isFromZero) return [...interactions]
  return interactions.map(({ query, shown }) => ({
    query,
    shown: shown.map((entry) => ({ ...entry, position: entry.position + 1 })),
  }))
}

/**
 * The lists of an experiment's records: what an exposure showed, and the clicks that name its `queryId`. What was
 * delivered twice is one.
 */
function listsOfEvents(readers: readonly RecordReader[]): Interaction[] {
  const clicked = new Map<string, Set<string>>()
  for (const reader of readers) {
    if (reader.text('type') !== 'click') continue
    const key = reader.text('queryId')
    clicked.set(key, (clicked.get(key) ?? new Set()).add(reader.text('clicked')))
  }
  const lists = new Map<string, Interaction>()
  for (const reader of readers) {
    if (reader.text('type') !== 'exposure') continue
    const key = reader.text('queryId')
    const shown = reader.texts('shown').map((item, index) => {
      return { item, position: index + 1, clicked: clicked.get(key)?.has(item) ?? false }
    })
    lists.set(key, { query: reader.text('item'), shown })
  }
  return [...lists.values()]
}

/**
 * One query per list: its candidates are the items that were shown, and those that were clicked are relevant. Lists
 * without a click say nothing about the order, and `evaluate` leaves them out and counts them.
 *
 * With `positionBias` a list weighs as much as its clicks were unlikely to be seen: the mean of 1 / propensity over
 * its clicked positions (T. Joachims, A. Swaminathan, T. Schnabel: Unbiased Learning-to-Rank with Biased Feedback,
 * WSDM 2017, self-normalised). That is exact where a list has one click, and an approximation where it has more.
 */
export function queriesFromInteractions(
  interactions: readonly Interaction[],
  {
    positionBias,
    categoryOf,
  }: Pick<QuerySource, 'categoryOf'> & { positionBias?: PositionBias | undefined } = {},
): EvaluationQuery[] {
  return interactions.map(({ query, shown }) => {
    const clicked = shown.filter((entry) => entry.clicked)
    const weights = positionBias ? clicked.map(({ position }) => 1 / propensity(position, positionBias)) : []
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    return {
      product: query,
      candidates: [...new Set(shown.map(({ item }) => item))],
      grades: new Map(clicked.map(({ item }) => [item, 1])),
      category: categoryOf?.(query),
      weight: weights.length > 0 ? mean : 1,
    }
  })
}

/**
 * The pairs (query product, clicked item) of a log, each once: what `fitProjection` learns from.
 */
export function clickedPairs(interactions: readonly Interaction[]): [query: string, item: string][] {
  const seen = new Map<string, Set<string>>()
  for (const { query, shown } of interactions) {
    const items = seen.get(query) ?? new Set<string>()
    seen.set(query, items)
    for (const { item, clicked } of shown) if (clicked && item !== query) items.add(item)
  }
  return [...seen].flatMap(([query, items]) => [...items].map((item): [string, string] => [query, item]))
}
