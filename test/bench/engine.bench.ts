import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as lancedb from '@lancedb/lancedb'
import { test } from '@playwright/test'
import pg from 'pg'
import { lancedbEngine } from '../../src/engines/lancedb/lancedb-engine.js'
import { pgvectorEngine } from '../../src/engines/pgvector/pgvector-engine.js'
import { poolQuery } from '../../src/engines/pgvector/pool-query.js'
import type { VectorEngine } from '../../src/engines/vector-engine.js'
import { EngineCatalogue } from './engine-catalogue.js'
import { type AnsweredQuestions, askQuestions } from './engine-questions.js'
import { publish, type Row } from './results-file.js'

const dimensions = 192
/** `ENGINE_ROWS=20000` measures this instead. */
const sizes = (process.env.ENGINE_ROWS ?? '100000,1000000').split(',').map(Number)
/** `ENGINES=lancedb` leaves out the others. */
const names = (process.env.ENGINES ?? 'lancedb,pgvector').split(',')
/** A PostgreSQL with pgvector whose tables called `similar_items_bench_...` may be overwritten. */
const postgres = process.env.PGVECTOR_URL

interface MeasuredEngine {
  readonly engine: VectorEngine
  /** Bytes of rows and indexes. */
  bytes(): Promise<number>
  close(): Promise<void>
}

const openers: Readonly<Record<string, () => Promise<MeasuredEngine>>> = {
  async lancedb() {
    const uri = mkdtempSync(join(tmpdir(), 'similar-items-'))
    const engine = lancedbEngine({ lancedb, uri, search: 'approximate' })
    const close = async () => {
      await engine.close?.()
      rmSync(uri, { recursive: true, force: true })
    }
    return { engine, bytes: async () => folderBytes(uri), close }
  },
  async pgvector() {
    const pool = new pg.Pool({ connectionString: postgres, max: 16 })
    const query = poolQuery(pool)
    const name = 'similar_items_bench'
    const tables = await query(`select tablename from pg_tables where tablename like '${name}%'`, [])
    for (const { tablename } of tables) await query(`drop table "${tablename}"`, [])
    const engine = pgvectorEngine({ query, name, close: () => pool.end() })
    const bytes = async () => {
      const size = `select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from pg_class
        where relname like '${name}_rows_%' and relkind = 'r'`
      const [row] = await query(size, [])
      return Number(row?.bytes)
    }
    return { engine, bytes, close: async () => engine.close?.() }
  },
}

interface Run {
  readonly engine: string
  readonly rows: number
  readonly writeSeconds: number
  readonly indexSeconds: number
  readonly megabytes: number
  readonly questions: readonly AnsweredQuestions[]
}

test('vector engines beside the scan', async () => {
  test.setTimeout(6 * 3_600_000)
  const runs: Run[] = []
  const scans: { readonly rows: number; readonly megabytes: number; readonly milliseconds: number[] }[] = []
  for (const rows of sizes) {
    const catalogue = new EngineCatalogue(rows, dimensions)
    scans.push({ rows, megabytes: catalogue.packBytes / 1e6, milliseconds: catalogue.timeScan() })
    for (const name of names) {
      if (name === 'pgvector' && !postgres) continue
      runs.push(await measure(name, catalogue))
    }
  }
  publish(
    'engine',
    [...scans.map(scanRow), ...runs.flatMap(rowsOf), ...notMeasured()],
    { dimensions, versions: versions(), scans, runs },
    'none',
  )
})

async function measure(name: string, catalogue: EngineCatalogue): Promise<Run> {
  const { engine, bytes, close } = await (openers[name] as () => Promise<MeasuredEngine>)()
  try {
    const started = performance.now()
    const { space } = catalogue
    for (const batch of catalogue.batches(engine.batch ?? 500)) await engine.write(space, batch)
    const written = performance.now()
    await engine.activate(space)
    const indexed = performance.now()
    console.log(`${name}: ${catalogue.rows} rows are in`)
    return {
      engine: name,
      rows: catalogue.rows,
      writeSeconds: (written - started) / 1000,
      indexSeconds: (indexed - written) / 1000,
      megabytes: (await bytes()) / 1e6,
      questions: await askQuestions(engine, catalogue),
    }
  } finally {
    await close()
  }
}

function scanRow({
  rows,
  megabytes,
  milliseconds,
}: {
  rows: number
  megabytes: number
  milliseconds: number[]
}): Row {
  const [middle, slow] = [percentile(milliseconds, 50), percentile(milliseconds, 99)]
  return {
    what: `${rows.toLocaleString('en')} x ${dimensions}, our scan, no server: pack, p50 and p99 of a list`,
    value: `${megabytes.toFixed(0)} MB, ${middle.toFixed(1)} and ${slow.toFixed(1)} ms`,
  }
}

function rowsOf({ engine, rows, writeSeconds, indexSeconds, megabytes, questions }: Run): Row[] {
  const what = (name: string) => `${rows.toLocaleString('en')} x ${dimensions}, ${engine}: ${name}`
  return [
    {
      what: what('write, index, bytes'),
      value: `${writeSeconds.toFixed(0)} s, ${indexSeconds.toFixed(0)} s, ${megabytes.toFixed(0)} MB`,
    },
    ...questions.flatMap(({ kind, isFiltered, clients, recall, milliseconds, overheads }): Row[] => {
      const name = `${kind}${isFiltered ? ', filter of 5 %' : ''}, ${clients} at once`
      const [middle, slow] = [percentile(milliseconds, 50), percentile(milliseconds, 99)]
      const least = isFiltered ? 0.95 : 0.98
      const speed: Row = {
        what: what(name),
        value: `p50 ${middle.toFixed(1)} ms, p99 ${slow.toFixed(1)} ms, recall@12 ${recall.toFixed(3)}`,
        target: `recall >= ${least}`,
        met: recall >= least,
      }
      if (clients > 1) return [speed]
      const overhead = percentile(overheads, 50)
      return [
        speed,
        {
          what: what(`${name}: the handler over the engine's time, p50`),
          value: `${overhead.toFixed(2)} ms`,
          target: '<= 1 ms',
          met: overhead <= 1,
        },
      ]
    }),
  ]
}

function notMeasured(): Row[] {
  const pglite = {
    what: 'PGlite with pgvector',
    value: 'not measured: it proves SQL and protocol, not speed',
  }
  if (!names.includes('pgvector') || postgres) return [pglite]
  return [{ what: 'pgvector', value: 'not measured: PGVECTOR_URL names no server' }, pglite]
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}

function folderBytes(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

function versions() {
  const root = fileURLToPath(new URL('../../node_modules/', import.meta.url))
  const versionOf = (name: string) =>
    (JSON.parse(readFileSync(`${root}${name}/package.json`, 'utf8')) as { version: string }).version
  return { '@lancedb/lancedb': versionOf('@lancedb/lancedb'), pg: versionOf('pg') }
}
