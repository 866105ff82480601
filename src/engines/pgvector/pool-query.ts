import { settleWithin } from '../../settle-within.js'
import type { PgQuery } from './schema.js'

/** What `pg.Pool` is, as far as it matters here. */
export interface PgPool {
  connect(): Promise<PgClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  /** What it makes its connections with. */
  readonly Client?: new (
    // biome-ignore lint/suspicious/noExplicitAny: options of the pool, which the package declares elsewhere.
    options: any,
  ) => PgCanceler
  readonly options?: object
}

interface PgConnection {
  query(sql: string, params: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface PgClient extends PgConnection {
  readonly processID?: number | null
  off(event: 'error', listener: (error: Error) => void): unknown
  /** @param destroy closes the connection, in place of keeping it for the next statement. */
  release(destroy?: boolean): void
}

interface PgCanceler extends PgConnection {
  /** As the pool itself ends one that does not come about. */
  readonly connection?: { readonly stream: { destroy(): unknown } }
  connect(): Promise<unknown>
  end(): Promise<unknown>
}

/**
 * Statements over a pool of the package `pg`. An aborted one is cancelled in the database, over a connection of its own,
 * since all of the pool may be as slow; and one that still waits for a connection gives up its place. A connection that
 * breaks off fails the statement that is on it, and nothing else.
 */
export function poolQuery(pool: PgPool): PgQuery {
  pool.on('error', toldElsewhere)
  return async (sql, params, signal) => {
    signal?.throwIfAborted()
    const client = await pool.connect()
    // The pool listens to those that are idle only.
    client.on('error', toldElsewhere)
    let cancelling = Promise.resolve(true)
    const abort = () => {
      // Whoever aborted does not wait: a statement that cannot be cancelled runs to its end.
      cancelling = cancel(pool, client).then(
        () => true,
        () => false,
      )
    }
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', abort, { once: true })
      return (await client.query(sql, [...params])).rows
    } finally {
      signal?.removeEventListener('abort', abort)
      // The next statement on this connection must not be the one that is cancelled.
      const isOver = await cancelling
      client.release(!isOver)
      client.off('error', toldElsewhere)
    }
  }
}

/**
 * `pg` emits the error of a connection that breaks off, which ends the process where nobody listens, and rejects the
 * statement that is on it as well. One on which nobody waits has left the pool by then.
 */
function toldElsewhere(): void {}

/** Cancels what a connection is at, where another one comes about. @throws where the cancel may still come. */
async function cancel({ Client, options }: PgPool, { processID }: PgClient): Promise<void> {
  if (!Client || !processID) return
  const canceler = new Client(options)
  canceler.on('error', toldElsewhere)
  const ask = async () => {
    const isConnected = await canceler.connect().then(
      () => true,
      () => false,
    )
    if (isConnected)
      await canceler.query('select pg_cancel_backend(($1::text)::integer)', [String(processID)])
  }
  const late = () => {
    // Ending it politely takes an answer as well.
    canceler.connection?.stream.destroy()
    return new Error('The cancel was not answered.')
  }
  try {
    await settleWithin(ask(), longestCancel, late)
  } finally {
    canceler.end().catch(toldElsewhere)
  }
}

/** Seconds. */
const longestCancel = 5
