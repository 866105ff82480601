import { open, rename, rm } from 'node:fs/promises'
import { SimilarItemsError } from '../../errors.js'

/**
 * Writes a file so that under its final name there is the old content or the whole new one, whatever happens: into
 * a file beside it, to the disk, and then renamed.
 * @throws SimilarItemsError `output-failed`, also when the disk is full.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string | Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const partial = `${path}.partial`
  try {
    const file = await open(partial, 'w')
    try {
      const isWhole = typeof content === 'string' || content instanceof Uint8Array
      for await (const piece of isWhole ? [content] : content) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined) // The first failure is the one to tell.
    throw outputFailed(path, cause)
  }
}

export function outputFailed(path: string, cause: unknown): SimilarItemsError {
  const code = (cause as NodeJS.ErrnoException).code
  const why = code === 'ENOSPC' ? 'the disk is full' : String((cause as Error).message ?? cause)
  return new SimilarItemsError('output-failed', `${path} cannot be written: ${why}.`, {
    cause,
    subject: path,
  })
}
