import pRetry from 'p-retry'
import { SimilarItemsError } from '../../errors.js'
import { withoutCredentials } from '../download/credentials.js'
import { PassingFailure, retryPauses } from '../download/passing-failure.js'
import type { FollowingPages } from './next-page.js'
import type { Feed } from './read-feed.js'

/** A feed, or one page of it. */
export interface FeedPage {
  readonly feed: Feed
  /** Undefined where nothing is said of other pages. */
  readonly following: FollowingPages | undefined
}

export interface ReadPagesOptions {
  /** Further attempts at a page after a failure that may pass. */
  readonly retries: number
  readonly signal: AbortSignal | undefined
}

/** More has no shop; a server may make them up without end. */
const mostPages = 2000

/**
 * Reads a feed with the pages that it says come after it, as the APIs of shops give their products. What fails and may
 * pass is tried again from the begin of its page; without one of its pages a feed is none.
 * @throws what `readPage` throws.
 */
export async function readPages(
  location: string,
  readPage: (location: string) => Promise<FeedPage>,
  { retries, signal }: ReadPagesOptions,
): Promise<Feed> {
  const read = (page: string) =>
    pRetry(() => readPage(page), {
      retries,
      ...retryPauses,
      shouldRetry: ({ error }) => mayPass(error),
      ...(signal && { signal }),
    })
  let { feed, following } = await read(location)
  if (following === undefined || feed.format !== 'json') return feed
  const [items, skipped, notes] = [[...feed.items], [...feed.skipped], [...feed.notes]]
  const asked = new Set([location])
  const { total = 0 } = following
  while (following?.next !== undefined && !asked.has(following.next) && asked.size < mostPages) {
    asked.add(following.next)
    const page: FeedPage = await read(following.next)
    for (const item of page.feed.items) items.push(item)
    skipped.push(...page.feed.skipped)
    notes.push(...page.feed.notes)
    following = page.following
  }
  const hasMore = following?.next !== undefined || asked.size < total
  if (hasMore) notes.push({ item: null, note: incomplete(location, asked.size, total) })
  return { ...feed, items, skipped, notes }
}

function incomplete(location: string, read: number, total: number): string {
  const of = total > read ? ` of ${total}` : ''
  const name = withoutCredentials(location).replace(/\?.*/s, '')
  return `Only ${read}${of} pages of ${name} were read: its Link header leads to no other one. Write all products into one file.`
}

function mayPass(error: unknown): boolean {
  return (
    error instanceof SimilarItemsError && error.cause instanceof PassingFailure && error.cause.isTriedAgain
  )
}
