import { mkdirSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import type { PgQuery } from '../../src/engines/pgvector/schema.js'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** PostgreSQL with pgvector in this process. @param folder where it keeps its data; in memory by default. */
export async function openPglite(folder?: string): Promise<{ database: PGlite; query: PgQuery }> {
  const { PGlite, extensions } = await loadPglite()
  const database = folder
    ? await PGlite.create({ dataDir: folder, extensions })
    : await PGlite.create({ loadDataDir: await emptyDatabase(), extensions })
  const query: PgQuery = async (sql, params) =>
    (await database.query<Record<string, unknown>>(sql, [...params])).rows
  return { database, query }
}

/** Only those who open a database wait for it: 20 MB of WebAssembly. */
async function loadPglite() {
  const [{ PGlite }, { vector }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite-pgvector'),
  ])
  return { PGlite, extensions: { vector } }
}

/** An empty database as an archive: to unpack it takes a tenth of the time that it takes to make it. */
async function emptyDatabase(): Promise<Blob> {
  const description = path('node_modules/@electric-sql/pglite/package.json')
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string }
  const archivePath = path(`.cache/pglite-${version}.tar`)
  try {
    return await openAsBlob(archivePath)
  } catch {
    // The first time.
  }
  const { PGlite, extensions } = await loadPglite()
  const database = await PGlite.create({ extensions })
  await database.exec('create extension vector')
  const archive = await database.dumpDataDir('none')
  await database.close()
  mkdirSync(path('.cache'), { recursive: true })
  const unfinished = `${archivePath}.${process.pid}`
  writeFileSync(unfinished, Buffer.from(await archive.arrayBuffer()))
  renameSync(unfinished, archivePath)
  return archive
}
