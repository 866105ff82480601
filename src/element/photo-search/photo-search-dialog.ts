import { adoptStyles } from '../adopt-styles.js'
import { createElement, createIcon } from '../create-element.js'
import { elementCss } from '../styles.js'
import type { PhotoSearchHost } from './host.js'
import { icons } from './icons.js'
import { pageColor } from './page-color.js'
import { panelCss } from './panel-styles.js'
import type { PhotoInput } from './photo.js'
import { PhotoPanel } from './photo-panel.js'

/** The photo search in a modal dialog, which keeps the focus and gives it back. */
export class PhotoSearchDialog {
  readonly #host: PhotoSearchHost
  readonly #panel: PhotoPanel
  readonly #close = createElement(
    'button',
    { class: 'round', attributes: { type: 'button' } },
    createIcon(icons.close),
  )
  readonly #dialog: HTMLDialogElement

  constructor(host: PhotoSearchHost) {
    this.#host = host
    this.#panel = new PhotoPanel(host)
    this.#panel.addToBar(this.#close)
    this.#panel.listenForPastes(() => this.#dialog.open)
    this.#dialog = createElement(
      'dialog',
      { class: 'photo-dialog', part: 'photo-dialog', attributes: { 'aria-labelledby': 'panel-title' } },
      this.#panel.root,
    )
    this.#close.addEventListener('click', () => this.#dialog.close())
    this.#dialog.addEventListener('close', () => this.#panel.suspend())
    closeOnBackdrop(this.#dialog)
    host.root.append(this.#dialog)
    adoptStyles(host.root, elementCss, panelCss)
    this.refresh()
  }

  prepare(): void {
    this.#panel.prepare()
  }

  open(input?: PhotoInput): void {
    if (!this.#dialog.open) {
      this.#dialog.style.setProperty('--_page', pageColor(this.#host.settings))
      this.#dialog.showModal()
      if (!input) this.#panel.resume()
    }
    if (input !== undefined) this.#panel.search(input)
  }

  refresh(): void {
    this.#close.setAttribute('aria-label', this.#host.appearance().strings.close)
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
  let pressed = false
  dialog.addEventListener('pointerdown', ({ target }) => {
    pressed = target === dialog
  })
  dialog.addEventListener('click', ({ target }) => {
    if (pressed && target === dialog) dialog.close()
  })
}
