import { mkdirSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import type { PgQuery } from '../../../src/engines/pgvector/schema.js'

const root = join(import.meta.dirname, '../../..')
const extensions = { vector }

/** PostgreSQL with pgvector in this process. @param folder where it keeps its data; in memory by default. */
export async function openPglite(folder?: string): Promise<{ database: PGlite; query: PgQuery }> {
  const database = folder
    ? await PGlite.create({ dataDir: folder, extensions })
    : await PGlite.create({ loadDataDir: await emptyDatabase(), extensions })
  const query: PgQuery = async (sql, params) =>
    (await database.query<Record<string, unknown>>(sql, [...params])).rows
  return { database, query }
}

/** An empty database as an archive: to unpack it takes a tenth of the time that it takes to make it. */
async function emptyDatabase(): Promise<Blob> {
  const description = join(root, 'node_modules/@electric-sql/pglite/package.json')
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string }
  const path = join(root, '.cache', `pglite-${version}.tar`)
  try {
    return await openAsBlob(path)
  } catch {
    // The first time.
  }
  const database = await PGlite.create({ extensions })
  await database.exec('create extension vector')
  const archive = await database.dumpDataDir('none')
  await database.close()
  mkdirSync(join(root, '.cache'), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, Buffer.from(await archive.arrayBuffer()))
  renameSync(unfinished, path)
  return archive
}
