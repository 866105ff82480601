import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm, stat, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { isMissing } from '../files/file-fetch.js'
import { outputFailed, writeFileAtomically } from '../files/write-file.js'

/** A picture that was encoded: where it is, which version of it, and its vector in the encoder's space. */
export interface JournalEntry {
  readonly picture: string
  /** What tells versions of the picture apart: its ETag, its date and size, or the SHA-256 of its bytes. */
  readonly version: string
  readonly vector: Float32Array
}

/**
 * The pictures encoded so far, in a file that grows by one line for each: what was finished is there after a kill at
 * any moment, and a line that was cut off is dropped. Vectors of another space or made with other weights, which differ
 * a little, are forgotten.
 */
export class VectorJournal {
  readonly #path: string
  /** The first line of the file. */
  readonly #header: string
  #entries: Map<string, JournalEntry>
  /** In the file, beside its header. */
  #lines: number
  #file: FileHandle
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, header: string, { entries, lines }: JournalContent, file: FileHandle) {
    this.#path = path
    this.#header = header
    this.#entries = entries
    this.#lines = lines
    this.#file = file
  }

  /**
   * @param weights the name of the file of weights that make the vectors.
   * @throws SimilarItemsError `output-failed`.
   */
  static async open(path: string, space: Space, weights: string): Promise<VectorJournal> {
    const header = `${JSON.stringify({ space: space.fingerprint, weights })}\n`
    try {
      const content = await read(path, header, space)
      const { length } = content
      if (length === 0) await rm(path, { force: true })
      else await truncate(path, length)
      const file = await open(path, 'a')
      if (length === 0) await file.writeFile(header)
      return new VectorJournal(path, header, content, file)
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
    this.#lines++
    this.#writing = this.#writing.then(async () => {
      await this.#file.writeFile(toLine(entry)).catch((cause: unknown) => {
        throw outputFailed(this.#path, cause)
      })
    })
    return this.#writing
  }

  /** Forgets every picture that is not among `pictures`, and what is outdated in the file. */
  async keepOnly(pictures: ReadonlySet<string>): Promise<void> {
    const kept = Array.from(this.#entries.values()).filter(({ picture }) => pictures.has(picture))
    if (kept.length === this.#lines) return
    try {
      await this.#file.close()
      await writeFileAtomically(this.#path, fileOf(this.#header, kept))
      this.#file = await open(this.#path, 'a')
    } catch (cause) {
      throw cause instanceof SimilarItemsError ? cause : outputFailed(this.#path, cause)
    }
    this.#lines = kept.length
    this.#entries = new Map(kept.map((entry) => [entry.picture, entry]))
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined) // Who added the entry heard of it.
    await this.#file.close()
  }
}

/** The weights that made the vectors of a journal, or null where there is none that can be read. */
export async function weightsOfJournal(path: string): Promise<string | null> {
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const { weights } = JSON.parse(line) as { weights?: unknown }
      return typeof weights === 'string' ? weights : null
    }
  } catch (error) {
    if (!isMissing(error) && !(error instanceof SyntaxError)) throw outputFailed(path, error)
  }
  return null
}

/** Many lines a piece: a write for each would take long. */
function* fileOf(header: string, entries: readonly JournalEntry[]): Generator<string> {
  yield header
  for (let start = 0; start < entries.length; start += linesAtOnce) {
    yield entries
      .slice(start, start + linesAtOnce)
      .map(toLine)
      .join('')
  }
}

const linesAtOnce = 1000

function toLine({ picture, version, vector }: JournalEntry): string {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  return `${JSON.stringify({ picture, version, vector: bytes.toString('base64') })}\n`
}

interface JournalContent {
  readonly entries: Map<string, JournalEntry>
  /** More than entries where pictures were encoded again. */
  readonly lines: number
  /** Bytes that can be used: all up to the first line that is not whole. */
  readonly length: number
}

async function read(path: string, header: string, space: Space): Promise<JournalContent> {
  const entries = new Map<string, JournalEntry>()
  let lines = 0
  let length = 0
  try {
    const { size } = await stat(path)
    const reader = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of reader) {
      const end = length + Buffer.byteLength(line) + 1
      const isFirst = length === 0
      const entry = isFirst ? null : parseLine(line, space)
      const isGood = isFirst ? `${line}\n` === header : entry !== null
      if (!isGood || end > size) break
      if (entry) {
        entries.set(entry.picture, entry)
        lines++
      }
      length = end
    }
    reader.close()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  return { entries, lines, length }
}

function parseLine(line: string, space: Space): JournalEntry | null {
  try {
    const { picture, version, vector } = JSON.parse(line) as Record<string, unknown>
    if (![picture, version, vector].every((text) => typeof text === 'string')) return null
    const bytes = new Uint8Array(Buffer.from(vector as string, 'base64'))
    if (bytes.length !== space.dimensions * 4) return null
    const components = new Float32Array(bytes.buffer)
    if (!components.every(Number.isFinite)) return null
    return { picture: picture as string, version: version as string, vector: components }
  } catch {
    return null // A line cut off by a kill.
  }
}
