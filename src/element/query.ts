import type { QueryOptions } from '../types.js'
import type { EngineSettings } from './engine-connection.js'
import type { SettingsElement } from './settings-element.js'

/** One question of an element to an engine. Two equal questions are one. */
export interface Query extends EngineSettings {
  readonly item: string
  readonly limit: number
  readonly minScore: number
  readonly diversity: number
  readonly filter: QueryOptions['filter'] | null
}

/** The question that an element's settings ask, or null while they ask nothing. */
export function readQuery(settings: SettingsElement, inlineFeed: readonly unknown[] | null): Query | null {
  const { item, model, assets, limit, minScore, diversity, filter } = settings
  const catalog = settings.catalog.length > 0 ? settings.catalog : (inlineFeed ?? settings.catalog)
  if (catalog === '' || item === '') return null
  return { catalog, item, model, assets, limit, minScore, diversity, filter }
}

export function sameQuery(a: Query, b: Query): boolean {
  return (Object.keys(a) as (keyof Query)[]).every((key) => Object.is(a[key], b[key]))
}

export function queryOptions({ limit, minScore, diversity, filter }: Query): QueryOptions {
  return { limit, minScore, diversity, ...(filter && { filter }) }
}
