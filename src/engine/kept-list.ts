import { keptQuestion } from '../kept-question.js'
import { newQueryId } from '../query-id.js'
import { readKeptAnswer } from '../store/read-kept-answer.js'
import type { QueryOptions, RankedList } from '../types.js'
import { type EngineOptions, isInline, toWorkerConfig } from './engine-options.js'
import { plainRanking } from './plain-arguments.js'

/**
 * The list that an engine with these options would answer first, kept by one of an earlier page: read here, while the
 * worker starts. Null where there is none; it is never one of another catalogue, model or question.
 * @throws SimilarItemsError `invalid-argument`.
 */
export async function keptList(
  engine: EngineOptions,
  id: string,
  { filter, signal: _, ...options }: QueryOptions,
): Promise<RankedList | null> {
  if (filter || isInline(engine.catalog)) return null
  const config = toWorkerConfig(engine)
  const { catalog, storage, storeName } = config
  if (storage !== 'indexeddb' || !('url' in catalog)) return null
  const question = keptQuestion({ ...config, id, options: plainRanking(options) })
  const kept = await readKeptAnswer(storeName, catalog.key, question)
  if (!kept) return null
  return {
    ...kept,
    queryId: newQueryId(),
    timings: { fetch: 0, decode: 0, resize: 0, inference: 0, rank: 0 },
  }
}
