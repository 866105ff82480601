import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** Where Debian and Ubuntu put PostgreSQL, a folder for every version. */
const folder = process.env.POSTGRES_FOLDER ?? '/usr/lib/postgresql'

interface OpenedPostgres {
  readonly config: pg.PoolConfig
  readonly close?: () => Promise<void>
}

/**
 * A native PostgreSQL with pgvector: the database of `PGVECTOR_URL`, or a server of its own where the packages
 * `postgresql-*-pgvector` are installed, over a socket that nobody else sees.
 */
export async function openPostgres(): Promise<OpenedPostgres | { readonly missing: string }> {
  const url = process.env.PGVECTOR_URL
  if (url !== undefined) return { config: { connectionString: url } }
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : []
  if (versions.length === 0)
    return { missing: `PGVECTOR_URL names no server, and there is none in ${folder}` }
  const version = versions.find((version) => existsSync(join(folder, version, 'lib/vector.so')))
  if (!version) return { missing: `PostgreSQL ${versions.join(', ')} is installed without pgvector` }
  try {
    return await startServer(join(folder, version, 'bin'))
  } catch (error) {
    return { missing: `PostgreSQL ${version} does not start: ${String(error)}` }
  }
}

async function startServer(programs: string): Promise<OpenedPostgres> {
  // Short: the path of a socket has 107 bytes.
  const home = mkdtempSync(join(tmpdir(), 'pg-'))
  const data = join(home, 'data')
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (user.uid !== undefined) chownSync(home, user.uid, user.gid)
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C.UTF-8']
  execFileSync(join(programs, 'initdb'), initdb, { ...user, cwd: home, stdio: 'pipe' })
  const settings = ['-c', 'listen_addresses=', '-c', 'fsync=off']
  const options = { ...user, cwd: home, stdio: 'ignore' } as const
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', home, ...settings], options)
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()))
  const close = async () => {
    // The signal for which clients that are leaving get the time to.
    server.kill('SIGTERM')
    await ended
    rmSync(home, { recursive: true, force: true })
  }
  const config = { host: home, user: 'postgres', database: 'postgres' }
  for (;;) {
    if (await answers(config)) return { config, close }
    if (server.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50))
    else {
      await close()
      throw new Error(`it ended with ${server.exitCode}`)
    }
  }
}

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'postgres'], { stdio: 'pipe' }))
}

async function answers(config: pg.PoolConfig): Promise<boolean> {
  const client = new pg.Client(config)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
