import { SimilarItemsError } from '../../errors.js'
import { createElement, createIcon } from '../create-element.js'
import type { PhotoSearchHost } from './host.js'
import { icons } from './icons.js'
import { pageColor } from './page-color.js'
import type { PhotoInput } from './photo/photo.js'
import { watchDropsAround } from './photo-inputs.js'
import { PhotoPanel } from './photo-panel.js'

/** The photo search in a modal dialog, which keeps the focus and gives it back. */
export class PhotoSearchDialog {
  readonly #host: PhotoSearchHost
  readonly #panel: PhotoPanel
  readonly #closeButton = createElement(
    'button',
    { class: 'round', attributes: { type: 'button' } },
    createIcon(icons.close),
  )
  readonly #dialog: HTMLDialogElement

  constructor(host: PhotoSearchHost) {
    this.#host = host
    this.#panel = new PhotoPanel(host, () => this.close())
    this.#panel.addToBar(this.#closeButton)
    this.#panel.listenForPastes(() => this.#dialog.open)
    this.#dialog = createElement(
      'dialog',
      { class: 'photo-dialog', part: 'photo-dialog', attributes: { 'aria-labelledby': 'panel-title' } },
      this.#panel.root,
    )
    this.#closeButton.addEventListener('click', () => this.close())
    this.#dialog.addEventListener('close', () => this.#panel.suspend())
    closeOnBackdrop(this.#dialog)
    // A backdrop is its dialog's, also for what is dropped on it.
    watchDropsAround(this.#dialog, (input) => this.#panel.search(input))
    host.root.append(this.#dialog)
    this.refresh()
  }

  prepare(): void {
    this.#panel.prepare()
  }

  /** Where the element is not rendered, that is reported: a modal dialog in it would lock the page, unseen. */
  open(input?: PhotoInput): void {
    if (!this.#dialog.open) {
      this.#dialog.style.setProperty('--_page', pageColor(this.#host.settings))
      if (this.#dialog.isConnected) this.#dialog.showModal()
      if (this.#dialog.getClientRects().length === 0) {
        this.#dialog.close()
        const message = 'The element has to be rendered, not hidden, for its photo search to open.'
        this.#host.reportError(new SimilarItemsError('invalid-argument', message))
        return
      }
      if (!input) this.#panel.resume()
    }
    if (input !== undefined) this.#panel.search(input)
  }

  close(): void {
    this.#dialog.close()
  }

  refresh(): void {
    this.#closeButton.setAttribute('aria-label', this.#host.appearance().strings.close)
    this.#panel.refresh()
  }

  destroy(): void {
    this.#dialog.close()
    this.#panel.destroy()
    this.#dialog.remove()
  }
}

/** A click beside the dialog closes it; a drag that only ends there does not. */
function closeOnBackdrop(dialog: HTMLDialogElement): void {
  const isBeside = ({ clientX: x, clientY: y }: MouseEvent) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect()
    return x < left || x > right || y < top || y > bottom
  }
  let pressed = false
  dialog.addEventListener('pointerdown', (event) => {
    pressed = isBeside(event)
  })
  dialog.addEventListener('click', (event) => {
    // A key that presses a button makes a click without a place.
    if (pressed && event.target === dialog && isBeside(event)) dialog.close()
    pressed = false
  })
}
