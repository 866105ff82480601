import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { pgvectorEngine } from '../../../src/engines/pgvector/pgvector-engine.js'
import { poolQuery } from '../../../src/engines/pgvector/pool-query.js'
import { noFilter } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { testEngine } from './engine-suite.js'
import { openPostgres } from './open-postgres.js'

const opened = await openPostgres()
if ('missing' in opened) console.log(`Native pgvector is not tested: ${opened.missing}`)

describe.skipIf('missing' in opened)('a PostgreSQL of its own', () => {
  const { config, close } = opened as Extract<typeof opened, { config: unknown }>
  const openPool = (max: number) => new pg.Pool({ ...config, max })
  const name = `similar_items_kit_${process.pid}`
  const pools: pg.Pool[] = []
  const open = (home: string, options?: { readonly spaceLifetime?: number }) => {
    const pool = openPool(4)
    pools.push(pool)
    return pgvectorEngine({ query: poolQuery(pool), name: `${name}_${home}`, ...options })
  }
  afterAll(async () => {
    const pool = openPool(1)
    const found = await pool.query(`select tablename from pg_tables where tablename like '${name}%'`)
    for (const { tablename } of found.rows) await pool.query(`drop table "${tablename}"`)
    for (const opened of [pool, ...pools]) await opened.end()
    await close?.()
  })

  testEngine({ open, kit: { rows: 800, dimensions: 16 } })

  test('a question whose client leaves is cancelled in the database, also where no other connection is free', {
    timeout: 60_000,
  }, async () => {
    const [pool, watching] = [openPool(1), openPool(1)]
    const query = poolQuery(pool)
    try {
      const leaving = new AbortController()
      const asked = query('select pg_sleep(600), $1::text', ['left'], leaving.signal).catch((error) => error)
      const waiting = query('select 1 as one', [])
      const running = `select count(*)::integer as running from pg_stat_activity
        where state = 'active' and query like 'select pg_sleep(600)%'`
      const countRunning = async () => Number((await watching.query(running)).rows[0].running)
      await expect.poll(countRunning, { timeout: 20_000 }).toBe(1)
      leaving.abort()
      expect(String(await asked)).toMatch(/canceling statement/)
      // The next one on that connection is not cancelled in its place.
      expect(await waiting).toEqual([{ one: 1 }])
      expect(await countRunning()).toBe(0)
    } finally {
      await Promise.all([pool.end(), watching.end()])
    }
  })

  test('the index answers where the planner has a choice', { timeout: 60_000 }, async () => {
    const engine = open('index')
    try {
      const { space, rows, queries } = madeRows(3000, 32)
      await engine.write(space, rows)
      await engine.activate(space)
      const [embedding] = queries as [Embedding]
      expect((await engine.nearest({ embedding, count: 20, filter: noFilter })).rows).toHaveLength(20)
      const pool = openPool(1)
      const { rows: plan } = await pool.query(
        `explain select id from "${name}_index_rows_${await rowsNumber(pool)}" order by embedding <#> $1::halfvec limit 20`,
        [`[${embedding.vector.join()}]`],
      )
      await pool.end()
      expect(JSON.stringify(plan)).toMatch(/Index Scan using .*_embedding/)
    } finally {
    }
  })

  async function rowsNumber(pool: pg.Pool): Promise<number> {
    const { rows } = await pool.query(`select number from "${name}_index_spaces" where is_active`)
    return rows[0].number
  }
})
