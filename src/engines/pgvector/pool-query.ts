import type { PgQuery } from './schema.js'

/** What `pg.Pool` is, as far as it matters here. */
export interface PgPool {
  connect(): Promise<PgClient>
  /** What it makes its connections with. */
  readonly Client?: new (
    // biome-ignore lint/suspicious/noExplicitAny: options of the pool, which the package declares elsewhere.
    options: any,
  ) => PgCanceler
  readonly options?: object
}

interface PgQueries {
  query(sql: string, params: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

interface PgClient extends PgQueries {
  readonly processID?: number | null
  release(): void
}

interface PgCanceler extends PgQueries {
  connect(): Promise<unknown>
  end(): Promise<unknown>
}

/**
 * Statements over a pool of the package `pg`. An aborted one is cancelled in the database, over a connection of its own,
 * since all of the pool may be as slow; and one that still waits for a connection gives up its place.
 */
export function poolQuery(pool: PgPool): PgQuery {
  return async (sql, params, signal) => {
    signal?.throwIfAborted()
    const client = await pool.connect()
    let cancelling: Promise<void> = Promise.resolve()
    const abort = () => {
      // Whoever aborted does not wait: a statement that cannot be cancelled runs to its end.
      cancelling = cancel(pool, client).catch(() => undefined)
    }
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', abort, { once: true })
      return (await client.query(sql, [...params])).rows
    } finally {
      signal?.removeEventListener('abort', abort)
      // The next statement on this connection must not be the one that is cancelled.
      await cancelling
      client.release()
    }
  }
}

async function cancel({ Client, options }: PgPool, { processID }: PgClient): Promise<void> {
  if (!Client || !processID) return
  const canceler = new Client(options)
  try {
    await canceler.connect()
    await canceler.query('select pg_cancel_backend(($1::text)::integer)', [String(processID)])
  } finally {
    await canceler.end()
  }
}
