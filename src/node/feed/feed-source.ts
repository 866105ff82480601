import type { FeedReport } from './feed-report.js'

/** An item in the attribute names of Google Merchant, not validated: texts, or lists of texts. */
export type FeedItem = Readonly<Record<string, unknown>>

/** What the readers of the formats get. */
export interface FeedSource {
  readonly text: AsyncIterable<string>
  /** What to call the feed in errors. */
  readonly location: string
  readonly context: ShapeContext
}

/** What a shape may need beside its records. */
export interface ShapeContext {
  readonly report: FeedReport
  /** ISO 4217 code of prices that name none. */
  readonly currency: string | undefined
}

/** What is read of a feed: which shape it has, and its items as they come. */
export interface ReadItems {
  /** Such as `shopify`; `merchant` is the shape of all that names Merchant attributes. */
  readonly shape: string
  readonly items: AsyncIterable<FeedItem>
}
