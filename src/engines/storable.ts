import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import type { FilterValues, WrittenRow } from './vector-engine.js'

/** How far the norm of a vector may be from 1: 8-bit rounding stays well inside. */
const normTolerance = 0.03

/**
 * Whether engines can keep a text as it is: databases know no NUL, and no half of a surrogate pair. One that cannot be
 * kept is the id of no product, and the value of no attribute.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}

/**
 * Passes for rows that every engine can take.
 * @throws SimilarItemsError `invalid-argument`, naming the row.
 */
export function assertStorable(space: Space, rows: readonly WrittenRow[]): void {
  for (const { id, vector, group } of rows) {
    const refuse = (what: string) => {
      throw new SimilarItemsError(
        'invalid-argument',
        `Row ${JSON.stringify(id)} cannot be written: ${what}.`,
        {
          subject: id,
        },
      )
    }
    if (id === '' || !isStorable(id)) refuse('its id is empty, has a NUL in it or half a surrogate pair')
    if (group !== null && !isStorable(group))
      refuse('its item_group_id has a NUL in it or half a surrogate pair')
    if (vector.levels.length !== space.dimensions) {
      refuse(
        `its vector has ${vector.levels.length} components; space "${space.fingerprint}" has ${space.dimensions}`,
      )
    }
    const norm = Math.sqrt(vector.levels.reduce((sum, level) => sum + level * level, 0)) * vector.scale
    if (!(Math.abs(norm - 1) <= normTolerance)) refuse(`its vector has norm ${norm.toPrecision(3)}`)
  }
}

/**
 * What filters can ask about a product: its attributes that are texts, and as numbers the price to pay. Filters on
 * `price` are about that number; its currency is `currency`. A sale price counts where it saves something and is not
 * limited to a time: what is stored would go on passing filters when the sale has ended.
 */
export function filterValues(product: Readonly<Record<string, unknown>>): FilterValues {
  const values: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(product)) {
    const isPrice = name === 'price' || name === 'sale_price'
    if (typeof value === 'string' && !isPrice && value.length <= longestValue && isStorable(name + value)) {
      values[name] = value
    } else if (typeof value === 'number' && Number.isFinite(value)) {
      values[name] = value
    }
  }
  const price = lastingPrice(product)
  return price ? { ...values, price: price.amount, currency: price.currency } : values
}

/** Descriptions and addresses are nothing to filter by. */
const longestValue = 200

interface Price {
  readonly amount: number
  readonly currency: string
}

function lastingPrice(product: Readonly<Record<string, unknown>>): Price | null {
  const regular = readPrice(product.price)
  const reduced = readPrice(product.sale_price)
  if (!reduced || reduced.amount === 0 || isLimited(product)) return regular
  if (!regular) return reduced
  return reduced.currency === regular.currency && reduced.amount < regular.amount ? reduced : regular
}

function isLimited({ sale_price_effective_date: period }: Readonly<Record<string, unknown>>): boolean {
  return String(period ?? '').trim() !== ''
}

function readPrice(text: unknown): Price | null {
  const [, amount, currency] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]{3})\s*$/i.exec(String(text ?? '')) ?? []
  if (amount === undefined || currency === undefined) return null
  return { amount: Number(amount), currency: currency.toUpperCase() }
}
