import { createElement } from '../../create-element.js'
import type { ElementStrings } from '../../words/strings.js'
import { type FilterChoice, type FilterOffer, isFiltering, noFilters } from '../search/product-filters.js'

const nothingOffered: FilterOffer = { categories: [], currency: null, availability: false }

/** The filters of the results. Hidden where the shop declares none, or the products do not differ. */
export class FilterView {
  readonly #category = createElement('select', { class: 'field' })
  readonly #from = renderPriceField()
  readonly #to = renderPriceField()
  readonly #inStock = createElement('input', { attributes: { type: 'checkbox' } })
  readonly #inStockText = createElement('span')
  readonly #stock = createElement('label', { class: 'check' }, this.#inStock, this.#inStockText)
  readonly #clear = createElement('button', { class: 'text-button', attributes: { type: 'button' } })
  readonly root = createElement(
    'div',
    { class: 'filters', part: 'filters', attributes: { role: 'group' } },
    this.#category,
    this.#from,
    this.#to,
    this.#stock,
    this.#clear,
  )
  readonly #onChange: () => void
  #offer = nothingOffered
  #choice = noFilters
  #strings: ElementStrings | null = null

  constructor(onChange: () => void) {
    this.#onChange = onChange
    for (const field of [this.#category, this.#from, this.#to, this.#inStock]) {
      field.addEventListener('input', () => this.#change(this.#read()))
    }
    this.#clear.addEventListener('click', () => {
      this.#change(noFilters)
      this.#draw()
      this.root.querySelector<HTMLElement>('.field:not([hidden]), input')?.focus()
    })
  }

  get choice(): FilterChoice {
    return this.#choice
  }

  get currency(): string | null {
    return this.#offer.currency
  }

  offer(offer: FilterOffer): void {
    if (JSON.stringify(offer) === JSON.stringify(this.#offer)) return
    this.#offer = offer
    this.#draw()
  }

  render(strings: ElementStrings): void {
    if (this.#strings === strings) return
    this.#strings = strings
    this.#draw()
  }

  #draw(): void {
    const strings = this.#strings
    if (!strings) return
    const { categories, currency, availability } = this.#offer
    this.root.setAttribute('aria-label', strings.filters)
    this.root.hidden = categories.length === 0 && currency === null && !availability
    this.#category.hidden = categories.length === 0
    this.#category.setAttribute('aria-label', strings.category)
    this.#category.replaceChildren(
      new Option(strings.allCategories, ''),
      ...categories.map((category) => new Option(category, category)),
    )
    for (const [field, text] of [
      [this.#from, strings.priceFrom],
      [this.#to, strings.priceTo],
    ] as const) {
      field.hidden = currency === null
      field.placeholder = text(currency ?? '')
      field.setAttribute('aria-label', field.placeholder)
    }
    this.#stock.hidden = !availability
    this.#inStockText.textContent = strings.inStockOnly
    this.#clear.textContent = strings.clearFilters
    this.#write()
  }

  #write(): void {
    const { category, priceFrom, priceTo, inStock } = this.#choice
    this.#category.value = category ?? ''
    this.#from.value = priceFrom === null ? '' : String(priceFrom)
    this.#to.value = priceTo === null ? '' : String(priceTo)
    this.#inStock.checked = inStock
    this.#clear.hidden = !isFiltering(this.#choice)
  }

  #read(): FilterChoice {
    const amount = ({ value }: HTMLInputElement) => (value === '' ? null : Number(value))
    return {
      category: this.#category.value || null,
      priceFrom: amount(this.#from),
      priceTo: amount(this.#to),
      inStock: this.#inStock.checked,
    }
  }

  #change(choice: FilterChoice): void {
    this.#choice = choice
    this.#clear.hidden = !isFiltering(choice)
    this.#onChange()
  }
}

function renderPriceField(): HTMLInputElement {
  const attributes = { type: 'number', min: '0', step: 'any', inputmode: 'decimal' }
  return createElement('input', { class: 'field price-field', attributes })
}
