import { settleWithin } from '../settle-within.js'

/** So many seconds the browser may take to say something about its locks; one that has lost its storage never does. */
const answerLimit = 2

/**
 * The Web Locks of this origin. Null where there are none (an insecure context), where they are denied (a browser that
 * blocks a site's data has the interface, but every call of it fails), and where they do not answer.
 */
export async function webLocks(): Promise<LockManager | null> {
  const locks = globalThis.navigator?.locks
  if (!locks) return null
  return settleWithin(locks.query(), answerLimit, noAnswer).then(
    () => locks,
    () => null,
  )
}

/** Holds a lock for as long as this worker lives. @returns its name; null where there are no locks. */
export async function lifeLock(): Promise<string | null> {
  const locks = await webLocks()
  if (!locks) return null
  const name = `similar-items-worker-${crypto.randomUUID()}`
  const granted = new Promise<string>((resolve, reject) => {
    const life = () => {
      resolve(name)
      return new Promise<never>(() => undefined)
    }
    locks.request(name, life).catch(reject)
  })
  return settleWithin(granted, answerLimit, noAnswer).catch(() => null)
}

function noAnswer(): Error {
  return new Error('The browser does not answer.')
}
