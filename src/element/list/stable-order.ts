import type { Hit } from '../../types.js'

/**
 * The order in which to show a newer list without moving what the shopper has before them: the first `held` cards
 * stay where they are (with the newer score where there is one), the best of the others follow. `rank` becomes the
 * position of the card. Returns at most `limit` hits, each product once.
 */
export function stableOrder(
  shown: readonly Hit[],
  newer: readonly Hit[],
  held: number,
  limit: number,
): readonly Hit[] {
  const newerById = new Map(newer.map((hit) => [hit.product.id, hit]))
  const kept = shown.slice(0, Math.min(held, limit)).map((hit) => newerById.get(hit.product.id) ?? hit)
  const keptIds = new Set(kept.map((hit) => hit.product.id))
  const others = newer.filter((hit) => !keptIds.has(hit.product.id))
  return [...kept, ...others].slice(0, limit).map((hit, rank) => ({ ...hit, rank }))
}
