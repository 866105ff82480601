import { type Price, parsePrice, priceAt } from '../../catalog/price.js'
import type { Hit, Product } from '../../types.js'
import type { Assignment } from './assignment.js'

/** A list as Google Analytics 4 is told of it. */
interface AnalyticsList {
  readonly id: string
  readonly name: string
  readonly hits: readonly Hit[]
  readonly assignment: Assignment | null
}

export type AnalyticsEvent = 'view_item_list' | 'select_item'

interface UnitPrice extends Price {
  /** What a sale takes off. */
  readonly discount: number
}

/** The most that an event may have. */
const maxItems = 200
const maxCategories = 5

/**
 * Pushes an e-commerce event of Google Analytics 4 to the `dataLayer` of Google Tag Manager: the list, or the item of it
 * that was selected.
 * @see https://developers.google.com/analytics/devguides/collection/ga4/ecommerce?client_type=gtm
 */
export function pushToDataLayer(event: AnalyticsEvent, { id, name, hits, assignment }: AnalyticsList): void {
  const page = globalThis as { dataLayer?: unknown[] }
  page.dataLayer ??= []
  const offers = hits.slice(0, maxItems).map((hit) => ({ ...hit, price: unitPrice(hit.product) }))
  // An event has one currency; what is sold in another goes without a price.
  const currency = offers.find(({ price }) => price !== null)?.price?.currency
  // Otherwise parameters of the event before would go with this one.
  page.dataLayer.push({ ecommerce: null })
  page.dataLayer.push({
    event,
    ecommerce: {
      item_list_id: id,
      item_list_name: name,
      ...(currency && { currency }),
      ...(assignment && { experiment: assignment.experiment, variant: assignment.variant }),
      items: offers.map(({ product, rank, price }) => ({
        ...describe(product),
        index: rank,
        ...(price?.currency === currency && describePrice(price)),
      })),
    },
  })
}

function describe({ id, title, brand, color, product_type: type = '' }: Product) {
  const categories = type
    .split('>')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  return {
    item_id: id,
    item_name: title,
    ...(brand && { item_brand: brand }),
    ...Object.fromEntries(
      categories
        .slice(0, maxCategories)
        .map((text, level) => [`item_category${level > 0 ? level + 1 : ''}`, text]),
    ),
    ...(color && { item_variant: color }),
  }
}

function describePrice(price: UnitPrice | null) {
  return price && { price: price.amount, ...(price.discount > 0 && { discount: price.discount }) }
}

/** What one of a product costs now; null where the feed's prices are none. */
function unitPrice(product: Product): UnitPrice | null {
  const { current = '', original = '' } = priceAt(product, Date.now()) ?? {}
  const price = parsePrice(current)
  const before = parsePrice(original)
  // Differences of decimal fractions are not exact; no currency has more than four decimals.
  const discount = price && before ? Number((before.amount - price.amount).toFixed(4)) : 0
  return price && { ...price, discount }
}
