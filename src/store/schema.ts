import type { DBSchema, IDBPDatabase, IDBPObjectStore, IDBPTransaction, StoreNames } from 'idb'
import type { Space } from '../types.js'
import type { Chunk } from './chunk.js'
import type { KeptAnswer } from './kept-answers.js'
import type { ModelIdentity, StoredCatalog } from './vector-store.js'

/** `[catalogKey, fingerprint of the space]` */
export type CollectionKey = [catalogKey: string, fingerprint: string]

export type AnswerKey = [catalogKey: string, question: string]

/** What is known about the chunks of one catalogue in one space. */
export interface Collection {
  readonly space: Space
  /** Milliseconds since 1970 of the last use, to the day; decides what is evicted when space runs out. */
  readonly usedAt: number
  /** Chunks have numbers below it. A number is never used again. */
  readonly nextChunk: number
  /** Random, another one after every write: tells a tab whether it still knows which id is in which chunk. */
  readonly revision: string
  /** SHA-256 of the pack that the vectors were last taken from, where there was one. */
  readonly pack?: string | undefined
}

export interface Schema extends DBSchema {
  collections: { key: CollectionKey; value: Collection }
  chunks: { key: [...CollectionKey, number: number]; value: Chunk }
  catalogs: { key: string; value: StoredCatalog }
  models: { key: string; value: ModelIdentity }
  /** Lists by question; by the empty one, the stamp of what they were made of. */
  answers: { key: AnswerKey; value: KeptAnswer | string }
}

export type Database = IDBPDatabase<Schema>
export type Transaction<
  Names extends StoreNames<Schema>,
  Mode extends IDBTransactionMode = 'readonly',
> = IDBPTransaction<Schema, Names[], Mode>

/** The object store of lists, whatever else is in its transaction. */
export type AnswerStore<Mode extends IDBTransactionMode> = Pick<
  IDBPObjectStore<Schema, StoreNames<Schema>[], 'answers', Mode>,
  'get' | 'getAllKeys' | (Mode extends 'readwrite' ? 'put' | 'delete' : never)
>

/** Brings a database from one version to the next. */
export type UpgradeStep = (
  database: Database,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void

/** Step `i` leads from version `i` to `i + 1`. Steps that were released stay as they are; changes are appended. */
export const upgradeSteps: readonly UpgradeStep[] = [
  (database) => {
    for (const name of ['collections', 'chunks', 'catalogs', 'models'] as const)
      database.createObjectStore(name)
  },
  (database) => {
    database.createObjectStore('answers')
  },
]

/** Every object store of the current version. */
export const storeNames = ['collections', 'chunks', 'catalogs', 'models', 'answers'] as const

/** The keys of all that is in `answers` for a catalogue. */
export function answersOf(catalogKey: string): IDBKeyRange {
  return IDBKeyRange.bound([catalogKey], [catalogKey, []])
}

/** The keys of all chunks of a collection. */
export function chunksOf(key: CollectionKey): IDBKeyRange {
  // An array sorts after every number.
  return IDBKeyRange.bound(key, [...key, []])
}
