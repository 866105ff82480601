import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { packageFolder } from '../package-folder.js'
import { isMissing } from './file-fetch.js'
import { outputFailed } from './write-file.js'

export interface CopiedPackage {
  readonly files: number
  readonly bytes: number
}

/**
 * Copies what pages load (scripts, worker, ONNX Runtime, model) into a folder, in place of an older copy. Until it is
 * whole the older copy stays, and the new one then takes its place at once.
 * @param from the package's `dist` folder.
 * @throws SimilarItemsError `invalid-argument` where the folder holds something else or is a file, `output-failed`.
 */
export async function copyPackage(to: string, from: string = packageFolder): Promise<CopiedPackage> {
  const target = resolve(to)
  await assertReplaceable(target)
  const [fresh, old] = [`${target}.new-${process.pid}`, `${target}.old-${process.pid}`]
  try {
    await mkdir(dirname(target), { recursive: true })
    await cp(from, fresh, { recursive: true, filter: (path) => isForPages(relative(from, path)) })
    const copied = await measure(fresh)
    const hadOld = await moveIfThere(target, old)
    await rename(fresh, target).catch(async (cause: unknown) => {
      if (hadOld) await rename(old, target)
      throw cause
    })
    await rm(old, { recursive: true, force: true })
    return copied
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true })
    throw outputFailed(target, cause)
  }
}

/** The command line, the types and what describes the package are for the build of a shop. */
function isForPages(path: string): boolean {
  const [top = ''] = path.split(sep)
  return top === '' || top === 'models' || /\.(js|mjs|wasm)$/.test(top)
}

/** A folder that is not a copy of the package is somebody's work, and so is a file. */
async function assertReplaceable(target: string): Promise<void> {
  const found = await stat(target).catch(() => null)
  if (found && !found.isDirectory()) {
    const message = `${target} is a file, which copying would delete. Name a folder, such as public/similar-items.`
    throw new SimilarItemsError('invalid-argument', message, { subject: target })
  }
  const names = await readdir(target).catch((cause: unknown): string[] => {
    if (isMissing(cause)) return []
    throw outputFailed(target, cause)
  })
  if (names.length === 0 || (names.includes('define.js') && names.includes('worker.js'))) return
  throw new SimilarItemsError(
    'invalid-argument',
    `${target} holds something else, which copying would delete. Name a folder of its own, such as ` +
      `${join(target, 'similar-items')}.`,
    { subject: target },
  )
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function measure(folder: string): Promise<CopiedPackage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))))
  return { files: files.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) }
}
