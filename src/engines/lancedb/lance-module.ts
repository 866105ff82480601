/** What of the package `@lancedb/lancedb` is used, so that nothing has to be installed where it is not. */
export interface LanceModule {
  connect(
    uri: string,
    options?: {
      readConsistencyInterval?: number
      storageOptions?: Record<string, string>
    },
  ): Promise<LanceConnection>
  readonly Index: {
    btree(): unknown
    labelList(): unknown
    ivfFlat(options: { distanceType: 'dot'; numPartitions: number }): unknown
  }
}

export interface LanceConnection {
  tableNames(options: { startAfter?: string; limit?: number }): Promise<string[]>
  openTable(name: string): Promise<LanceTable>
  // biome-ignore lint/suspicious/noExplicitAny: Arrow's types are those of a package that need not be there.
  createEmptyTable(name: string, schema: any, options: { existOk: boolean }): Promise<LanceTable>
  dropTable(name: string): Promise<void>
  close(): void
}

export interface LanceTable {
  schema(): Promise<{ readonly metadata: ReadonlyMap<string, string> }>
  countRows(): Promise<number>
  add(rows: Record<string, unknown>[], options: { mode: 'append' | 'overwrite' }): Promise<unknown>
  setUnenforcedPrimaryKey(column: string): Promise<void>
  mergeInsert(on: string): LanceMerge
  delete(predicate: string): Promise<unknown>
  query(): LanceQuery
  // biome-ignore lint/suspicious/noExplicitAny: a class of the package, private inside.
  createIndex(column: string, options: { config: any; name: string; replace: boolean }): Promise<void>
  dropIndex(name: string): Promise<void>
  listIndices(): Promise<{ readonly name: string; readonly columns: readonly string[] }[]>
  optimize(options: { cleanupOlderThan: Date }): Promise<unknown>
}

interface LanceMerge {
  useIndex(useIndex: boolean): LanceMerge
  whenMatchedUpdateAll(): LanceMerge
  whenNotMatchedInsertAll(): LanceMerge
  execute(rows: Record<string, unknown>[]): Promise<unknown>
}

interface LanceAnswer {
  toArray(options?: { timeoutMs?: number }): Promise<Readonly<Record<string, unknown>>[]>
}

export interface LanceQuery extends LanceAnswer {
  where(predicate: string): LanceQuery
  select(columns: string[]): LanceQuery
  orderBy(ordering: { columnName: string }): LanceQuery
  limit(count: number): LanceQuery
  nearestTo(vector: Float32Array): LanceVectorQuery
}

export interface LanceVectorQuery extends LanceAnswer {
  column(name: string): LanceVectorQuery
  distanceType(type: 'dot'): LanceVectorQuery
  where(predicate: string): LanceVectorQuery
  select(columns: string[]): LanceVectorQuery
  limit(count: number): LanceVectorQuery
  minimumNprobes(count: number): LanceVectorQuery
  maximumNprobes(count: number): LanceVectorQuery
  bypassVectorIndex(): LanceVectorQuery
}
