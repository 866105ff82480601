/** What a server imports: vector engines behind one interface, and the handler that answers pages. Any Fetch runtime. */

export { type ErrorCode, isAbort, isSimilarItemsError, SimilarItemsError } from '../errors.js'
export type { Embedding, Product, RankingOptions, Space } from '../types.js'
export { encodeVectors } from '../vectors/encoded-vectors.js'
export { makeSpace } from '../vectors/space.js'
export { type CollectionSearch, type Collections, labelsOf, type Point } from './collections/collections.js'
export { type CollectionsOptions, collectionsEngine } from './collections/collections-engine.js'
export { filterValues } from './filter-values.js'
export type { FilterDeclaration, HandlerLimits, HandlerOptions } from './handler/handler-options.js'
export { similarHandler } from './handler/similar-handler.js'
export { type LancedbOptions, lancedbEngine } from './lancedb/lancedb-engine.js'
export {
  type LangchainOptions,
  type LangchainRecords,
  type LangchainVectorStore,
  langchainEngine,
} from './langchain/langchain-engine.js'
export { memoryEngine } from './memory-engine.js'
export { nodeListener } from './node-listener.js'
export { passesFilter } from './passes-filter.js'
export { type PgvectorOptions, pgvectorEngine } from './pgvector/pgvector-engine.js'
export { type PgPool, poolQuery } from './pgvector/pool-query.js'
export type { PgQuery } from './pgvector/schema.js'
export { type RankedRow, rankNearest } from './rank-nearest.js'
export { assertStorable, isStorable } from './storable.js'
export { fromBase64, quantize, toBase64, toFloats } from './stored-vector.js'
export type {
  Condition,
  EngineDescription,
  EngineFilter,
  EngineRow,
  FilterValues,
  FoundRows,
  NearestQuery,
  StoredVector,
  VectorEngine,
  WrittenRow,
} from './vector-engine.js'
