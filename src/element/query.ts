import { SimilarItemsError } from '../errors.js'
import type { QueryOptions } from '../types.js'
import type { EngineSettings } from './engine-connection.js'
import type { Feed } from './inline-feed.js'
import type { ProductLoader } from './neighbor-list.js'
import type { SettingsElement } from './settings-element.js'

/** One question of an element to an engine. Two equal questions are one. */
export interface Query extends EngineSettings {
  readonly item: string
  readonly limit: number
  readonly minScore: number
  readonly diversity: number
  readonly filter: QueryOptions['filter'] | null
  readonly neighbors: string
  readonly products: ProductLoader | null
}

/** The question that an element's settings ask, or null while they ask nothing. */
export function readQuery(settings: SettingsElement, inlineFeed: readonly unknown[] | null): Query | null {
  const { item, limit, minScore, diversity, filter, neighbors, products } = settings
  const { model, assets, storage } = settings
  // With neighbour files and its own products a shop needs no engine, and so no catalogue.
  const whole = neighbors && products ? { catalog: '', model, assets, storage } : null
  const engine = readEngineSettings(settings, inlineFeed) ?? whole
  if (!engine || item === '') return null
  return { ...engine, item, limit, minScore, diversity, filter, neighbors, products }
}

/**
 * The engine that an element's settings ask for.
 * @throws SimilarItemsError `invalid-argument` without a catalogue, `catalog-invalid` where the inline one is no feed.
 */
export function engineSettings(settings: SettingsElement, feed: Feed | null): EngineSettings {
  const found = readEngineSettings(settings, feed && 'items' in feed ? feed.items : null)
  if (found) return found
  if (feed && 'error' in feed) throw feed.error
  const message = 'The photo search needs a catalogue: set the catalog attribute.'
  throw new SimilarItemsError('invalid-argument', message)
}

function readEngineSettings(
  { catalog, model, assets, storage }: SettingsElement,
  inlineFeed: readonly unknown[] | null,
): EngineSettings | null {
  const feed = catalog.length > 0 ? catalog : (inlineFeed ?? catalog)
  return feed === '' ? null : { catalog: feed, model, assets, storage }
}

export function sameQuery(a: Query, b: Query): boolean {
  return (Object.keys(a) as (keyof Query)[]).every((key) => Object.is(a[key], b[key]))
}

export function queryOptions({ limit, minScore, diversity, filter }: Query): QueryOptions {
  return { limit, minScore, diversity, ...(filter && { filter }) }
}
