import type { Progress } from '../../../types.js'
import { createElement } from '../../create-element.js'
import { supportedLocale } from '../../words/price.js'
import type { ElementStrings } from '../../words/strings.js'
import type { LoadedBytes, LoaderState } from '../search/model-loader.js'

interface LoadViewEvents {
  stop(): void
  resume(): void
}

/** How far the download is, with a way out of it; afterwards how far the catalogue is. */
export class LoadView {
  readonly #label = createElement('span', { class: 'load-label' })
  readonly #amount = createElement('span', { class: 'load-amount' })
  readonly #bar = createElement(
    'div',
    { class: 'load-bar', attributes: { role: 'progressbar' } },
    createElement('span'),
  )
  readonly #stop = createElement('button', { class: 'text-button', attributes: { type: 'button' } })
  readonly #resume = createElement('button', { class: 'text-button', attributes: { type: 'button' } })
  readonly root = createElement(
    'div',
    { class: 'load', part: 'photo-progress' },
    createElement('div', { class: 'load-line' }, this.#label, this.#amount, this.#stop, this.#resume),
    this.#bar,
  )
  #strings: ElementStrings | null = null
  #language = 'en'
  #state: LoaderState = { name: 'idle' }
  #indexing: Progress | null = null

  constructor(events: LoadViewEvents) {
    this.#stop.addEventListener('click', () => events.stop())
    this.#resume.addEventListener('click', () => events.resume())
  }

  render(strings: ElementStrings, language: string): void {
    this.#strings = strings
    this.#language = language
    this.#stop.textContent = strings.cancel
    this.#resume.textContent = strings.continueLoading
    this.#draw()
  }

  show(state: LoaderState): void {
    this.#state = state
    this.#draw()
  }

  /** The pictures of the catalogue that are being encoded; null when they all are. */
  showIndexing(progress: Progress | null): void {
    this.#indexing = progress
    this.#draw()
  }

  #draw(): void {
    const strings = this.#strings
    if (!strings) return
    const state = this.#state
    const { name } = state
    const indexing = name === 'ready' ? this.#indexing : null
    this.root.hidden = name !== 'loading' && name !== 'stopped' && !indexing
    this.#stop.hidden = name !== 'loading'
    this.#resume.hidden = name !== 'stopped'
    this.#bar.hidden = name === 'stopped'
    if (name === 'stopped') this.#say(strings.loadingStopped, '', null)
    else if (indexing) this.#say(strings.progress, '', indexing)
    else if (state.name === 'loading')
      this.#say(strings.loadingModel, this.#amountOf(state.bytes), state.bytes)
  }

  #amountOf({ loaded, total }: LoadedBytes): string {
    if (loaded === 0) return ''
    const known = this.#megabytes(loaded)
    return total > 0 ? (this.#strings?.loadedBytes(known, this.#megabytes(total)) ?? known) : known
  }

  #say(
    label: string,
    amount: string,
    done: { readonly loaded: number; readonly total: number } | null,
  ): void {
    this.#label.textContent = label
    this.#amount.textContent = amount
    this.#bar.setAttribute('aria-label', label)
    const fraction = done && done.total > 0 ? done.loaded / done.total : null
    this.#bar.classList.toggle('unknown', fraction === null)
    this.#bar.style.setProperty('--_progress', String(fraction ?? 0))
    if (fraction === null) this.#bar.removeAttribute('aria-valuenow')
    else this.#bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)))
  }

  #megabytes(bytes: number): string {
    const options = {
      style: 'unit',
      unit: 'megabyte',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    } as const
    return new Intl.NumberFormat(supportedLocale(this.#language), options).format(bytes / 1e6)
  }
}
