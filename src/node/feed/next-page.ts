import { parseUrl } from '../../parse-url.js'
import type { FeedAnswer } from './open-feed.js'

/** What an answer says about the pages that come after it. */
export interface FollowingPages {
  /** Of the same origin; undefined behind the last page. */
  readonly next: string | undefined
  /** Pages in all, as WordPress says it; undefined where nothing does. */
  readonly total: number | undefined
}

/**
 * Reads a `Link` header (RFC 8288) and WordPress's `X-WP-TotalPages`.
 * @param location as which the page was asked for: its credentials are those of the next one.
 */
export function followingPages({ url, headers }: FeedAnswer, location: string): FollowingPages {
  const total = Number(headers['x-wp-totalpages'] ?? Number.NaN)
  const link = [headers.link ?? []].flat().join(', ')
  const written = Array.from(link.matchAll(/<([^<>]*)>([^<]*)/g)).find(([, , parameters = '']) =>
    isNext(parameters),
  )
  return {
    next: written && nextUrl(written[1] as string, url, location),
    total: Number.isInteger(total) ? total : undefined,
  }
}

function isNext(parameters: string): boolean {
  const [, quoted, plain = ''] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(parameters) ?? []
  return (quoted ?? plain).toLowerCase().split(/\s+/).includes('next')
}

function nextUrl(written: string, url: string, location: string): string | undefined {
  const next = parseUrl(written, url)
  if (next === null || next.origin !== new URL(url).origin) return undefined
  const given = new URL(location)
  // After a redirect to elsewhere nobody is to have them.
  if (given.origin === next.origin) {
    next.username = given.username
    next.password = given.password
  }
  return next.href
}
