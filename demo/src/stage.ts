import type { SimilarItemsElement } from '../../src/index.js'
import type { Account } from './account.js'
import type { ShopCatalogue, ShopProduct } from './catalogue.js'
import { canAskDatabase, databaseAddress, isInDatabase } from './database/asking.js'
import { databaseAccount } from './database/database-account.js'
import { databaseSwitch } from './database/switch.js'
import { create } from './dom.js'
import { engineAccount } from './engine-account.js'
import { createPanel, type Panel } from './panel.js'
import { productLink } from './route.js'
import { engineOf, similarItems } from './similar-element.js'
import { sameShelf } from './views/product.js'

interface Act {
  readonly catalogue: ShopCatalogue
  readonly element: SimilarItemsElement
  readonly account: Account
  readonly panel: Panel
}

/**
 * The lower part of a product page: the similar items and the panel about them. They stay in the document from
 * one product to the next, so that both pages share an engine.
 */
export class Stage {
  readonly root = create('div', { class: 'stage' })
  readonly #onSwitch: () => void
  #act: Act | null = null
  #product: ShopProduct | null = null

  /** @param onSwitch called when lists come from somewhere else than before. */
  constructor(onSwitch: () => void) {
    this.#onSwitch = onSwitch
  }

  show(catalogue: ShopCatalogue, product: ShopProduct): void {
    if (this.#act?.catalogue !== catalogue) {
      this.clear()
      this.#act = this.#open(catalogue)
    }
    this.#product = product
    const { element, panel } = this.#act
    panel.begin()
    element.replaceChildren(sameShelf(catalogue, product))
    element.setAttribute('item', product.id)
  }

  /** Takes the element out of the page, which ends its engine. */
  clear(): void {
    this.#act?.account.close()
    this.#act = null
    this.root.replaceChildren()
  }

  #open(catalogue: ShopCatalogue): Act {
    const element = similarItems(catalogue)
    const address = canAskDatabase ? databaseAddress(catalogue.name) : null
    const account =
      canAskDatabase && address !== null ? databaseAccount(address) : engineAccount(engineOf(catalogue))
    const panel = createPanel(element, account, this.#controls(catalogue))
    element.addEventListener('si-select', ({ product }) => {
      // Photos of this device have no address of their own; for the others the browser follows the link.
      if (product.link === undefined) location.hash = productLink(catalogue.name, product.id)
    })
    this.root.replaceChildren(element, panel.root)
    return { catalogue, element, account, panel }
  }

  #controls(catalogue: ShopCatalogue): HTMLElement[] {
    if (!canAskDatabase || !isInDatabase(catalogue.name)) return []
    return [databaseSwitch(() => this.#reopen(catalogue))]
  }

  /** The same product again, its list from elsewhere; who used the switch finds it where it was. */
  #reopen(catalogue: ShopCatalogue): void {
    this.clear()
    if (this.#product) this.show(catalogue, this.#product)
    this.root.querySelector('details')?.setAttribute('open', '')
    this.root.querySelector<HTMLElement>('[role="switch"]')?.focus()
    this.#onSwitch()
  }
}
