import { openDB } from 'idb'
import { settleWithin } from '../settle-within.js'
import { type Database, type Schema, storeNames, type UpgradeStep, upgradeSteps } from './schema.js'

export interface OpenDatabaseOptions {
  readonly name: string
  /** Default: those of the current schema. Their number is the version. */
  readonly steps?: readonly UpgradeStep[]
  readonly signal?: AbortSignal | undefined
  /** The connection is closed: by the browser, or to let another tab upgrade or delete the database. */
  readonly onLost: () => void
}

/** Safari's `indexedDB.open` is known to hang. */
const openLimitSeconds = 5

/**
 * Opens the database, upgrading it where needed. The connection gives way at once when another tab wants to
 * upgrade or delete the database.
 * @throws whatever IndexedDB throws, a TimeoutError after five seconds, or the signal's reason.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { name, steps = upgradeSteps, signal, onLost } = options
  signal?.throwIfAborted()
  let blocked = false
  const opening = openDB<Schema>(name, steps.length, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      for (const step of steps.slice(oldVersion)) step(database, transaction)
    },
    // Tabs that run this code give way; one that is only slow to do so is waited for.
    blocked() {
      blocked = true
    },
    blocking(_currentVersion, _blockedVersion, event) {
      ;(event.target as IDBDatabase).close()
      onLost()
    },
    terminated: onLost,
  })
  const late = () => new DOMException(blocked ? blockedMessage : hungMessage, 'TimeoutError')
  try {
    return assertLayout(await settleWithin(opening, openLimitSeconds, late, signal))
  } catch (error) {
    // A connection that opens after all would keep other tabs from upgrading. Its failure changes nothing any more.
    opening.then(
      (database) => database.close(),
      () => {},
    )
    throw error
  }
}

const blockedMessage = 'Another tab keeps an older version of the database open; close it.'
const hungMessage = 'The browser does not open the database. Restarting the browser usually helps.'

function assertLayout(database: Database): Database {
  const missing = storeNames.filter((name) => !database.objectStoreNames.contains(name))
  if (missing.length === 0) return database
  throw new DOMException(`"${database.name}" has no object store "${missing}".`, 'NotFoundError')
}
