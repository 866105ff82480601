import type { PgQuery } from './schema.js'

/** What `pg.Pool` is, as far as it matters here. */
export interface PgPool {
  connect(): Promise<PgClient>
}

interface PgClient {
  readonly processID?: number | null
  query(sql: string, params: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  release(): void
}

/**
 * Statements over a pool of the package `pg`. An aborted one is cancelled in the database, and one that still waits
 * for a connection gives up its place.
 */
export function poolQuery(pool: PgPool): PgQuery {
  return async (sql, params, signal) => {
    signal?.throwIfAborted()
    const client = await pool.connect()
    let isRunning = true
    const cancel = async () => {
      const canceler = await pool.connect()
      try {
        // Where no connection was free, it may be another's statement that runs on that one by now.
        if (!isRunning) return
        await canceler.query('select pg_cancel_backend(($1::text)::integer)', [String(client.processID)])
      } finally {
        canceler.release()
      }
    }
    // Whoever aborted does not wait: a statement that cannot be cancelled runs to its end.
    const abort = () => void cancel().catch(() => undefined)
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', abort, { once: true })
      return (await client.query(sql, [...params])).rows
    } finally {
      isRunning = false
      signal?.removeEventListener('abort', abort)
      client.release()
    }
  }
}
