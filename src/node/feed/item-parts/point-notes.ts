import type { FeedReport } from '../feed-report.js'
import type { PointMeaning } from './price.js'

/** How a point before three digits was read in the prices of a feed: a note for each meaning, not for each price. */
export class PointNotes {
  readonly #found = new Map<PointMeaning, { count: number; readonly example: string }>()

  readonly add = (meaning: PointMeaning, written: string): void => {
    const found = this.#found.get(meaning)
    if (found) found.count++
    else this.#found.set(meaning, { count: 1, example: written.trim() })
  }

  report(report: FeedReport): void {
    for (const [meaning, { count, example }] of this.#found) {
      report.note(
        null,
        `The point in ${count} ${count === 1 ? 'price' : 'prices'} such as ${example} ${sentences[meaning]}`,
      )
    }
  }
}

const sentences: Readonly<Record<PointMeaning, string>> = {
  thousands: 'was read as a mark of thousands.',
  decimals: 'was read as a decimal point; where thousands are meant, write them without it.',
}
