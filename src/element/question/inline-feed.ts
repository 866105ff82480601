import { SimilarItemsError } from '../../errors.js'

/** A feed as the page wrote it, or why it is none. */
export type Feed = { readonly items: readonly unknown[] } | { readonly error: SimilarItemsError }

/**
 * Reads a feed that the page wrote into the element as `<script type="application/json">`. The same text gives the
 * same array (or error) again, so that the engine made for it can be found again.
 */
export class InlineFeed {
  #text = ''
  #feed: Feed | null = null

  /** Null where there is no such script. The error is `catalog-invalid`. */
  read(host: Element): Feed | null {
    const text = host.querySelector(':scope > script[type="application/json"]')?.textContent
    if (!text) return null
    if (text !== this.#text) {
      this.#text = text
      this.#feed = parseFeed(text)
    }
    return this.#feed
  }
}

function parseFeed(text: string): Feed {
  try {
    const content: unknown = JSON.parse(text)
    const items = isRecord(content) ? (content.items ?? content.products) : content
    if (Array.isArray(items)) return { items }
    return invalid('must be a JSON array of items, or an object with such an array as "items".')
  } catch (cause) {
    return invalid('is not valid JSON.', cause)
  }
}

function invalid(problem: string, cause?: unknown): Feed {
  return {
    error: new SimilarItemsError('catalog-invalid', `The feed in <similar-items> ${problem}`, { cause }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
