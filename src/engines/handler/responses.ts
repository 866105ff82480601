import { isAbort, SimilarItemsError } from '../../errors.js'
import { textTag } from './text-tag.js'

/** Statuses of the errors that are the client's, and of those that it can wait out. */
const statuses: Partial<Record<SimilarItemsError['code'], number>> = {
  'invalid-argument': 400,
  'request-refused': 403,
  'product-unknown': 404,
  'space-mismatch': 409,
  'engine-empty': 503,
  'engine-timeout': 504,
}

/** JSON that caches may keep, or 304 for those that have it. */
export function cacheable(request: Request, value: unknown, cacheControl: string): Response {
  const body = JSON.stringify(value)
  const etag = `"${textTag(body)}"`
  const headers = { etag, 'cache-control': cacheControl }
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')) {
    return new Response(null, { status: 304, headers })
  }
  return json(body, 200, headers)
}

export function uncacheable(value: unknown): Response {
  return json(JSON.stringify(value), 200, { 'cache-control': 'no-store' })
}

/** An error as clients see it: one of this package says what to do, others no more than that something failed. */
export function problem(error: unknown, status?: number, headers: Record<string, string> = {}): Response {
  const known = error instanceof SimilarItemsError && error.code in statuses ? error : null
  const { code, message, subject } =
    known ?? new SimilarItemsError('engine-unreachable', 'The search does not work at the moment.')
  const body = JSON.stringify({ error: { code, message, ...(subject !== undefined && { subject }) } })
  return json(body, status ?? statuses[code] ?? (isAbort(error) ? 499 : 503), {
    'cache-control': 'no-store',
    ...headers,
  })
}

/** Whether an error is nobody's fault but the client's, or nobody's at all. */
export function isExpected(error: unknown): boolean {
  return (
    error instanceof SimilarItemsError &&
    ['invalid-argument', 'product-unknown', 'request-refused', 'space-mismatch'].includes(error.code)
  )
}

function json(body: string, status: number, headers: Record<string, string>): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}
