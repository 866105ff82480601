/** What the readers of the formats get. */
export interface FeedSource {
  readonly text: AsyncIterable<string>
  /** What to call the feed in errors. */
  readonly location: string
  readonly omit: ReadonlySet<string>
}
