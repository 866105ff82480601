import { type ErrorCode, SimilarItemsError } from '../../errors.js'
import type { SkippedItem } from '../../types.js'
import type { FeedNote } from '../feed/feed-report.js'

/** A run that indexed nothing, with what it found out about the items all the same. */
export class IndexFailure extends SimilarItemsError {
  readonly skipped: readonly SkippedItem[]
  readonly notes: readonly FeedNote[]

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      skipped: readonly SkippedItem[]
      notes: readonly FeedNote[]
      subject?: string
      cause?: unknown
    },
  ) {
    super(code, message, options)
    this.skipped = options.skipped
    this.notes = options.notes
  }
}
