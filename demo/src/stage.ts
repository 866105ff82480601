import type { EngineLease } from '../../src/engine/shared-engine.js'
import type { SimilarItemsElement } from '../../src/index.js'
import type { ShopCatalogue, ShopProduct } from './catalogue.js'
import { create } from './dom.js'
import { createPanel, type Panel } from './panel.js'
import { productLink } from './route.js'
import { engineOf, similarItems } from './similar-element.js'
import { sameShelf } from './views/product.js'

interface Act {
  readonly catalogue: ShopCatalogue
  readonly element: SimilarItemsElement
  readonly lease: Promise<EngineLease>
  readonly panel: Panel
}

/**
 * The lower part of a product page: the similar items and the panel about them. They stay in the document from
 * one product to the next, so that both pages share an engine.
 */
export class Stage {
  readonly root = create('div', { class: 'stage' })
  #act: Act | null = null

  show(catalogue: ShopCatalogue, product: ShopProduct): void {
    if (this.#act?.catalogue !== catalogue) {
      this.clear()
      this.#act = this.#open(catalogue)
    }
    const { element, panel } = this.#act
    panel.begin()
    element.replaceChildren(sameShelf(catalogue, product))
    element.setAttribute('item', product.id)
  }

  /** Takes the element out of the page, which ends its engine. */
  clear(): void {
    this.#act?.lease.then(
      (lease) => lease.release(),
      () => undefined, // The panel has said so.
    )
    this.#act = null
    this.root.replaceChildren()
  }

  #open(catalogue: ShopCatalogue): Act {
    const element = similarItems(catalogue)
    const lease = engineOf(catalogue)
    const panel = createPanel(
      element,
      lease.then(({ engine }) => engine),
    )
    element.addEventListener('si-select', ({ product }) => {
      // Photos of this device have no address of their own; for the others the browser follows the link.
      if (product.link === undefined) location.hash = productLink(catalogue.name, product.id)
    })
    this.root.replaceChildren(element, panel.root)
    return { catalogue, element, lease, panel }
  }
}
