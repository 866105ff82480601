import { merchantName } from '../item-parts/merchant-names.js'

/** A row by the names of its columns; empty cells are left out. */
export type Row = Readonly<Record<string, string>>

/** Name of an attribute as the column of a feed may spell it: `Image link` is `image_link`. */
export function columnName(heading: string): string {
  const name = heading.trim().toLowerCase().replace(/^g:/, '').replace(/\s+/g, '_')
  return merchantName(name)
}

/** The cells that are used; of two columns of a name the first that is not empty, but all pictures. */
export function toRow(names: readonly string[], cells: readonly string[]): Row {
  const row: Record<string, string> = {}
  for (const [column, name] of names.entries()) {
    const cell = cells[column]?.trim().replace(formula, '$1')
    if (!cell || cell === nothing) continue
    if (!Object.hasOwn(row, name)) row[name] = cell
    else if (name === 'image_link' || name === 'additional_image_link') {
      const others = row.additional_image_link
      row.additional_image_link = others === undefined ? cell : `${others}\n${cell}`
    }
  }
  return row
}

/** As MySQL writes that there is nothing. */
const nothing = '\\N'

/** Excel keeps the zeros of `="007"`. */
const formula = /^="([^"]*)"$/

/** The first cell among columns of some headings. */
export function cellOf(row: Row, ...headings: readonly string[]): string | undefined {
  for (const heading of headings) {
    const cell = row[columnName(heading)]?.trim()
    if (cell) return cell
  }
  return undefined
}
