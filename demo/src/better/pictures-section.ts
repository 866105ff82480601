import { seededRandom, shuffledIndices } from '../../../src/measure/statistics/seeded-random.js'
import { type Comparison, METHODS, type Method } from '../../data/comparison.js'
import type { ShopCatalogue, ShopProduct } from '../catalogue.js'
import { create } from '../dom.js'
import { METHOD_TEXTS } from './methods.js'
import { typicalProduct } from './typical-product.js'

const TYPICAL = ' It begins with a product for which the encoder’s lead over colours is the median of all.'

/**
 * What each method shows for one product, side by side, and the choice of that product.
 * @param id of the product to begin with; by default a typical one.
 * @param onProduct is called with the id of another one that was chosen.
 */
export function picturesSection(
  catalogue: ShopCatalogue,
  comparison: Comparison,
  { id, onProduct }: { id: string | null; onProduct: (id: string) => void },
): HTMLElement {
  const { products, cutouts } = catalogue
  const { lists } = comparison
  // Not in the order of the shelves: the next one would be of the same.
  const order = Array.from(shuffledIndices(products.length, seededRandom(1)))
  const given = products.findIndex((product) => product.id === id)
  let current = given >= 0 ? given : typicalProduct(products, comparison, order)

  const picture = create('img', { alt: '', decoding: 'async' })
  const shelf = create('p', { class: 'query-shelf' })
  const select = productSelect(products)
  const another = create('button', { type: 'button', class: 'button' }, 'Another product')
  const summary = create('p', { class: 'visually-hidden', role: 'status' })
  const columns = create('div', { class: 'methods' })

  const show = () => {
    const query = products[current] as ShopProduct
    select.value = String(current)
    picture.src = query.card
    shelf.textContent = `Shelf: ${query.type}`
    const found = METHODS.map((method) => ({
      method,
      list: (lists[method][current] ?? []).map((position) => products[position] as ShopProduct),
    }))
    columns.replaceChildren(...found.map(({ method, list }) => methodColumn(method, list, query)))
    return found
      .map(({ method, list }) => `${METHOD_TEXTS[method].title}: ${sameShelfText(list, query)}`)
      .join('. ')
  }
  const change = (position: number) => {
    current = position
    summary.textContent = show()
    onProduct((products[current] as ShopProduct).id)
  }
  select.addEventListener('change', () => change(Number(select.value)))
  another.addEventListener('click', () =>
    change(order[(order.indexOf(current) + 1) % order.length] as number),
  )
  show()

  return create(
    'section',
    { class: 'part', 'aria-labelledby': 'look', 'data-cutouts': cutouts },
    create('h2', { id: 'look' }, 'Look for yourself'),
    create(
      'p',
      { class: 'part-lead' },
      `What each method puts first for one product; a tick means that it is from the same shelf.${given >= 0 ? '' : TYPICAL}`,
    ),
    create(
      'div',
      { class: 'query' },
      create('span', { class: 'tile' }, picture),
      create(
        'div',
        { class: 'query-choice' },
        create('label', { for: 'query' }, 'Similar to'),
        select,
        shelf,
        another,
      ),
    ),
    summary,
    columns,
  )
}

/** All products by their shelves; the values are positions in the catalogue. */
function productSelect(products: readonly ShopProduct[]): HTMLSelectElement {
  const shelves = new Map<string, HTMLElement[]>()
  for (const [position, { title, type }] of products.entries()) {
    const options = shelves.get(type) ?? []
    options.push(create('option', { value: position }, title))
    shelves.set(type, options)
  }
  const groups = Array.from(shelves, ([label, options]) => create('optgroup', { label }, ...options))
  return create('select', { id: 'query', class: 'choice' }, ...groups)
}

function methodColumn(method: Method, list: readonly ShopProduct[], query: ShopProduct): HTMLElement {
  const { title, note } = METHOD_TEXTS[method]
  return create(
    'section',
    { 'aria-labelledby': `method-${method}` },
    create('h3', { id: `method-${method}` }, title),
    create('p', { class: 'method-note' }, note),
    create('p', { class: 'method-count' }, sameShelfText(list, query)),
    create('ol', { class: 'picks' }, ...list.map((product) => pick(product, product.type === query.type))),
  )
}

function pick({ card, title, type }: ShopProduct, sameShelf: boolean): HTMLElement {
  return create(
    'li',
    { 'data-same-shelf': sameShelf },
    create(
      'span',
      { class: 'tile' },
      create('img', { src: card, alt: '', loading: 'lazy', decoding: 'async' }),
      sameShelf && create('span', { class: 'tick', 'aria-hidden': 'true' }, '✓'),
    ),
    create(
      'span',
      { class: 'pick-text' },
      create('span', { class: 'pick-title' }, title),
      create('span', { class: 'pick-shelf' }, sameShelf ? 'same shelf' : type),
    ),
  )
}

function sameShelfText(list: readonly ShopProduct[], { type }: ShopProduct): string {
  return `${list.filter((product) => product.type === type).length} of ${list.length} from the same shelf`
}
