/** What a page with InstantSearch imports: its `lookingSimilar` widgets then show what this package finds. */

export { setAssetsPath } from '../engine/assets-path.js'
export type { LookingSimilarQuery, RecommendHit, RecommendResult } from './looking-similar.js'
export {
  type SimilarItemsClient,
  type SimilarItemsClientOptions,
  type SimilarSource,
  similarItemsClient,
} from './similar-items-client.js'
