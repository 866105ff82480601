import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { pgvectorEngine } from '../../../src/engines/pgvector/pgvector-engine.js'
import { poolQuery } from '../../../src/engines/pgvector/pool-query.js'
import { noFilter } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { brokenPromises } from './conformance.js'
import { openPostgres } from './open-postgres.js'

const opened = await openPostgres()
if ('missing' in opened) console.log(`Native pgvector is not tested: ${opened.missing}`)

describe.skipIf('missing' in opened)('a PostgreSQL of its own', () => {
  const { config, close } = opened as Extract<typeof opened, { config: unknown }>
  const openPool = (max: number) => new pg.Pool({ ...config, max })
  const name = `similar_items_kit_${process.pid}`
  const open = () => {
    const pool = openPool(4)
    return pgvectorEngine({ query: poolQuery(pool), name, close: () => pool.end() })
  }
  afterAll(async () => {
    const pool = openPool(1)
    const found = await pool.query(`select tablename from pg_tables where tablename like '${name}%'`)
    for (const { tablename } of found.rows) await pool.query(`drop table "${tablename}"`)
    await pool.end()
    await close?.()
  })

  test('keeps every promise', { timeout: 120_000 }, async () => {
    expect(await brokenPromises({ rows: 800, dimensions: 16, open })).toEqual([])
  })

  test('a question whose client leaves is cancelled in the database', { timeout: 60_000 }, async () => {
    const pool = openPool(2)
    const query = poolQuery(pool)
    try {
      const leaving = new AbortController()
      const asked = query('select pg_sleep(600), $1::text', ['left'], leaving.signal).catch((error) => error)
      const running = `select count(*)::integer as running from pg_stat_activity
        where state = 'active' and query like 'select pg_sleep(600)%'`
      const countRunning = async () => Number((await query(running, []))[0]?.running)
      await expect.poll(countRunning, { timeout: 20_000 }).toBe(1)
      leaving.abort()
      expect(String(await asked)).toMatch(/canceling statement/)
      expect(await countRunning()).toBe(0)
    } finally {
      await pool.end()
    }
  })

  test('the index answers where the planner has a choice', { timeout: 60_000 }, async () => {
    const engine = open()
    try {
      const { space, rows, queries } = madeRows(3000, 32)
      await engine.write(space, rows)
      await engine.activate(space)
      const [embedding] = queries as [Embedding]
      expect((await engine.nearest({ embedding, count: 20, filter: noFilter })).rows).toHaveLength(20)
      const pool = openPool(1)
      const { rows: plan } = await pool.query(
        `explain select id from "${name}_rows_${await rowsNumber(pool)}" order by embedding <#> $1::halfvec limit 20`,
        [`[${embedding.vector.join()}]`],
      )
      await pool.end()
      expect(JSON.stringify(plan)).toMatch(/Index Scan using .*_embedding/)
    } finally {
      await engine.close?.()
    }
  })

  async function rowsNumber(pool: pg.Pool): Promise<number> {
    const { rows } = await pool.query(`select number from "${name}_spaces" where is_active`)
    return rows[0].number
  }
})
