import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as lancedb from '@lancedb/lancedb'
import pg from 'pg'
import { lancedbEngine } from '../../../src/engines/lancedb/lancedb-engine.js'
import { pgvectorEngine } from '../../../src/engines/pgvector/pgvector-engine.js'
import { poolQuery } from '../../../src/engines/pgvector/pool-query.js'
import type { PgQuery } from '../../../src/engines/pgvector/schema.js'
import type { VectorEngine } from '../../../src/engines/vector-engine.js'

export interface MeasuredEngine {
  readonly engine: VectorEngine
  /** Bytes of rows and indexes. */
  bytes(): Promise<number>
  /** What the engine's own processes have spent so far, in seconds of one processor; null where that cannot be told. */
  processorSeconds(): Promise<number | null>
  close(): Promise<void>
}

/** Engines by name, of so many rows. What they keep is in `folder`, or in a database. */
export const openers: Readonly<Record<string, (rows: number, folder: string) => Promise<MeasuredEngine>>> = {
  async lancedb(rows, folder) {
    const uri = join(folder, `lancedb-${rows}`)
    mkdirSync(uri, { recursive: true })
    const engine = lancedbEngine({ lancedb, uri, search: 'approximate' })
    // It runs in this process.
    const processorSeconds = async () => ownProcessorSeconds()
    return {
      engine,
      bytes: async () => folderBytes(uri),
      processorSeconds,
      close: async () => engine.close?.(),
    }
  },
  async pgvector(rows) {
    const pool = new pg.Pool({ connectionString: process.env.PGVECTOR_URL, max: 16 })
    const query = poolQuery(pool)
    const name = `similar_items_bench_${rows}`
    const engine = pgvectorEngine({ query, name, close: () => pool.end() })
    const bytes = async () => {
      const size = `select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from pg_class
        where relname like '${name}_rows_%' and relkind = 'r'`
      const [row] = await query(size, [])
      return Number(row?.bytes)
    }
    const processorSeconds = async () => {
      const server = await serverProcessorSeconds(query)
      return server === null ? null : server + ownProcessorSeconds()
    }
    return { engine, bytes, processorSeconds, close: async () => engine.close?.() }
  },
}

function ownProcessorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Of a PostgreSQL on this machine: its first process, those that it has started, and those of them that have ended. */
async function serverProcessorSeconds(query: PgQuery): Promise<number | null> {
  const [row] = await query('select pg_backend_pid()::text as pid', [])
  const backend = readProcess(String(row?.pid))
  const server = backend && readProcess(String(backend.parent))
  if (!backend || server?.name !== 'postgres') return null
  const children = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (readProcess(pid) ?? []) : []))
  const running = children.filter(({ parent }) => parent === backend.parent)
  return running.reduce((sum, { own }) => sum + own, server.own + server.ended)
}

/** What Linux says of a process: see proc(5). A tick is a hundredth of a second. */
function readProcess(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user, system, endedUser, endedSystem] = fields.slice(11, 15) as [number, number, number, number]
    return { name, parent: fields[1], own: (user + system) / 100, ended: (endedUser + endedSystem) / 100 }
  } catch {
    return null
  }
}

function folderBytes(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
