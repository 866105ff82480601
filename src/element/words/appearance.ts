import type { SimilarItemsError } from '../../errors.js'
import type { ListContext } from '../list/render-list.js'
import type { SettingsElement } from '../settings-element.js'
import { languageOf } from './language.js'
import { loadStrings, stringsFor } from './load-strings.js'
import { priceFormatter } from './price.js'
import { type ElementStrings, english } from './strings.js'

/** What cards and texts depend on besides the hits. */
export interface Appearance {
  readonly language: string
  readonly strings: ElementStrings
  /** The standard heading: empty rather than in English while the words of the page's first language are on their way. */
  readonly heading: string
  /** False while the words of the page's language are on their way; `strings` is in the last one, or English, until then. */
  readonly inLanguage: boolean
  readonly list: ListContext
}

interface AppearanceEvents {
  renderError(error: SimilarItemsError): void
  /** The words of the page's language have come. */
  wordsLoaded(): void
}

/** Follows an element's language, strings and card renderer. */
export class AppearanceReader {
  readonly #settings: SettingsElement
  readonly #events: AppearanceEvents
  #own: Partial<ElementStrings> | null = null
  /** The words of the last language that was there. */
  #words: ElementStrings | null = null
  #current: Appearance | null = null
  #loading: string | null = null

  constructor(settings: SettingsElement, events: AppearanceEvents) {
    this.#settings = settings
    this.#events = events
  }

  /** The same object until something in it changes: for another one, the cards are drawn anew. */
  read(): Appearance {
    const { strings: own, renderCard } = this.#settings
    const language = languageOf(this.#settings)
    const words = stringsFor(language)
    if (words) this.#words = words
    else this.#load(language)
    const known = this.#current
    const inLanguage = words !== null
    const same = known?.language === language && known.inLanguage === inLanguage && this.#own === own
    if (same && known.list.renderCard === renderCard) return known
    const replaced = usableWords(own)
    const strings = { ...(this.#words ?? english), ...replaced }
    const formatPrice = priceFormatter(language)
    const onRenderError = (error: SimilarItemsError) => this.#events.renderError(error)
    this.#own = own
    this.#current = {
      language,
      strings,
      heading: replaced.heading || (this.#words ? strings.heading : ''),
      inLanguage,
      list: { strings, formatPrice, renderCard, onRenderError },
    }
    return this.#current
  }

  /** Writes a price for nobody, in a task of its own: a browser's first takes as long as all cards of a list. */
  prepareSoon(): void {
    setTimeout(() => this.read().list.formatPrice('0 EUR'))
  }

  #load(language: string): void {
    if (this.#loading === language) return
    this.#loading = language
    loadStrings(language)
      .catch((error) =>
        console.warn(`The words for "${language}" could not be loaded; English is used.`, error),
      )
      .finally(() => {
        this.#loading = null
        this.#events.wordsLoaded()
      })
  }
}

/** What is no text where one belongs, or no function, is left out: then the standard words stay. */
function usableWords(own: Partial<ElementStrings>): Partial<ElementStrings> {
  const kindOf = (name: string) => typeof english[name as keyof ElementStrings]
  return Object.fromEntries(Object.entries(own).filter(([name, value]) => typeof value === kindOf(name)))
}
