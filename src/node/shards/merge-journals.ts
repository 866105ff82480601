import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { isSameSource, type VectorSource } from '../encoder/vector-source.js'
import { isMissing } from '../files/file-fetch.js'
import { writeFileAtomically } from '../files/write-file.js'
import { journalHeader, parseHeader } from '../indexing/vector-journal.js'

/**
 * Writes the journals of shards into one, of `source`. One of another source is left out: that of a shard whose next run,
 * with other weights, ended early.
 * @returns false where one of them is not there, as where only the packs were brought together, or is of another source.
 * Where none is left, none is written, and one of an earlier run is removed, which knows nothing of these.
 * @throws SimilarItemsError `output-failed`; the error of the file system; the signal's reason on abort.
 */
export async function mergeJournals(
  paths: readonly string[],
  to: string,
  source: VectorSource,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await Promise.all(paths.map(sourceIn))
  const usable = paths.filter((_, index) => {
    const other = found[index]
    return other && isSameSource(other, source)
  })
  if (usable.length === 0 || found.includes(undefined)) {
    await rm(to, { force: true })
    return false
  }
  await writeFileAtomically(to, linesOf(usable, source, signal))
  return usable.length === paths.length
}

/** A first line, then all others of all; readers drop what is cut off, which ends a journal. */
async function* linesOf(
  paths: readonly string[],
  source: VectorSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  yield journalHeader(source)
  for (const path of paths) {
    let lines: string[] = []
    let isFirst = true
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (!isFirst && line.endsWith('}')) lines.push(`${line}\n`)
      isFirst = false
      if (lines.length < linesAtOnce) continue
      signal?.throwIfAborted()
      yield lines.join('')
      lines = []
    }
    yield lines.join('')
  }
}

const linesAtOnce = 1000

/** What the first line of a journal says; null where it says nothing, undefined where there is no journal. */
async function sourceIn(path: string): Promise<VectorSource | null | undefined> {
  const input = createReadStream(path)
  try {
    for await (const line of createInterface({ input })) return parseHeader(line)
    return null
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  } finally {
    input.destroy()
  }
}
