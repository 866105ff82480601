/** What a page imports: classes and types. Importing it registers nothing and runs in plain Node. */

export type { AnalyticsMode, LoadingMode, StorageMode } from './element/attributes.js'
export type { ListSource } from './element/events.js'
export {
  SiConversionEvent,
  SiErrorEvent,
  SiExposureEvent,
  SiImpressionEvent,
  SiProgressEvent,
  SiResultsEvent,
  SiSelectEvent,
} from './element/events.js'
export type { ExperimentSetup } from './element/experiment/assignment.js'
export { recordConversion } from './element/experiment/record-conversion.js'
export type {
  ClickRecord,
  ConversionRecord,
  ExperimentRecord,
  ExposureRecord,
} from './element/experiment/records.js'
export type { Variant, VariantSettings } from './element/experiment/variants.js'
export type { CardParts, CardRenderer } from './element/list/render-card.js'
export type { PhotoInput } from './element/photo-search/photo/photo.js'
export type { FilterName } from './element/photo-search/search/product-filters.js'
export type { ProductLoader } from './element/question/neighbor-list.js'
export type { SamplePhoto } from './element/settings-element.js'
export { SimilarItemsElement } from './element/similar-items-element.js'
export { SimilarItemsSearchElement } from './element/similar-items-search-element.js'
export type { ElementStrings } from './element/words/strings.js'
export { setAssetsPath } from './engine/assets-path.js'
export type { EngineEventMap } from './engine/engine-events.js'
export {
  EngineChangeEvent,
  EngineProgressEvent,
  EngineStatusEvent,
  EngineWarningEvent,
} from './engine/engine-events.js'
export type { EngineOptions } from './engine/engine-options.js'
export { acquireEngine, type EngineLease } from './engine/shared-engine.js'
export { SimilarityEngine } from './engine/similarity-engine.js'
export { type ErrorCode, isAbort, isSimilarItemsError, SimilarItemsError } from './errors.js'
export { assignVariant, type VariantShare } from './measure/experiment/assign-variant.js'
export * from './types.js'
export { cosineSimilarity } from './vectors/normalize.js'
export type { SyncReport } from './worker/protocol.js'
