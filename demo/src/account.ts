/** Who can say how the lists of an element came about. */
export interface Account {
  /** What its numbers are, in a sentence or two. */
  readonly hint: string
  /** Rejects where there will be no list. */
  readonly opening: Promise<unknown>
  /** Calls `listener` whenever there is more to tell. */
  onChange(listener: () => void): void
  /** A product page was opened; what is told is about this one from now on. */
  begin(): void
  /** Where the list came from. */
  origin(): string
  /** The steps behind it; null while there are none. @param firstResults milliseconds until the first list. */
  steps(firstResults: number | null): HTMLElement | null
  /** Forgets what lies on this device; null where nothing does. */
  readonly forget: (() => Promise<void>) | null
  close(): void
}
