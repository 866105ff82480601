import { type SeededRandom, shuffledIndices } from '../measure/statistics/seeded-random.js'

/** Which items belong together; items are numbered from 0. */
export interface Relations {
  /** What is learned from: each says that the two items are similar. */
  readonly pairs: readonly (readonly [number, number])[]
  /** Whether two items are known to belong together: such items are never taken for a mismatch. */
  areRelated(a: number, b: number): boolean
}

/** Items that were clicked on each other's pages. */
export function relationsFromPairs(pairs: readonly (readonly [number, number])[]): Relations {
  const related = new Map<number, Set<number>>()
  const add = (a: number, b: number) => related.set(a, (related.get(a) ?? new Set()).add(b))
  for (const [a, b] of pairs) {
    add(a, b)
    add(b, a)
  }
  return { pairs, areRelated: (a, b) => related.get(a)?.has(b) ?? false }
}

/**
 * Items with the same label: each is paired with up to `perItem` others.
 * @param labels one per item; items without belong to nothing.
 */
export function relationsFromLabels(
  labels: readonly (string | undefined)[],
  random: SeededRandom,
  perItem = 8,
): Relations {
  const members = new Map<string, number[]>()
  for (const [item, label] of labels.entries()) {
    if (label === undefined) continue
    const others = members.get(label) ?? []
    others.push(item)
    members.set(label, others)
  }
  const pairs = [...members.values()].flatMap((items) => pairWithin(items, random, perItem))
  return { pairs, areRelated: (a, b) => labels[a] !== undefined && labels[a] === labels[b] }
}

/** Pairs each item with those that follow it in a random circle: every pair occurs once. */
function pairWithin(items: readonly number[], random: SeededRandom, perItem: number): [number, number][] {
  const circle = Array.from(shuffledIndices(items.length, random), (index) => items[index] as number)
  const reach = Math.min(Math.ceil(perItem / 2), Math.floor((circle.length - 1) / 2))
  const pairs: [number, number][] = []
  for (const [position, item] of circle.entries()) {
    for (let step = 1; step <= reach; step++) {
      pairs.push([item, circle[(position + step) % circle.length] as number])
    }
  }
  // Of an even number, the opposite items of the circle remain.
  const half = circle.length / 2
  if (Number.isInteger(half) && half > 0 && 2 * reach < perItem && reach === half - 1) {
    for (let position = 0; position < half; position++) {
      pairs.push([circle[position] as number, circle[position + half] as number])
    }
  }
  return pairs
}

export interface Split {
  /** Pairs of items that are not held out. */
  readonly training: readonly (readonly [number, number])[]
  /** Items that no pair of `training` has. */
  readonly heldOut: readonly number[]
}

/**
 * Holds out a random `share` of the items that have a partner: to learning they are what products that come later are
 * to the projection. Pairs of a held-out item with another are in neither part.
 */
export function holdOut(
  pairs: readonly (readonly [number, number])[],
  share: number,
  random: SeededRandom,
): Split {
  const items = [...new Set(pairs.flat())]
  const order = Array.from(shuffledIndices(items.length, random), (index) => items[index] as number)
  const heldOut = order.slice(0, Math.floor(share * items.length))
  const isHeldOut = new Set(heldOut)
  return { training: pairs.filter(([a, b]) => !isHeldOut.has(a) && !isHeldOut.has(b)), heldOut }
}
