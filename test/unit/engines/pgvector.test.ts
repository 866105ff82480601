import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { pgvectorEngine } from '../../../src/engines/pgvector/pgvector-engine.js'
import { poolQuery } from '../../../src/engines/pgvector/pool-query.js'
import type { PgQuery } from '../../../src/engines/pgvector/schema.js'
import { whereClause } from '../../../src/engines/pgvector/where-clause.js'
import { encodedRows } from '../../../src/engines/stored-vector.js'
import { noFilter } from '../../../src/engines/vector-engine.js'
import { writeCatalog } from '../../../src/node/indexing/write-catalog.js'
import type { Product } from '../../../src/types.js'
import { codeBlocks } from '../../browser/documents.js'
import { isBuilt } from '../node/command/command-process.js'
import { scratchFolder } from '../node/scratch.js'
import { brokenPromises } from './conformance.js'
import { testEngine } from './engine-suite.js'
import { openPglite } from './pglite.js'

const size = { rows: 800, dimensions: 16 }

describe('PostgreSQL in this process', () => {
  let opened: Awaited<ReturnType<typeof openPglite>>
  let query: PgQuery

  beforeAll(async () => {
    opened = await openPglite()
    query = opened.query
  }, 300_000)
  afterAll(() => opened.database.close())

  testEngine({ open: (home, options) => pgvectorEngine({ query, name: home, ...options }), kit: size })

  test('the index is scanned on until enough rows have passed; where that is not done, all rows are compared', async () => {
    const { queries } = madeRows(size.rows, size.dimensions)
    const [embedding] = queries as [(typeof queries)[0]]
    // Of so few rows PostgreSQL would rather compare all.
    await query('set enable_seqscan = off', [])
    // No index helps with this filter, which keeps 5 %.
    const filter = { ...noFilter, conditions: [{ attribute: 'price', from: 0, to: 0.05 * size.rows }] }
    for (const [mode, statements] of [
      ['relaxed_order', 1],
      // As pgvector is without iterative scans.
      ['off', 2],
    ] as const) {
      const asked: string[] = []
      const observed: PgQuery = (sql, params) => {
        if (sql.includes('<#>')) asked.push(sql)
        return query(sql.replaceAll("'relaxed_order'", `'${mode}'`), params)
      }
      const engine = pgvectorEngine({ query: observed, name: 'kit' })
      const { rows } = await engine.nearest({ embedding, count: 20, filter })
      expect([rows.length, asked.length]).toEqual([20, statements])
    }
    await query('reset enable_seqscan', [])
  })

  test('two processes that make the tables at once do not disturb each other', async () => {
    const { space, rows } = madeRows(4, 4)
    const engines = [1, 2, 3].map(() => pgvectorEngine({ query, name: 'race' }))
    await Promise.all(engines.map((engine, at) => engine.write(space, rows.slice(at, at + 2))))
    await engines[0]?.activate(space)
    expect(await engines[1]?.describe()).toEqual({ space, count: 4 })
  })

  test('tables of a later version are refused', async () => {
    const { space, rows } = madeRows(1, 4)
    await pgvectorEngine({ query, name: 'later' }).write(space, rows)
    await query('insert into later_schema values (99)', [])
    await expect(pgvectorEngine({ query, name: 'later' }).write(space, rows)).rejects.toThrow(
      expect.objectContaining({ code: 'engine-invalid', message: expect.stringContaining('99') }),
    )
  })

  test('over a socket, with the package pg, it keeps every promise', { timeout: 300_000 }, async () => {
    const { database } = opened
    const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 8 })
    await server.start()
    const port = Number(server.getServerConn().split(':').at(-1))
    const open = () => {
      const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 4 })
      return pgvectorEngine({ query: poolQuery(pool), name: 'socket', close: () => pool.end() })
    }
    try {
      expect(await brokenPromises({ rows: 300, dimensions: 16, open })).toEqual([])
      if (isBuilt) await followDocument(`postgres://postgres@127.0.0.1:${port}/postgres`)
    } finally {
      await server.stop()
    }
  })

  /** Does what docs/vector-engines.md says, with the code that it shows. */
  async function followDocument(database: string): Promise<void> {
    const folder = scratchFolder()
    const root = join(import.meta.dirname, '../../..')
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/similar-items'), 'dir')
    symlinkSync(join(root, 'node_modules/pg'), join(folder, 'node_modules/pg'), 'dir')
    const blocks = codeBlocks('docs/vector-engines.md', 'js')
    const blockWith = (word: string) => blocks.find((block) => block.includes(word)) ?? ''
    const [engine, server] = [blockWith('pgvectorEngine'), blockWith('createServer')]
    writeFileSync(join(folder, 'engine.mjs'), engine)
    const listening = "server.on('listening', () => console.log(server.address().port))"
    writeFileSync(
      join(folder, 'server.mjs'),
      `${server.replace('createServer(n', 'const server = createServer(n')}\n${listening}`,
    )
    const { space, rows } = madeRows(20, 16)
    const entries = rows.map(({ id }) => ({ id, contentKey: id }))
    const vectors = encodedRows(
      rows.map(({ vector }) => vector),
      16,
    )
    const items = rows.map(({ product }) => product as Product)
    const files = { items, pack: { space, entries, vectors }, projection: null, unusable: [] }
    mkdirSync(join(folder, 'public'))
    await writeCatalog(join(folder, 'public'), files)
    const env = { ...process.env, DATABASE_URL: database, PORT: '0' }
    const options = { cwd: folder, env }
    const push = spawn(
      process.execPath,
      [join(root, 'dist/node/cli.js'), 'push', 'public', '--engine', 'engine.mjs'],
      options,
    )
    expect(await text(push.stdout)).toMatch(/^20 products written/)
    const serving = spawn(process.execPath, ['server.mjs'], options)
    try {
      const [told] = await once(serving.stdout, 'data')
      const response = await fetch(`http://127.0.0.1:${Number(String(told))}/?item=row-1&price=..10`)
      const { hits } = (await response.json()) as { hits: { product: { price: string } }[] }
      expect(hits.length).toBeGreaterThan(5)
      for (const { product } of hits) expect(Number.parseFloat(product.price)).toBeLessThanOrEqual(10)
    } finally {
      serving.kill()
    }
  }

  test('reading makes no tables', async () => {
    expect(await pgvectorEngine({ query, name: 'reading' }).describe()).toBeNull()
    expect(await query("select tablename from pg_tables where tablename like 'reading%'", [])).toEqual([])
  })
})

test('what is asked is never part of a statement', () => {
  const hostile = `'; drop table x; --`
  const conditions = [
    { attribute: hostile, oneOf: [hostile] },
    { attribute: hostile, from: 1, to: 2 },
  ]
  const { sql, params } = whereClause({ exceptIds: [hostile], exceptGroups: [hostile], conditions }, 3)
  expect(sql).not.toContain('drop')
  expect(sql.match(/\$\d+/g)).toEqual(['$4', '$5', '$6', '$7', '$7', '$8', '$9'])
  expect(params).toHaveLength(6)
})

test.each(['Items', 'a b', 'a"b', 'a.b.c', '', 'a;', '1a'])('"%s" is no name for tables', (name) => {
  expect(() => pgvectorEngine({ query: async () => [], name })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})
