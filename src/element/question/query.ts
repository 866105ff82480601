import { SimilarItemsError } from '../../errors.js'
import type { QueryOptions } from '../../types.js'
import type { EngineSettings } from '../engine-connection.js'
import type { Assignment } from '../experiment/assignment.js'
import type { SettingsElement } from '../settings-element.js'
import type { Feed } from './inline-feed.js'
import type { ProductLoader } from './neighbor-list.js'

/** One question of an element to an engine. Two equal questions are one. */
export interface Query extends EngineSettings {
  readonly item: string
  readonly limit: number
  readonly minScore: number
  readonly diversity: number
  readonly perGroup: number
  readonly filter: QueryOptions['filter'] | null
  readonly neighbors: string
  readonly products: ProductLoader | null
  /** The variant of an experiment that the question is put for. */
  readonly assignment: Assignment | null
}

/** The question that an element's settings and its variant ask, or null while they ask nothing. */
export function readQuery(
  element: SettingsElement,
  assignment: Assignment | null,
  inlineFeed: readonly unknown[] | null,
): Query | null {
  const { item, filter, products, assets, heicDecoder, storage, engineUrl: engine } = element
  const settings = variantSettings(element, assignment, inlineFeed)
  // With neighbour files and its own products a shop needs no engine, and so no catalogue.
  const hasSource =
    engine !== '' || settings.catalog !== '' || (settings.neighbors !== '' && products !== null)
  if (!hasSource || item === '') return null
  return { ...settings, engine, cells: '', item, filter, products, assets, heicDecoder, storage, assignment }
}

/**
 * The engine that an element's settings and its variant ask for.
 * @throws SimilarItemsError `invalid-argument` without a catalogue, `catalog-invalid` where the inline one is no feed.
 */
export function engineSettings(
  element: SettingsElement,
  assignment: Assignment | null,
  feed: Feed | null,
): EngineSettings {
  const inlineFeed = feed && 'items' in feed ? feed.items : null
  const { catalog, model, projection } = variantSettings(element, assignment, inlineFeed)
  const { assets, heicDecoder, storage, engineUrl: engine, cells } = element
  const shared = { model, projection, assets, heicDecoder, storage }
  if (catalog !== '' || engine || cells) return { catalog, engine, cells, ...shared }
  if (feed && 'error' in feed) throw feed.error
  const message = 'The photo search needs a catalogue: set the catalog attribute, engine or cells.'
  throw new SimilarItemsError('invalid-argument', message)
}

/** An element's settings, with those of its variant in their place. `catalog` is empty where there is none. */
function variantSettings(
  element: SettingsElement,
  assignment: Assignment | null,
  inlineFeed: readonly unknown[] | null,
) {
  const { neighbors, model, projection, limit, minScore, diversity, perGroup } = element
  const catalog = element.catalog.length > 0 ? element.catalog : (inlineFeed ?? element.catalog)
  const ranking = { limit, minScore, diversity, perGroup }
  return { catalog, neighbors, model, projection, ...ranking, ...assignment?.settings }
}

export function sameQuery(a: Query, b: Query): boolean {
  return (Object.keys(a) as (keyof Query)[]).every((key) => Object.is(a[key], b[key]))
}

export function queryOptions({ limit, minScore, diversity, perGroup, filter }: Query): QueryOptions {
  return { limit, minScore, diversity, perGroup, ...(filter && { filter }) }
}
