/** Registers `<similar-items>`. Harmless in Node and when another copy of this package has registered it already. */
import { SimilarItemsElement } from './element/similar-items-element.js'

if (globalThis.customElements && !customElements.get('similar-items')) {
  customElements.define('similar-items', SimilarItemsElement)
}
