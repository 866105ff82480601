/**
 * The Web Locks of this origin. Null where there are none (an insecure context), and where they are denied: a browser
 * that blocks a site's data has the interface, but every call of it fails.
 */
export async function webLocks(): Promise<LockManager | null> {
  const locks = globalThis.navigator?.locks
  if (!locks) return null
  return locks.query().then(
    () => locks,
    () => null,
  )
}
