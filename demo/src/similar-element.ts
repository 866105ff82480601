import type { EngineLease } from '../../src/engine/shared-engine.js'
import type { SimilarItemsElement } from '../../src/index.js'
import { SAMPLES, samplePath } from '../data/samples.js'
import type { ShopCatalogue } from './catalogue.js'
import { canAskDatabase, databaseAddress } from './database/asking.js'
import { create } from './dom.js'
import type { CatalogueName } from './route.js'

const MODEL = 'similar-items/models/siglip-tiny-patch16-224/'

/**
 * Below these cosine similarities the nearest products share a shelf no more often than any others
 * (test/bench/results/demo-scores.json). Of the photos 41 % do from 0.35 to 0.4, 30 % and less below. The rendered objects
 * have one style, so all of them are closer: 20 % do from 0.65 to 0.7, 14 to 15 % everywhere below; from 0.6 on, all but
 * five of 416 have a list. Of somebody's own photos nothing is known.
 */
const MIN_SCORE: Record<CatalogueName, number> = { photos: 0.35, objects: 0.6, folder: -1 }

/** The element as a shop would write it into its product pages. */
export function similarItems({ name, source }: ShopCatalogue): SimilarItemsElement {
  const element = create('similar-items', {
    model: MODEL,
    limit: 12,
    'min-score': MIN_SCORE[name],
    loading: 'eager',
    heading: 'Looks similar',
    'photo-search': true,
  })
  const database = canAskDatabase ? databaseAddress(name) : null
  if (database !== null) element.setAttribute('engine', database)
  else {
    element.catalog = source
    element.filters = ['category', 'price', 'availability']
  }
  if (name === 'photos') {
    element.samplePhotos = SAMPLES.map((sample) => ({ src: samplePath(sample), label: sample.label }))
  }
  return element
}

/**
 * A share in the engine that the element works with: the same catalogue and model mean the same engine. Rejects
 * where the package cannot be loaded.
 */
export async function engineOf({ source }: ShopCatalogue): Promise<EngineLease> {
  const { acquireEngine } = await loadPackage()
  return acquireEngine({ catalog: source, model: MODEL })
}

/** The built package, from the copy of its `dist` folder that lies beside the pages. */
function loadPackage(): Promise<typeof import('../../src/index.js')> {
  return import(/* @vite-ignore */ new URL('similar-items/index.js', document.baseURI).href)
}
