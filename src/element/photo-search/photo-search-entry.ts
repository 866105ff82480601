import { isSimilarItemsError } from '../../errors.js'
import { loadPhotoDialogCode } from '../load-code.js'
import type { PhotoSearchHost } from './host.js'
import { savesData, watchIntent } from './intent.js'
import type { PhotoInput } from './photo/photo.js'
import type { PhotoSearchDialog } from './photo-search-dialog.js'

/** The way into the photo search. Its code, like the model, is loaded when somebody reaches for it. */
export class PhotoSearchEntry {
  readonly #host: PhotoSearchHost
  #dialog: Promise<PhotoSearchDialog> | null = null

  constructor(host: PhotoSearchHost) {
    this.#host = host
  }

  /** Makes a button the entry, until the signal aborts. What was opened by then is closed. */
  connect(button: HTMLButtonElement, signal: AbortSignal): void {
    watchIntent(button, () => this.prepare(), signal)
    button.addEventListener('click', () => this.open(), { signal })
    signal.addEventListener('abort', () => this.#destroy(), { once: true })
  }

  /** Loads the panel, the model and ONNX Runtime. Does nothing for shoppers who save data: what they do not ask for. */
  prepare(): void {
    if (!savesData()) this.#attempt((dialog) => dialog.prepare())
  }

  /** Opens the panel, with a picture to search with where one is given. Failures are reported to the host. */
  open(input?: PhotoInput): Promise<void> {
    return this.#attempt((dialog) => dialog.open(input))
  }

  close(): void {
    this.#dialog?.then((dialog) => dialog.close()).catch(() => undefined) // Reported by whoever asked for it.
  }

  /** Follows the host's settings and words. */
  refresh(): void {
    this.#dialog?.then((dialog) => dialog.refresh()).catch(() => undefined) // Reported by whoever asked for it.
  }

  async #attempt(use: (dialog: PhotoSearchDialog) => void): Promise<void> {
    this.#dialog ??= this.#load()
    const loading = this.#dialog
    let dialog: PhotoSearchDialog
    try {
      dialog = await loading
    } catch (error) {
      if (this.#dialog === loading) this.#dialog = null
      if (!isSimilarItemsError(error)) throw error
      this.#host.reportError(error)
      return
    }
    // Taken out of the page meanwhile.
    if (this.#dialog === loading) use(dialog)
  }

  async #load(): Promise<PhotoSearchDialog> {
    const { PhotoSearchDialog } = await loadPhotoDialogCode()
    return new PhotoSearchDialog(this.#host)
  }

  #destroy(): void {
    this.#dialog?.then((dialog) => dialog.destroy()).catch(() => undefined) // Reported by whoever asked for it.
    this.#dialog = null
  }
}
