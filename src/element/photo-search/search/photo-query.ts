import type { SimilarityEngine } from '../../../engine/similarity-engine.js'
import type { CropBox, Product, QueryOptions, RankedList } from '../../../types.js'
import type { SettingsElement } from '../../settings-element.js'
import { isWholePicture } from '../crop/crop-box.js'
import type { Photo } from '../photo/photo.js'
import { type FilterChoice, isFiltering, passes } from './product-filters.js'
import { leastScore, lowestLeastScore } from './score-bands.js'

/** What the engine is asked: what is similar to the photo, or (`product`) to one of the products found with it. */
export interface Question {
  readonly photo: Photo
  readonly product: Product | null
}

/** @param crop the part of the photo that is searched with. Rejects as the engine does. */
export function putQuestion(
  engine: SimilarityEngine,
  { photo, product }: Question,
  crop: CropBox,
  options: QueryOptions,
): Promise<RankedList> {
  if (product) return engine.similarTo(product.id, options)
  return engine.searchByImage(photo.image, { ...options, ...(!isWholePicture(crop) && { crop }) })
}

/** The shop's settings and the shopper's filters together. @param currency that of the price filter. */
export function photoQueryOptions(
  settings: SettingsElement,
  choice: FilterChoice,
  currency: string | null,
  limit: number,
): QueryOptions {
  const { filter } = settings
  const chosen = isFiltering(choice) ? (product: Product) => passes(product, choice, currency) : null
  const both = chosen && filter ? (product: Product) => chosen(product) && filter(product) : null
  const all = both ?? chosen ?? filter
  return {
    limit,
    perGroup: settings.perGroup,
    minScore: hasLeastScore(settings) ? settings.minScore : lowestLeastScore,
    ...(all && { filter: all }),
  }
}

/** Where the shop sets no least score, what is not near is not shown: the nearest of anything is always something. */
export function nearOnly(list: RankedList, settings: Pick<SettingsElement, 'hasAttribute'>): RankedList {
  if (hasLeastScore(settings)) return list
  const least = leastScore(list)
  return { ...list, hits: list.hits.filter(({ score }) => score >= least) }
}

function hasLeastScore(settings: Pick<SettingsElement, 'hasAttribute'>): boolean {
  return settings.hasAttribute('min-score')
}
