import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'

/**
 * Runs one statement and resolves with its rows. Values are `$1`, `$2`, ... and all of them texts.
 * `signal` ends the statement where the driver can do that; the waiting ends in any case.
 */
export type PgQuery = (
  sql: string,
  params: readonly string[],
  signal?: AbortSignal,
) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** Names of the tables, quoted. */
export interface TableNames {
  readonly schema: string
  readonly spaces: string
  /** The rows of one space. */
  rows(number: number): string
  /** The name of an index on them. */
  index(number: number, column: string): string
}

/** @throws SimilarItemsError `invalid-argument` for a name that is not lower-case letters, digits and `_`. */
export function tableNames(name: string): TableNames {
  const [table = '', schema, ...more] = name.split('.').reverse()
  const isGood = [table, schema ?? 'public'].every((part) => /^[a-z_][a-z0-9_]{0,39}$/.test(part))
  if (!isGood || more.length > 0) {
    const message = `"${name}" is no name for tables: lower-case letters, digits and "_", after a schema and "." or not.`
    throw new SimilarItemsError('invalid-argument', message, { subject: name })
  }
  const prefix = schema === undefined ? '' : `"${schema}".`
  return {
    schema: `${prefix}"${table}_schema"`,
    spaces: `${prefix}"${table}_spaces"`,
    rows: (number) => `${prefix}"${table}_rows_${number}"`,
    index: (number, column) => `"${table}_rows_${number}_${column}"`,
  }
}

/** The steps from each version of the tables to the next; what has been published is never changed. */
const migrations: readonly ((names: TableNames) => readonly string[])[] = [
  ({ spaces }) => [
    'create extension if not exists vector',
    `create table if not exists ${spaces} (
      number integer generated always as identity primary key,
      fingerprint text not null unique,
      space text not null,
      is_active boolean not null default false
    )`,
  ],
]

/** Brings the tables up to date. Two processes may do so at once. @throws SimilarItemsError `engine-invalid`. */
export async function migrate(query: PgQuery, names: TableNames, signal?: AbortSignal): Promise<void> {
  await query(`create table if not exists ${names.schema} (version integer primary key)`, [], signal)
  const [row] = await query(`select coalesce(max(version), 0) as version from ${names.schema}`, [], signal)
  const version = Number(row?.version)
  if (version > migrations.length) {
    const message = `The tables ${names.schema} are of version ${version}; this similar-items knows ${migrations.length}. Update it.`
    throw new SimilarItemsError('engine-invalid', message)
  }
  for (let next = version; next < migrations.length; next++) {
    for (const sql of migrations[next]?.(names) ?? []) await query(sql, [], signal)
    const done = `insert into ${names.schema} values (($1::text)::integer) on conflict do nothing`
    await query(done, [String(next + 1)], signal)
  }
}

/** The table of a space, made where it is missing. Its index on the vectors comes last: see `indexRows`. */
export async function createRows(
  query: PgQuery,
  names: TableNames,
  space: Space,
  signal?: AbortSignal,
): Promise<number> {
  const insert = `insert into ${names.spaces} (fingerprint, space) values ($1::text, $2::text) on conflict do nothing`
  await query(insert, [space.fingerprint, JSON.stringify(space)], signal)
  const select = `select number from ${names.spaces} where fingerprint = ($1::text)`
  const [row] = await query(select, [space.fingerprint], signal)
  const number = Number(row?.number)
  const rows = names.rows(number)
  await query(
    `create table if not exists ${rows} (
      id text collate "C" primary key,
      item_group text,
      version text not null,
      product text not null,
      attributes jsonb not null,
      scale real not null,
      levels bytea not null,
      embedding halfvec(${space.dimensions}) not null
    )`,
    [],
    signal,
  )
  return number
}

/** Makes the indexes of a space, where they are missing: much quicker after the rows are there than before. */
export async function indexRows(
  query: PgQuery,
  names: TableNames,
  number: number,
  signal?: AbortSignal,
): Promise<void> {
  const rows = names.rows(number)
  const indexes = [
    [names.index(number, 'attributes'), 'using gin (attributes jsonb_path_ops)'],
    [
      names.index(number, 'embedding'),
      'using hnsw (embedding halfvec_ip_ops) with (m = 16, ef_construction = 100)',
    ],
  ]
  for (const [index, how] of indexes) {
    await query(`create index if not exists ${index} on ${rows} ${how}`, [], signal)
  }
  await query(`analyze ${rows}`, [], signal)
}
