import { readAvailability } from '../../../catalog/availability.js'
import { type Price, parsePrice, priceAt } from '../../../catalog/price.js'
import type { Product } from '../../../types.js'

/** What a shop can let shoppers filter by. */
export type FilterName = 'category' | 'price' | 'availability'

/** What there is to choose from; null or empty where there is no choice. */
export interface FilterOffer {
  /** The last part of each `product_type`, by alphabet. */
  readonly categories: readonly string[]
  /** ISO 4217 code of the prices that can be compared. */
  readonly currency: string | null
  readonly availability: boolean
}

/** What a shopper has chosen. */
export interface FilterChoice {
  readonly category: string | null
  readonly priceFrom: number | null
  readonly priceTo: number | null
  readonly inStock: boolean
}

export const noFilters: FilterChoice = { category: null, priceFrom: null, priceTo: null, inStock: false }

/** The filters among `names` by which these products differ. */
export function offerFilters(products: readonly Product[], names: readonly FilterName[]): FilterOffer {
  const categories = distinct(products.map(categoryOf))
  const prices = products.map(priceToPay).filter((price) => price !== null)
  const [currency = null] = distinct(prices.map((price) => price.currency))
  const pricesDiffer = new Set(prices.map(({ amount }) => amount)).size > 1
  const available = new Set(products.map(isInStock))
  return {
    categories: names.includes('category') && categories.length > 1 ? categories.sort() : [],
    currency: names.includes('price') && pricesDiffer ? currency : null,
    availability: names.includes('availability') && available.size > 1,
  }
}

export function isFiltering(choice: FilterChoice): boolean {
  return choice.category !== null || choice.priceFrom !== null || choice.priceTo !== null || choice.inStock
}

/** Whether a product passes. One without a price, or in another currency, passes no price filter. */
export function passes(product: Product, choice: FilterChoice, currency: string | null): boolean {
  const { category, priceFrom, priceTo, inStock } = choice
  if (inStock && !isInStock(product)) return false
  if (category !== null && categoryOf(product) !== category) return false
  if (priceFrom === null && priceTo === null) return true
  const price = priceToPay(product)
  if (price?.currency !== currency || !price) return false
  return price.amount >= (priceFrom ?? 0) && price.amount <= (priceTo ?? Number.POSITIVE_INFINITY)
}

function categoryOf({ product_type: type }: Product): string | null {
  return type?.split('>').at(-1)?.trim() || null
}

/** Null where the feed's price is none that can be compared. */
function priceToPay(product: Product): Price | null {
  return parsePrice(priceAt(product, Date.now())?.current ?? '')
}

/** A feed that says nothing about it sells what it lists. */
function isInStock({ availability }: Product): boolean {
  return readAvailability(availability ?? '') !== 'out_of_stock'
}

/** Each value once, the most frequent first. */
function distinct(values: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value)
}
