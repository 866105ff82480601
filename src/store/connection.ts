import type { StoreNames } from 'idb'
import { isSimilarItemsError } from '../errors.js'
import { settleWithin } from '../settle-within.js'
import { openDatabase } from './open-database.js'
import type { Database, Schema, Transaction } from './schema.js'
import { storageUnavailable, storeClosed } from './storage-errors.js'

/** A transaction that waits for another tab's, or for a browser that has lost its storage process. */
const transactionLimitSeconds = 15

/**
 * Milliseconds before a lost connection is opened anew: at once, and, where the browser was still clearing up, a
 * moment later.
 */
const retryPauses = [0, 200]

/**
 * A connection that comes back: browsers close those of background tabs, and it gives way itself when another tab
 * upgrades or deletes the database.
 */
export class Connection {
  readonly #name: string
  #database: Promise<Database> | null = null
  #closed = false

  constructor(name: string) {
    this.#name = name
  }

  /** Opens the database now instead of on first use. Rejects like `transact`, or with the signal's reason. */
  async open(signal?: AbortSignal): Promise<void> {
    try {
      await this.#open(signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw storageUnavailable(error)
    }
  }

  /**
   * Runs `work` in a transaction and returns its result once that is durable enough to survive the tab.
   * `work` may run again, so it must not change anything outside the database that matters to its next run.
   * @throws SimilarItemsError `storage-unavailable` with nothing written: its cause is IndexedDB's error, or another one
   * where a browser or an extension has put something else in its place; `engine-closed`.
   */
  async transact<Name extends StoreNames<Schema>, Mode extends 'readonly' | 'readwrite', Result>(
    names: Name[],
    mode: Mode,
    work: (transaction: Transaction<Name, Mode>) => Promise<Result>,
  ): Promise<Result> {
    try {
      for (const pause of retryPauses) {
        const database = this.#open()
        try {
          return await attempt(database, names, mode, work)
        } catch (error) {
          if (!isLostConnection(error)) throw error
          // The one that failed: a call beside this one may have opened another already.
          this.#release(database)
          await new Promise((resolve) => setTimeout(resolve, pause))
        }
      }
      return await attempt(this.#open(), names, mode, work)
    } catch (error) {
      throw isSimilarItemsError(error) ? error : storageUnavailable(error)
    }
  }

  close(): void {
    this.#closed = true
    if (this.#database) this.#release(this.#database)
  }

  #open(signal?: AbortSignal): Promise<Database> {
    if (this.#closed) return Promise.reject(storeClosed())
    if (this.#database) return this.#database
    const forget = () => {
      if (this.#database === opening) this.#database = null
    }
    const opening = openDatabase({ name: this.#name, signal, onLost: forget })
    opening.catch(forget)
    this.#database = opening
    return opening
  }

  #release(database: Promise<Database>): void {
    if (this.#database === database) this.#database = null
    // Who waits for the database hears of a failed opening.
    database.then(
      (database) => database.close(),
      () => {},
    )
  }
}

async function attempt<Name extends StoreNames<Schema>, Mode extends 'readonly' | 'readwrite', Result>(
  database: Promise<Database>,
  names: Name[],
  mode: Mode,
  work: (transaction: Transaction<Name, Mode>) => Promise<Result>,
): Promise<Result> {
  // What a power cut takes is encoded again.
  const transaction = (await database).transaction(names, mode, { durability: 'relaxed' })
  const late = () => new DOMException('The browser does not finish a transaction.', 'TimeoutError')
  try {
    // What was read is right whether or not the transaction has ended, and that takes as long again.
    transaction.done.catch(() => undefined)
    const ended = mode === 'readonly' ? undefined : transaction.done
    const done = Promise.all([work(transaction), ended])
    return (await settleWithin(done, transactionLimitSeconds, late))[0]
  } catch (error) {
    abortIfActive(transaction)
    // Requests of an aborted transaction only say AbortError; the transaction knows why.
    throw transaction.error ?? error
  }
}

function isLostConnection(error: unknown): boolean {
  const names = ['InvalidStateError', 'UnknownError', 'AbortError']
  return error instanceof DOMException && names.includes(error.name)
}

function abortIfActive(transaction: { abort(): void; readonly error: DOMException | null }): void {
  if (transaction.error !== null) return
  try {
    transaction.abort()
  } catch (error) {
    // InvalidStateError: it is over already.
    if (!(error instanceof DOMException)) throw error
  }
}
