import type { FeedItem, ShapeContext } from '../feed-source.js'
import { linksOf } from '../item-parts/links-of.js'
import { price } from '../item-parts/price.js'
import { toItem } from '../item-parts/to-item.js'
import type { Row } from '../table/columns.js'
import type { TableShape } from './table-shape.js'

/**
 * PrestaShop's tables: that of its import and of export modules, and the short one that its list of products exports.
 * Their headings are translated, but some parts of them are the same in every language: columns with several values
 * have `(x,y,z...)` behind their names, and the others stand at fixed places around these.
 */
export const prestashopTable: TableShape = {
  name: 'prestashop',
  isOf: (columns) => columns.some(hasSeveral) || isList(columns),
  async *items(rows, context, columns) {
    const find = isList(columns) ? listColumns(columns) : importColumns(columns)
    for await (const row of rows) {
      const cell = (column: string | undefined) => (column === undefined ? undefined : row[column]?.trim())
      const id = cell(find.id) ?? cell(find.reference)
      if (cell(find.active) === '0') context.report.skip(id ?? '?', 'It is not active.')
      else yield itemOf(row, id, find, context)
    }
  },
}

function hasSeveral(column: string): boolean {
  return /\(x,_?y,_?z/.test(column)
}

/** The columns that are used, by what they are. */
interface Columns {
  readonly id?: string | undefined
  readonly active?: string | undefined
  readonly name?: string | undefined
  readonly category?: string | undefined
  readonly price?: string | undefined
  readonly reference?: string | undefined
  readonly brand?: string | undefined
  readonly quantity?: string | undefined
  readonly description?: string | undefined
  readonly gtin?: string | undefined
  readonly images?: string | undefined
}

/** ID, image, name, reference, category, two prices, quantity, status and position, in this order. */
function isList(columns: readonly string[]): boolean {
  return (
    columns[0] === 'product_id' && columns.length >= 9 && columns.length <= 10 && !columns.some(hasSeveral)
  )
}

function listColumns([id, images, name, reference, category, , price, quantity]: readonly string[]): Columns {
  return { id, images, name, reference, category, price, quantity }
}

function importColumns(columns: readonly string[]): Columns {
  const matching = (pattern: RegExp) => columns.find((column) => pattern.test(column))
  const categories = columns.findIndex(hasSeveral)
  const prices = columns.filter((column) => /^(price|prix|preis|precio|prezzo|prijs|cena|preço)/.test(column))
  const flag = /\((0|1)\D+(0|1)\)/
  return {
    id: columns[0] !== undefined && /(^|_)\(?id\)?$|^id/.test(columns[0]) ? columns[0] : undefined,
    active: columns.slice(0, categories).find((column) => flag.test(column)),
    name: columns[categories - 1],
    category: columns[categories],
    price: prices.find((column) => /incl|ttc|brutto|iva/.test(column)) ?? prices[0],
    reference: matching(/^(reference|référence|referencia|riferimento|referentie|artikel|indeks)/),
    brand: matching(/^(brand|manufacturer|marque|marke|hersteller|marca|merk|fabricante|marka)/),
    quantity: matching(/^(quantity|quantité|menge|cantidad|quantità|hoeveelheid|ilość|quantidade)$/),
    description: matching(/^(description|beschreibung|descripción|descrizione|beschrijving|opis|descrição)$/),
    gtin: matching(/^(kod_)?ean/),
    images: columns.filter(hasSeveral).find((column) => /url/.test(column)),
  }
}

function itemOf(row: Row, id: string | undefined, columns: Columns, { currency }: ShapeContext): FeedItem {
  const cell = (column: string | undefined) => (column === undefined ? undefined : row[column]?.trim())
  const quantity = cell(columns.quantity)
  return toItem({
    id,
    title: cell(columns.name),
    description: cell(columns.description),
    link: id !== undefined && /^\d+$/.test(id) ? `/index.php?controller=product&id_product=${id}` : undefined,
    pictures: linksOf(cell(columns.images)),
    price: price(cell(columns.price), currency),
    availability: quantity === undefined ? undefined : Number(quantity) > 0 ? 'in_stock' : 'out_of_stock',
    brand: cell(columns.brand),
    // Of several categories the last is the innermost.
    product_type: cell(columns.category)?.split(',').at(-1)?.trim(),
    gtin: cell(columns.gtin),
    mpn: cell(columns.reference),
  })
}
