import type { SkippedItem } from '../../types.js'

/** Something about a feed that was read differently from how it is written. */
export interface FeedNote {
  /** The id of the item, or where it is; null where the whole feed is meant. */
  readonly item: string | null
  /** A sentence for the shop's developers. */
  readonly note: string
}

/** What is to be told about a feed beside its items. */
export class FeedReport {
  readonly notes: FeedNote[] = []
  /** Records that are no item of the shop, such as unpublished ones. */
  readonly skipped: SkippedItem[] = []

  note(item: string | null, note: string): void {
    this.notes.push({ item, note })
  }

  skip(id: string, reason: string): void {
    this.skipped.push({ id, reason })
  }
}
