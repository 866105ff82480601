import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { poolQuery } from '../../../src/engines/pgvector/pool-query.js'
import { type SentStatement, scriptedPostgres } from './scripted-postgres.js'

/** What would have ended a process. */
const fatal: unknown[] = []
const note = (error: unknown) => fatal.push(error)
let sent: SentStatement[]
/** Connections that do not come about. */
let deaf: Set<number>
let database: Awaited<ReturnType<typeof scriptedPostgres>>
let pool: pg.Pool

beforeEach(async () => {
  fatal.length = 0
  sent = []
  deaf = new Set()
  process.prependListener('uncaughtException', note)
  database = await scriptedPostgres(
    (statement) => {
      if (statement.sql === 'select now') statement.answer()
      else sent.push(statement)
    },
    (connection) => !deaf.has(connection),
  )
  pool = new pg.Pool({ ...database.config, max: 1 })
})

afterEach(async () => {
  await database.close()
  await pool.end()
  process.removeListener('uncaughtException', note)
  expect(fatal).toEqual([])
})

const statement = async (index: number): Promise<SentStatement> => {
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(index), { timeout: 20_000 })
  return sent[index] as SentStatement
}

test('a database that breaks off a cancel ends neither the process nor the next statement', async () => {
  const query = poolQuery(pool)
  const leaving = new AbortController()
  const asked = query('select slow', [], leaving.signal)
  const slow = await statement(0)
  leaving.abort()
  const cancel = await statement(1)
  expect([slow.connection, cancel.connection, cancel.sql]).toEqual([1, 2, expect.stringContaining('cancel')])
  cancel.drop()
  slow.answer()
  expect(await asked).toEqual([])
  // The cancel may be read all the same: what comes next is on another connection.
  const next = query('select next', [])
  const nextSent = await statement(2)
  expect(nextSent.connection).toBe(3)
  nextSent.answer()
  expect(await next).toEqual([])
})

test.each([
  ['a cancel that is not answered', false],
  ['a cancel for which no connection comes about', true],
])('%s is waited for no longer than seconds, and meets nobody', async (_, isDeaf) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const query = poolQuery(pool)
    const leaving = new AbortController()
    const asked = query('select slow', [], leaving.signal)
    const slow = await statement(0)
    if (isDeaf) deaf.add(2)
    leaving.abort()
    if (isDeaf) await vi.waitFor(() => expect(database.connections()).toEqual([1, 2]), { timeout: 20_000 })
    else expect((await statement(1)).connection).toBe(2)
    slow.answer()
    const next = query('select next', [])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await asked).toEqual([])
    const nextSent = await statement(isDeaf ? 1 : 2)
    expect([nextSent.sql, nextSent.connection]).toEqual(['select next', 3])
    nextSent.answer()
    expect(await next).toEqual([])
    await vi.waitFor(() => expect(database.connections()).toEqual([3]), { timeout: 20_000 })
  } finally {
    vi.useRealTimers()
  }
})

test('a statement whose connection breaks off fails, and the next one works', async () => {
  const query = poolQuery(pool)
  const asked = query('select slow', [])
  const slow = await statement(0)
  slow.drop()
  await expect(asked).rejects.toThrow(/ECONNRESET|terminated/)
  expect(await query('select now', [])).toEqual([])
})

test('a connection that breaks off while nobody asks ends no process', async () => {
  const query = poolQuery(pool)
  expect(await query('select now', [])).toEqual([])
  const removed = new Promise((resolve) => pool.once('remove', resolve))
  database.drop(1)
  await removed
  expect(await query('select now', [])).toEqual([])
})

test('statements leave no listeners behind', async () => {
  const query = poolQuery(pool)
  const opened: pg.PoolClient[] = []
  pool.on('connect', (client) => opened.push(client))
  for (let turn = 0; turn < 5; turn++) await query('select now', [])
  // The pool's own.
  expect(opened.map((client) => client.listenerCount('error'))).toEqual([1])
})
