import type { Product, QueryOptions, RankedList } from '../types.js'
import { type AlgoliaRecord, recordOf } from './algolia-record.js'
import { readQueryParameters } from './query-parameters.js'
import { RecordFilter } from './record-filter.js'

/** One question of a `lookingSimilar` widget. */
export interface LookingSimilarQuery {
  readonly model: 'looking-similar'
  readonly objectID: string
  /** 0 to 100. */
  readonly threshold?: number | undefined
  readonly maxRecommendations?: number | undefined
  readonly queryParameters?: Readonly<Record<string, unknown>> | undefined
  readonly fallbackParameters?: Readonly<Record<string, unknown>> | undefined
}

export interface RecommendHit extends AlgoliaRecord {
  readonly objectID: string
  /** 0 to 100: a hundred times the cosine similarity, where that is not negative. */
  readonly _score: number
}

/** The answer to it, in the form of Algolia's; without a `queryID`, which Algolia would not know in the events it is sent. */
export interface RecommendResult {
  readonly hits: RecommendHit[]
  readonly nbHits: number
  readonly page: number
  readonly nbPages: number
  readonly hitsPerPage: number
  readonly processingTimeMS: number
  readonly exhaustive: { readonly nbHits: boolean }
  readonly query: string
  readonly params: string
}

type Ask = (id: string, options: QueryOptions) => Promise<RankedList>

/** As many as Algolia gives where a widget has no limit, and the most it gives. */
const defaultLimit = 30

/**
 * Products similar to one, as Algolia would answer; with `fallbackParameters`, where there are too few of them, the most
 * similar of those follow that pass these, with the score 0.
 * @throws SimilarItemsError `invalid-argument` for parameters that cannot be followed, and what `ask` throws.
 */
export async function lookingSimilar(
  query: LookingSimilarQuery,
  ask: Ask,
  toRecord: (product: Product) => Readonly<Record<string, unknown>> = (product) => product,
): Promise<RecommendResult> {
  const started = performance.now()
  const { objectID, threshold = 0, maxRecommendations, queryParameters, fallbackParameters } = query
  const asked = readQueryParameters('queryParameters', queryParameters)
  const limit = Math.min(maxRecommendations || defaultLimit, asked.limit ?? Number.POSITIVE_INFINITY)
  const filters: RecordFilter[] = []
  const ranked = ({ condition, perGroup }: ReturnType<typeof readQueryParameters>, minScore: number) => {
    const filter = condition && new RecordFilter(condition, toRecord)
    const options = { limit, minScore, ...(perGroup && { perGroup }) }
    if (!filter) return ask(objectID, options)
    filters.push(filter)
    return ask(objectID, { ...options, filter: (product) => filter.passes(product) })
  }

  const list = await ranked(asked, threshold > 0 ? threshold / 100 : -1)
  const hits = list.hits.map(({ product, score }) => hit(product, score, toRecord))
  if (fallbackParameters && hits.length < limit) {
    const shown = new Set(hits.map(({ objectID }) => objectID))
    const more = await ranked(readQueryParameters('fallbackParameters', fallbackParameters), -1)
    const others = more.hits.map(({ product }) => hit(product, 0, toRecord))
    hits.push(...others.filter(({ objectID }) => !shown.has(objectID)).slice(0, limit - hits.length))
  }
  if (hits.length === 0) for (const filter of filters) filter.assertKnown()
  return {
    hits,
    nbHits: hits.length,
    page: 0,
    nbPages: 1,
    hitsPerPage: limit,
    processingTimeMS: Math.round(performance.now() - started),
    exhaustive: { nbHits: list.complete },
    query: '',
    params: '',
  }
}

function hit(
  product: Product,
  score: number,
  toRecord: (product: Product) => Readonly<Record<string, unknown>>,
): RecommendHit {
  const record = recordOf(product, toRecord)
  return { ...record, _score: Math.round(Math.max(score, 0) * 10_000) / 100 }
}
