import type { Hit } from '../types.js'
import type { KeptAnswer } from './kept-answers.js'

/**
 * The list that a worker has kept for a question; null where there is none, or it cannot be read. For pages, which open
 * the database for this alone: it is neither made nor upgraded here, and closed at once.
 */
export function readKeptAnswer(
  name: string,
  catalogKey: string,
  question: string,
): Promise<KeptAnswer | null> {
  return new Promise((resolve) => {
    const nothing = () => resolve(null)
    try {
      const opening = indexedDB.open(name)
      // There is none: the transaction that would make it takes it away again.
      opening.onupgradeneeded = () => opening.transaction?.abort()
      opening.onerror = (event) => {
        event.preventDefault()
        nothing()
      }
      opening.onsuccess = () => {
        const { result: database } = opening
        try {
          const reading = database.transaction('answers').objectStore('answers').get([catalogKey, question])
          reading.onsuccess = () => resolve(isKept(reading.result) ? reading.result : null)
          reading.onerror = nothing
        } catch {
          // An earlier version of the package has kept none.
          nothing()
        }
        // Waits for what is being read.
        database.close()
      }
    } catch {
      // The browser denies this page storage.
      nothing()
    }
  })
}

/** Whether a record has the form of a list; the products in it were validated when their catalogue was read. */
function isKept(value: unknown): value is KeptAnswer {
  const { hits, space, complete } = (value ?? {}) as Partial<KeptAnswer>
  return (
    Array.isArray(hits) &&
    hits.every((hit) => isHit(hit ?? {})) &&
    typeof space === 'object' &&
    complete === true
  )
}

function isHit({ product, score, rank }: Partial<Hit>): boolean {
  const { id, title, image_link } = product ?? {}
  return (
    [id, title, image_link].every((text) => typeof text === 'string') &&
    Number.isFinite(score) &&
    Number.isInteger(rank)
  )
}
