import { murmurHash } from '../statistics/murmur-hash.js'

export interface VariantShare<Name extends string = string> {
  readonly name: Name
  /** How much of the visitors, relative to the other variants. Default 1. */
  readonly share?: number | undefined
}

/**
 * The variant that a visitor sees: MurmurHash3 (32 bits, seed 0) of the UTF-8 text `experiment`, U+0000, `visitor`,
 * divided by 2^32, is a number in [0, 1), and the variants divide that interval in their order and by their shares.
 * The same visitor gets the same variant on every page and machine; assignments of two experiments are independent,
 * because the name of the experiment is in the hash.
 * @throws RangeError where there is no variant, or a share is negative, not finite, or all are 0.
 */
export function assignVariant<Name extends string>(
  experiment: string,
  visitor: string,
  variants: readonly VariantShare<Name>[],
): Name {
  const point = (murmurHash(`${experiment}\u0000${visitor}`) / 2 ** 32) * totalShare(variants)
  let reached = 0
  let chosen: Name | undefined
  for (const { name, share = 1 } of variants) {
    if (share === 0) continue
    chosen = name
    reached += share
    if (point < reached) break
  }
  // The last one also where rounding lets the point lie at the very end.
  return chosen as Name
}

/** @throws RangeError */
function totalShare(variants: readonly VariantShare[]): number {
  const shares = variants.map(({ share = 1 }) => share)
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (shares.every((share) => share >= 0) && Number.isFinite(total) && total > 0) return total
  throw new RangeError(`variants need shares of 0 or more that are not all 0, but have ${shares.join(', ')}`)
}
