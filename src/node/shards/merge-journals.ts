import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { isMissing } from '../files/file-fetch.js'
import { writeFileAtomically } from '../files/write-file.js'

/**
 * Writes the journals of shards, which have one space and one kind of weights, into one.
 * @returns false where one of them is not there, as where only the packs were brought together: then none is written, and
 * one of an earlier run is removed, which knows nothing of these.
 * @throws SimilarItemsError `output-failed`; the error of the file system; the signal's reason on abort.
 */
export async function mergeJournals(
  paths: readonly string[],
  to: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const areThere = await Promise.all(paths.map(isThere))
  if (areThere.includes(false)) {
    await rm(to, { force: true })
    return false
  }
  await writeFileAtomically(to, linesOf(paths, signal))
  return true
}

/** The first line of the first, then all others of all; readers drop what is cut off, which ends a journal. */
async function* linesOf(paths: readonly string[], signal: AbortSignal | undefined): AsyncGenerator<string> {
  for (const [index, path] of paths.entries()) {
    let lines: string[] = []
    let isFirst = true
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const isWanted = isFirst ? index === 0 : line.endsWith('}')
      isFirst = false
      if (isWanted) lines.push(`${line}\n`)
      if (lines.length < linesAtOnce) continue
      signal?.throwIfAborted()
      yield lines.join('')
      lines = []
    }
    yield lines.join('')
  }
}

const linesAtOnce = 1000

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
