/**
 * Registers the elements, and names their types. Harmless in Node and when another copy of this package has registered
 * them already.
 */
import { SimilarItemsElement } from './element/similar-items-element.js'
import { SimilarItemsSearchElement } from './element/similar-items-search-element.js'

export { setAssetsPath } from './engine/assets-path.js'
export type * from './index.js'
export { SimilarItemsElement, SimilarItemsSearchElement }

if (globalThis.customElements) {
  define('similar-items', SimilarItemsElement)
  define('similar-items-search', SimilarItemsSearchElement)
}

function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element)
}
