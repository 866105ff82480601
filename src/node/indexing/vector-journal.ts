import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm, stat, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { SimilarItemsError } from '../../errors.js'
import { isSameSource, type VectorSource, weightsName } from '../encoder/vector-source.js'
import { isMissing } from '../files/file-fetch.js'
import { outputFailed, writeFileAtomically } from '../files/write-file.js'

/** A picture that was encoded: where it is, which version of it, and its vector in the encoder's space. */
export interface JournalEntry {
  readonly picture: string
  /** What tells versions of the picture apart: its ETag, its date and size, or the SHA-256 of its bytes. */
  readonly version: string
  readonly vector: Float32Array
}

/** What an earlier run has left. */
export interface EarlierJournal {
  readonly source: VectorSource
  readonly entries: ReadonlyMap<string, JournalEntry>
  /** More than entries where pictures were encoded again. */
  readonly lines: number
  /** Bytes that can be used: all up to the first line that is not whole. */
  readonly length: number
}

/**
 * Reads the journal of an earlier run; null where there is none, or none that can be read. A line that was cut off is
 * dropped, and what comes after it.
 * @throws SimilarItemsError `output-failed`.
 */
export async function readJournal(path: string): Promise<EarlierJournal | null> {
  try {
    return await read(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw outputFailed(path, error)
  }
}

/**
 * The pictures encoded so far, in a file that grows by one line for each: what was finished is there after a kill at
 * any moment. Vectors of another space or made with other weights, which differ a little, are forgotten.
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

  private constructor(path: string, header: string, earlier: EarlierJournal | null, file: FileHandle) {
    this.#path = path
    this.#header = header
    this.#entries = new Map(earlier?.entries)
    this.#lines = earlier?.lines ?? 0
    this.#file = file
  }

  /**
   * Goes on with what `earlier` has, where it is of the same source.
   * @throws SimilarItemsError `output-failed`.
   */
  static async open(
    path: string,
    source: VectorSource,
    earlier: EarlierJournal | null,
  ): Promise<VectorJournal> {
    const header = journalHeader(source)
    const kept = earlier && isSameSource(earlier.source, source) ? earlier : null
    try {
      if (kept) await truncate(path, kept.length)
      else await rm(path, { force: true })
      const file = await open(path, 'a')
      if (!kept) await file.writeFile(header)
      return new VectorJournal(path, header, kept, file)
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

async function read(path: string): Promise<EarlierJournal | null> {
  const entries = new Map<string, JournalEntry>()
  let source: VectorSource | null = null
  let lines = 0
  let length = 0
  const { size } = await stat(path)
  const reader = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of reader) {
    const end = length + Buffer.byteLength(line) + 1
    if (end > size) break
    if (source) {
      const entry = parseLine(line)
      // Vectors of one file have one length.
      const [first = entry] = entries.values()
      if (!entry || entry.vector.length !== first?.vector.length) break
      entries.set(entry.picture, entry)
      lines++
    } else {
      source = parseHeader(line)
      if (!source) break
    }
    length = end
  }
  reader.close()
  // A run that ended before its first picture has made nothing to go on with.
  return source && entries.size > 0 ? { source, entries, lines, length } : null
}

/** The first line of a journal. */
export function journalHeader({ space, weights }: VectorSource): string {
  return `${JSON.stringify({ space, weights })}\n`
}

/** What the first line of a journal says; null for one that says nothing. */
export function parseHeader(line: string): VectorSource | null {
  const { space, weights } = parseObject(line)
  if (typeof space !== 'string' || typeof weights !== 'string') return null
  // The first ones had whole addresses; the same weights in another folder are the same weights.
  return { space, weights: weightsName(weights) }
}

function parseLine(line: string): JournalEntry | null {
  const { picture, version, vector } = parseObject(line)
  if (typeof picture !== 'string' || typeof version !== 'string' || typeof vector !== 'string') return null
  const bytes = new Uint8Array(Buffer.from(vector, 'base64'))
  if (bytes.length === 0 || bytes.length % 4 !== 0) return null
  const components = new Float32Array(bytes.buffer)
  return components.every(Number.isFinite) ? { picture, version, vector: components } : null
}

/** Empty for what is no object: a line cut off by a kill. */
function parseObject(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line))
  } catch {
    return {}
  }
}
