import { create } from '../dom.js'

type Cell = string | Node

/** A table whose rows are named by their first cell; where it is too wide it scrolls, also by keyboard. */
export function dataTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): HTMLElement {
  return create(
    'div',
    { class: 'table-frame figures', role: 'region', 'aria-label': caption, tabindex: 0 },
    create(
      'table',
      {},
      create('caption', {}, caption),
      create('thead', {}, create('tr', {}, ...header.map((text) => create('th', { scope: 'col' }, text)))),
      create('tbody', {}, ...rows.map(line)),
    ),
  )
}

/** A number, and smaller below it the interval that it lies in. */
export function numberCell(value: string, interval: string): Node {
  return create('span', {}, value, ' ', create('small', {}, interval))
}

function line(cells: readonly Cell[]): HTMLElement {
  return create(
    'tr',
    {},
    ...cells.map((cell, column) =>
      column === 0 ? create('th', { scope: 'row' }, cell) : create('td', {}, cell),
    ),
  )
}
