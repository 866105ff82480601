/** The middle value; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN
}

/** Milliseconds with one decimal. */
export function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`
}
