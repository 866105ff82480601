import type { RankedList } from '../../types.js'
import { announce, type Stage } from './announcer.js'
import type { Appearance } from './appearance.js'

/** Says how much was found, once a list is all there, and again when the language changes. */
export class ListAnnouncement {
  /** The language in which the list was announced. */
  #language: string | null = null
  /** Takes back what was announced and not said yet. */
  #unsay = (): void => undefined

  /** The next list is another one. */
  restart(): void {
    this.#language = null
  }

  say(stage: Stage, list: RankedList, heading: string, appearance: Appearance, signal: AbortSignal): void {
    const { strings, language, inLanguage } = appearance
    if (!inLanguage || this.#language === language) return
    this.#language = language
    this.#unsay()
    this.#unsay = announce(stage, () => strings.found(list.hits.length, heading), signal)
  }
}
