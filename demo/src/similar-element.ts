import type { SimilarityEngine } from '../../src/engine/similarity-engine.js'
import type { EngineStatus } from '../../src/types.js'
import type { LocalItem, ShopCatalogue } from './catalogue.js'
import { create } from './dom.js'

/** What this page uses of `<similar-items>`. */
export interface SimilarItems extends HTMLElement {
  /** A feed's address, or the items themselves. */
  catalog: string | readonly LocalItem[] | null
  item: string | null
  readonly status: EngineStatus | null
  readonly engine: SimilarityEngine | null
}

/** The element as a shop would write it into its product pages. */
export function similarItems(catalogue: ShopCatalogue): SimilarItems {
  const element = create('similar-items' as 'div', {
    catalog: typeof catalogue.source === 'string' ? catalogue.source : null,
    model: 'similar-items/models/siglip-tiny-patch16-224/',
    limit: 12,
    loading: 'eager',
    heading: 'Looks similar',
  }) as HTMLElement as SimilarItems
  if (typeof catalogue.source !== 'string') element.catalog = catalogue.source
  return element
}
