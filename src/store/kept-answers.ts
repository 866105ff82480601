import type { RankedList } from '../types.js'
import type { Connection } from './connection.js'
import { newRevision } from './new-revision.js'
import { type AnswerStore, answersOf } from './schema.js'

/** A list as it is kept: what it is called and how long it took belongs to the question that was put. */
export type KeptAnswer = Omit<RankedList, 'queryId' | 'timings'>

/** More lists than this are not kept for one catalogue. */
const mostAnswers = 400

/**
 * Lists that were made from what is stored, for pages that show them before a worker runs. A random stamp stands for what
 * is stored of a catalogue: whoever changes any of that writes another one and removes the lists, in the same transaction.
 * So a list that is there is what a worker would answer.
 */
export class KeptAnswers {
  readonly #connection: Connection
  /** As of what was read and written here; null where that is of more than one stamp. */
  readonly #stamps = new Map<string, string | null | undefined>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The stamp of all that was read and written here of a catalogue. Null where nothing can be kept for it. */
  stampOf(catalogKey: string): string | null {
    return this.#stamps.get(catalogKey) ?? null
  }

  /** Which questions have an answer. Rejects as `Connection.transact`. */
  async questions(catalogKey: string): Promise<ReadonlySet<string>> {
    const keys = await this.#connection.transact(['answers'], 'readonly', (transaction) =>
      transaction.objectStore('answers').getAllKeys(answersOf(catalogKey)),
    )
    return new Set(keys.map(([, question]) => question))
  }

  /**
   * Keeps answers that were made of what this stamp stands for, unless another one does by now, or the catalogue is not
   * stored any more. Rejects as `questions`.
   */
  async keep(catalogKey: string, stamp: string, answers: ReadonlyMap<string, KeptAnswer>): Promise<void> {
    await this.#connection.transact(['catalogs', 'answers'], 'readwrite', async (transaction) => {
      const store = transaction.objectStore('answers')
      if ((await stampIn(store, catalogKey)) !== stamp) return
      if ((await transaction.objectStore('catalogs').count(catalogKey)) === 0) return
      if ((await store.count(answersOf(catalogKey))) + answers.size > mostAnswers) {
        await store.delete(answersOf(catalogKey))
        await store.put(stamp, [catalogKey, ''])
      }
      for (const [question, answer] of answers) await store.put(answer, [catalogKey, question])
    })
  }

  /**
   * Gives a catalogue that is stored without a stamp, as by an earlier version of the package, one: the next visit can keep
   * lists then. Rejects as `questions`.
   */
  async begin(catalogKey: string): Promise<void> {
    await this.#connection.transact(['catalogs', 'answers'], 'readwrite', async (transaction) => {
      const answers = transaction.objectStore('answers')
      const isStored = (await transaction.objectStore('catalogs').count(catalogKey)) > 0
      if (isStored && (await stampIn(answers, catalogKey)) === undefined)
        await renewStamp(answers, catalogKey)
    })
  }

  /** Takes note of the stamp under which something was read. */
  noteRead(catalogKey: string, stamp: string | undefined): void {
    const isSame = !this.#stamps.has(catalogKey) || this.#stamps.get(catalogKey) === stamp
    this.#stamps.set(catalogKey, isSame ? stamp : null)
  }

  /** Takes note of what `renewStamp` returned, once it is written. */
  noteWritten(catalogKey: string, { before, after }: Renewal): void {
    this.#stamps.set(catalogKey, this.#stamps.get(catalogKey) === before ? after : null)
  }

  forget(): void {
    this.#stamps.clear()
  }
}

/** The stamps before and after a change. */
export interface Renewal {
  readonly before: string | undefined
  readonly after: string
}

export async function stampIn(
  answers: Pick<AnswerStore<'readonly'>, 'get'>,
  catalogKey: string,
): Promise<string | undefined> {
  const stamp = await answers.get([catalogKey, ''])
  return typeof stamp === 'string' ? stamp : undefined
}

/** Removes the lists of a catalogue, of which something is changed in the same transaction. */
export async function renewStamp(answers: AnswerStore<'readwrite'>, catalogKey: string): Promise<Renewal> {
  const before = await stampIn(answers, catalogKey)
  const after = newRevision()
  await answers.delete(answersOf(catalogKey))
  await answers.put(after, [catalogKey, ''])
  return { before, after }
}

/** The same for all catalogues. */
export async function renewAllStamps(answers: AnswerStore<'readwrite'>): Promise<void> {
  const keys = await answers.getAllKeys()
  for (const catalogKey of new Set(keys.map(([key]) => key))) await renewStamp(answers, catalogKey)
}

/** Removes all lists, which can be made again. @returns how many there were. */
export async function removeLists(answers: AnswerStore<'readwrite'>): Promise<number> {
  const lists = (await answers.getAllKeys()).filter(([, question]) => question !== '')
  for (const key of lists) await answers.delete(key)
  return lists.length
}
