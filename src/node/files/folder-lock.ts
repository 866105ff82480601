import { randomUUID } from 'node:crypto'
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { isMissing } from './file-fetch.js'
import { outputFailed } from './write-file.js'

/** Says who writes into a folder. */
export const lockName = '.similar-items.lock'

/** How often a lock says that its owner is still there. */
const heartbeat = 15_000
/** Without a sign of life for so long an owner is gone, also where it cannot be asked: on another machine. */
const patience = 120_000

interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells apart locks of one process. */
  readonly token: string
}

/**
 * Runs `work` while nobody else writes into a folder. The lock of a process that was killed is taken over.
 * @throws SimilarItemsError `output-failed` where another process writes there; what `work` throws.
 */
export async function withFolderLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const path = join(folder, lockName)
  const lock = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() } satisfies Owner)
  await acquire(path, lock)
  const beating = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined) // The folder may be gone; whoever writes there next will tell.
  }, heartbeat)
  beating.unref()
  try {
    return await work()
  } finally {
    clearInterval(beating)
    if ((await readLock(path)) === lock) await rm(path, { force: true })
  }
}

async function acquire(path: string, lock: string): Promise<void> {
  for (;;) {
    if (await createFile(path, lock)) return
    const found = await readLock(path)
    if (found === null) continue
    if (!(await isAbandoned(path, found))) throw beingWritten(path, found)
    await takeAway(path, found)
  }
}

/**
 * Removes an abandoned lock. One process at a time may do so: between a look at the lock and its removal another could
 * have removed it and have put its own there.
 */
async function takeAway(path: string, abandoned: string): Promise<void> {
  const claim = `${path}.taken-over`
  if (!(await createFile(claim, abandoned))) throw beingWritten(claim, null)
  try {
    if ((await readLock(path)) === abandoned) await rm(path, { force: true })
  } catch (cause) {
    throw outputFailed(path, cause)
  } finally {
    await rm(claim, { force: true })
  }
}

/** False where there is one already. */
async function createFile(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw outputFailed(path, cause)
  }
}

async function readLock(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw outputFailed(path, error)
  }
}

async function isAbandoned(path: string, lock: string): Promise<boolean> {
  const owner = parseOwner(lock)
  if (owner?.host === hostname() && !isRunning(owner.pid)) return true
  try {
    return Date.now() - (await stat(path)).mtimeMs > patience
  } catch (error) {
    if (isMissing(error)) return true
    throw outputFailed(path, error)
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It may be somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Null for a lock that is not written yet, or was not to the end. */
function parseOwner(lock: string): Owner | null {
  try {
    const { pid, host, token } = JSON.parse(lock)
    return Number.isSafeInteger(pid) && pid > 0 && typeof host === 'string' ? { pid, host, token } : null
  } catch {
    return null
  }
}

function beingWritten(path: string, lock: string | null): SimilarItemsError {
  const owner = lock === null ? null : parseOwner(lock)
  const who = owner ? `The process ${owner.pid} on ${owner.host}` : 'Another process'
  return new SimilarItemsError(
    'output-failed',
    `${who} is writing into ${dirname(path)}. Wait until it is done, or choose another folder. Where there is no ` +
      `such process, remove ${path}${owner ? `, or wait ${patience / 60_000} minutes` : ''}.`,
    { subject: path },
  )
}
