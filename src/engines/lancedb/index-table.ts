import type { LanceModule, LanceTable } from './lance-module.js'

/** See `LancedbOptions.search`. */
export type LanceSearch = 'auto' | 'exact' | 'approximate'

/** With fewer rows, comparing all takes no longer than people notice. */
const leastIndexed = 100_000

/** The parts of an index are as many as its rows had square roots, and stay as many while rows come and go. */
const mostGrowth = 4

/** How long files stay that only earlier versions of a table have: somebody may be reading them. */
const keptMilliseconds = 3_600_000

/** Whether a table has an index on its vectors. */
export async function isSearchedByIndex(table: LanceTable): Promise<boolean> {
  return (await vectorIndexes(table)).length > 0
}

/** Brings the indexes of a table up to its rows, and its files together: much quicker at the end than on the way. */
export async function indexTable(
  { Index }: LanceModule,
  table: LanceTable,
  search: LanceSearch,
): Promise<void> {
  const rows = await table.countRows()
  if (rows > 0) {
    const indexed = new Set((await table.listIndices()).flatMap(({ columns }) => columns))
    const missing = [
      ['id', Index.btree()],
      ['labels', Index.labelList()],
    ] as const
    for (const [column, config] of missing) {
      if (!indexed.has(column)) await table.createIndex(column, { config, name: column, replace: true })
    }
  }
  await indexVectors(Index, table, { rows, isWanted: isIndexWanted(search, rows) })
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - keptMilliseconds) })
}

function isIndexWanted(search: LanceSearch, rows: number): boolean {
  // Of fewer rows LanceDB builds none.
  return search === 'approximate' ? rows >= 256 : search === 'auto' && rows >= leastIndexed
}

async function indexVectors(
  Index: LanceModule['Index'],
  table: LanceTable,
  { rows, isWanted }: { readonly rows: number; readonly isWanted: boolean },
): Promise<void> {
  const isFitting = (name: string) => {
    const rowsThen = Number(name.split('_')[1])
    return isWanted && rows <= mostGrowth * rowsThen && rowsThen <= mostGrowth * rows
  }
  const names = await vectorIndexes(table)
  if (isWanted && !names.some(isFitting)) {
    const config = Index.ivfFlat({ distanceType: 'dot', numPartitions: Math.ceil(Math.sqrt(rows)) })
    await table.createIndex('embedding', { config, name: `embedding_${rows}`, replace: true })
  }
  for (const name of names) if (!isFitting(name)) await table.dropIndex(name)
}

async function vectorIndexes(table: LanceTable): Promise<string[]> {
  const indices = await table.listIndices()
  return indices.filter(({ columns }) => columns.includes('embedding')).map(({ name }) => name)
}
