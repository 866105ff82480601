/** The indexer as functions: what the command line does. Importing it loads neither sharp nor ONNX Runtime. */

export type { FileReference, PackReference } from '../catalog/pack-reference.js'
export { type ErrorCode, isAbort, isSimilarItemsError, SimilarItemsError } from '../errors.js'
export { type EvaluateOptions, evaluate, randomSystem } from '../measure/evaluation/evaluate.js'
export type { Evaluation, System } from '../measure/evaluation/evaluation.js'
export type { EvaluationQuery } from '../measure/evaluation/evaluation-query.js'
export { evaluationHtml, evaluationText } from '../measure/evaluation/evaluation-report.js'
export {
  clickedPairs,
  type Interaction,
  parseInteractions,
  queriesFromInteractions,
} from '../measure/evaluation/interaction-log.js'
export {
  parseJudgements,
  queriesFromJudgements,
  queriesFromLabels,
} from '../measure/evaluation/labelled-relevance.js'
export { type Metric, standardMetrics } from '../measure/evaluation/metrics.js'
export { assignVariant, type VariantShare } from '../measure/experiment/assign-variant.js'
export { type ExperimentEvent, parseExperimentEvents } from '../measure/experiment/experiment-events.js'
export { experimentHtml, experimentText } from '../measure/experiment/experiment-report.js'
export { type ExperimentReading, readExperiment } from '../measure/experiment/read-experiment.js'
export {
  type SampleSizeOptions,
  type Sought,
  sampleSizePerVariant,
} from '../measure/experiment/sample-size.js'
export { relationsFromTitles } from '../tune/alike-titles.js'
export type { FitOptions, FittedProjection, TrainingData } from '../tune/fit-options.js'
export { fitProjection } from '../tune/fit-projection.js'
export { type Relations, relationsFromLabels, relationsFromPairs } from '../tune/relations.js'
export type { Embedding, Product, SkippedItem, Space } from '../types.js'
export {
  decodeVector,
  type EncodedVectors,
  encodeVectors,
  type VectorFormat,
} from '../vectors/encoded-vectors.js'
export {
  hashOfId,
  type NeighborList,
  type NeighborShard,
  neighborShardUrl,
} from '../vectors/neighbor-shard.js'
export { type Pack, readPack, writePack } from '../vectors/pack.js'
export {
  cutMatrix,
  type Projection,
  project,
  projectedSpace,
  readProjection,
  writeProjection,
} from '../vectors/projection.js'
export { makeSpace } from '../vectors/space.js'
export type { VectorEntry } from '../vectors/vector-table.js'
export { type CellsOptions, type WrittenCells, writeCells } from './cells/write-cells.js'
export { exitCodes, runCommandLine } from './command/command-line.js'
export { type CheckedFile, type CheckedModel, checkModel } from './encoder/check-model.js'
export type { ChosenWeights, WeightsTrial } from './encoder/choose-weights.js'
export { NodeEncoder, type NodeEncoderOptions } from './encoder/node-encoder.js'
export type { FeedNote } from './feed/feed-report.js'
export { type AttributeMap, parseAttributeMap } from './feed/item-parts/map-item.js'
export { type Feed, type ReadFeedOptions, readFeed } from './feed/read-feed.js'
export type { ProjectionChoice } from './indexing/choose-projection.js'
export type { EncodeProgress } from './indexing/encode-pictures.js'
export { fitPrincipalAxes } from './indexing/fit-projection.js'
export { type IndexOptions, type IndexReport, indexCatalog } from './indexing/index-catalog.js'
export { IndexFailure } from './indexing/index-failure.js'
export {
  type FoundNeighbors,
  findNeighbors,
  type NeighborOptions,
  type NeighborProgress,
} from './neighbors/find-neighbors.js'
export { NeighborLists } from './neighbors/neighbor-lists.js'
export { type WrittenNeighbors, writeNeighbors } from './neighbors/write-neighbors.js'
export { type EngineModule, loadEngine } from './pack/load-engine.js'
export { type OpenedPack, type OpenPackOptions, openPack } from './pack/open-pack.js'
export { type PushOptions, type PushReport, pushPack } from './pack/push-pack.js'
export { type PackHit, searchPack } from './pack/search-pack.js'
export { type MergeOptions, type MergeReport, mergeShards } from './shards/merge-shards.js'
export { type Shard, shardNumberOf } from './shards/shard.js'
export { TextTower, type TextTowerOptions } from './text/text-tower.js'
