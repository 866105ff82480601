/** Which rows a search is after, in the unit of its scores: see `floorOf`. All are 32-bit floats. */
export interface SearchLimits {
  /** How many of the best rows. */
  readonly wanted: number
  /** No row with a lower score. */
  readonly lowest: number
  /** How much worse a row may be than the one in last place of those wanted. */
  readonly margin: number
  /** Scores above this count as this. */
  readonly top: number
  /** Scores up to this are as good as any other. */
  readonly bottom: number
}

/** The least score of a row that is worth finding, when this is the score of the one in last place. */
export function floorOf({ lowest, margin, top, bottom }: SearchLimits, last: number): number {
  return last > bottom ? Math.max(lowest, Math.min(last, top) - margin) : lowest
}

/**
 * The limits that leave out no row which can be among the `wanted` best with a dot product of at least `minimum`,
 * where dot products beyond -1 and 1 count as these.
 * @param slack how far the dot product that a score stands for may be off.
 * @param unit a score times this is a dot product.
 */
export function searchLimits(wanted: number, minimum: number, slack: number, unit: number): SearchLimits {
  return {
    wanted,
    lowest: minimum <= -1 ? Number.NEGATIVE_INFINITY : floatBelow((Math.min(minimum, 1) - slack) / unit),
    // The row in last place may really be worse by the slack, and another one better by as much.
    margin: floatAbove((2 * slack) / unit),
    top: floatBelow((1 + slack) / unit),
    bottom: floatAbove((slack - 1) / unit),
  }
}

/** The largest 32-bit float that is not above `value`. */
function floatBelow(value: number): number {
  if (Number.isNaN(value)) return Number.NEGATIVE_INFINITY
  const rounded = Math.fround(value)
  return rounded <= value ? rounded : Math.fround(value - Math.abs(value) * 2 ** -23)
}

/** The least 32-bit float that is not below `value`. */
function floatAbove(value: number): number {
  return -floatBelow(-value)
}
