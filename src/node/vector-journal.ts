import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Space } from '../types.js'
import { isMissing } from './file-fetch.js'
import { outputFailed } from './write-file.js'

/** A picture that was encoded: where it is, which version of it, and its vector in the encoder's space. */
export interface JournalEntry {
  readonly picture: string
  /** What tells versions of the picture apart: its ETag, its date and size, or the SHA-256 of its bytes. */
  readonly version: string
  readonly vector: Float32Array
}

/**
 * The pictures encoded so far, in a file that grows by one line for each: what was finished is there after a kill at
 * any moment, and a line that was cut off is dropped. Vectors of another space are forgotten.
 */
export class VectorJournal {
  readonly #path: string
  readonly #space: Space
  readonly #entries: Map<string, JournalEntry>
  #file: FileHandle
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, space: Space, entries: Map<string, JournalEntry>, file: FileHandle) {
    this.#path = path
    this.#space = space
    this.#entries = entries
    this.#file = file
  }

  /** @throws SimilarItemsError `output-failed`. */
  static async open(path: string, space: Space): Promise<VectorJournal> {
    try {
      const { entries, length } = await read(path, space)
      if (length === 0) await rm(path, { force: true })
      else await truncate(path, length)
      const file = await open(path, 'a')
      if (length === 0) await file.writeFile(headerOf(space))
      return new VectorJournal(path, space, entries, file)
    } catch (cause) {
      throw outputFailed(path, cause)
    }
  }

  get(picture: string): JournalEntry | undefined {
    return this.#entries.get(picture)
  }

  /** @throws SimilarItemsError `output-failed`. */
  add(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.picture, entry)
    this.#writing = this.#writing.then(async () => {
      await this.#file.writeFile(toLine(entry)).catch((cause: unknown) => {
        throw outputFailed(this.#path, cause)
      })
    })
    return this.#writing
  }

  /** Forgets every picture that is not among `pictures`, and what is outdated in the file. */
  async keepOnly(pictures: ReadonlySet<string>): Promise<void> {
    const partial = `${this.#path}.partial`
    try {
      await this.#file.close()
      const file = await open(partial, 'w')
      await file.writeFile(headerOf(this.#space))
      for (const entry of this.#entries.values()) {
        if (pictures.has(entry.picture)) await file.writeFile(toLine(entry))
      }
      await file.close()
      await rename(partial, this.#path)
      this.#file = await open(this.#path, 'a')
    } catch (cause) {
      await rm(partial, { force: true }).catch(() => undefined) // The first failure is the one to tell.
      throw outputFailed(this.#path, cause)
    }
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined) // Who added the entry heard of it.
    await this.#file.close()
  }
}

function headerOf(space: Space): string {
  return `${JSON.stringify({ space: space.fingerprint })}\n`
}

function toLine({ picture, version, vector }: JournalEntry): string {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  return `${JSON.stringify({ picture, version, vector: bytes.toString('base64') })}\n`
}

/** What can be used of the file, and how many of its bytes that is: all up to the first line that is not whole. */
async function read(
  path: string,
  space: Space,
): Promise<{ entries: Map<string, JournalEntry>; length: number }> {
  const entries = new Map<string, JournalEntry>()
  let length = 0
  try {
    const { size } = await stat(path)
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) {
      const end = length + Buffer.byteLength(line) + 1
      const isFirst = length === 0
      const entry = isFirst ? null : parseLine(line, space)
      const isGood = isFirst ? `${line}\n` === headerOf(space) : entry !== null
      if (!isGood || end > size) break
      if (entry) entries.set(entry.picture, entry)
      length = end
    }
    lines.close()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  return { entries, length }
}

function parseLine(line: string, space: Space): JournalEntry | null {
  try {
    const { picture, version, vector } = JSON.parse(line) as Record<string, unknown>
    if (![picture, version, vector].every((text) => typeof text === 'string')) return null
    const bytes = Uint8Array.from(Buffer.from(vector as string, 'base64'))
    if (bytes.length !== space.dimensions * 4) return null
    const components = new Float32Array(bytes.buffer)
    if (!components.every(Number.isFinite)) return null
    return { picture: picture as string, version: version as string, vector: components }
  } catch {
    return null // A line cut off by a kill.
  }
}
