import type { CatalogueName } from '../route.js'

/** Whether the server that shows these pages has a database. It is known while building: static pages have none. */
export const canAskDatabase = import.meta.env.MODE === 'database'

const key = 'kindred-asks-database'
let isOn: boolean | null = null

/** Whether lists come from the database; as long as this tab is open, off at first. */
export function asksDatabase(): boolean {
  isOn ??= canAskDatabase && session((storage) => storage.getItem(key)) !== null
  return isOn
}

export function askDatabase(on: boolean): void {
  isOn = on
  session((storage) => (on ? storage.setItem(key, '') : storage.removeItem(key)))
}

/** Whether the database has this catalogue: photos of this device it has not. */
export function isInDatabase(name: CatalogueName): boolean {
  return canAskDatabase && name !== 'folder'
}

/** What the elements of a catalogue get as `engine`; null where they are to work in the page. */
export function databaseAddress(name: CatalogueName): string | null {
  return isInDatabase(name) && asksDatabase() ? `api/similar/${name}` : null
}

function session<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage)
  } catch {
    return null // Blocked for this site: the choice lasts as long as the page.
  }
}
