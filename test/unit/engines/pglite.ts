import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import type { PgQuery } from '../../../src/engines/pgvector/schema.js'

/** PostgreSQL with pgvector in this process. @param folder where it keeps its data; in memory by default. */
export async function openPglite(folder?: string): Promise<{ database: PGlite; query: PgQuery }> {
  const database = await PGlite.create({ ...(folder && { dataDir: folder }), extensions: { vector } })
  const query: PgQuery = async (sql, params) =>
    (await database.query<Record<string, unknown>>(sql, [...params])).rows
  return { database, query }
}
