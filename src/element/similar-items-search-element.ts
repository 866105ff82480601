import type { SimilarityEngine } from '../engine/similarity-engine.js'
import { SimilarItemsError } from '../errors.js'
import type { EngineStatus } from '../types.js'
import { adoptStyles } from './adopt-styles.js'
import { EngineConnection } from './engine-connection.js'
import { SiErrorEvent, SiProgressEvent } from './events.js'
import { elementCss } from './list/styles.js'
import { whenToLoad } from './list/visibility.js'
import { loadPhotoPanelCode } from './load-code.js'
import { savesData, watchIntent } from './photo-search/intent.js'
import type { PhotoInput } from './photo-search/photo/photo.js'
import type { PhotoPanel } from './photo-search/photo-panel.js'
import { InlineFeed } from './question/inline-feed.js'
import { engineSettings } from './question/query.js'
import { SettingsElement } from './settings-element.js'
import { AppearanceReader } from './words/appearance.js'

/**
 * The photo search as a part of the page: what `photo-search` on `<similar-items>` opens as a dialog.
 *
 * @tagname similar-items-search
 *
 * @attr {string} catalog - URL of the product feed. The property also takes an array of items.
 * @attr {string} engine - URL of an engine on the shop's server, to which the vectors of photos go. The property is
 *   `engineUrl`.
 * @attr {string} cells - URL of the `cells.json` that photos are ranked in, without their vectors leaving the page.
 * @attr {string} model - URL of the model folder. Default: the engine's.
 * @attr {string} projection - URL of a projection that is applied to what the model computes. Default: none.
 * @attr {string} assets - URL of the folder with the worker and ONNX Runtime. Default: the folder of this script.
 * @attr {string} heic-decoder - URL of a module that decodes HEIC photos where the browser does not. Default: none.
 * @attr {number} [limit=12] - How many products are shown at once.
 * @attr {number} min-score - The least cosine similarity of a product that is shown. Default: that of the last band.
 * @attr {number} [per-group=1] - The most products with one `item_group_id` in a list.
 * @attr {'auto' | 'lazy' | 'eager'} [loading=auto] - When the panel is loaded; see `<similar-items>`.
 * @attr {'indexeddb' | 'memory'} [storage=indexeddb] - Where vectors are kept.
 *
 * @fires {SiResultsEvent} si-results - A list is on the screen.
 * @fires {SiSelectEvent} si-select - A card was activated. Cancelable: the link is then not followed.
 * @fires {SiImpressionEvent} si-impression - Half of a card was visible for one second.
 * @fires {SiProgressEvent} si-progress - Something is being downloaded or indexed.
 * @fires {SiErrorEvent} si-error - Something failed. Cancelable: it is then not written to the console.
 *
 * @slot - Shown until the panel is there.
 *
 * @csspart photo-panel - All of the photo search.
 * @csspart photo - The photo, with the frame on it.
 * @csspart photo-progress - What is loading, and how far it is.
 * @csspart filters - The fields that filter what is found.
 * @csspart photo-results - What is found.
 * @csspart band - Products that are as alike, with a heading.
 * @csspart more-like-this - The button on a card that searches with its picture.
 * @csspart item - A list item.
 * @csspart card - The link or button in a list item.
 * @csspart image - The frame of the picture.
 * @csspart note - "Out of stock" and the like, on the picture.
 * @csspart brand - The brand.
 * @csspart title - The title.
 * @csspart price - The prices.
 *
 * @cssproperty [--si-radius=0.5rem] - Corner radius of pictures.
 * @cssproperty [--si-gap=0.75rem to 1.25rem] - Space between cards.
 * @cssproperty [--si-image-ratio=1] - Aspect ratio of pictures.
 * @cssproperty [--si-image-fit=cover] - `object-fit` of pictures.
 * @cssproperty --si-text - Colour of text. Default: that of the page.
 * @cssproperty --si-muted - Colour of brand and former price. Default: from `--si-text`.
 * @cssproperty --si-surface - Colour behind pictures and of placeholders. Default: from `--si-text`.
 * @cssproperty --si-accent - Colour of the focus ring and of the progress line. Default: `--si-text`.
 * @cssproperty --si-panel - Colour behind the photo search. Default: that of the page.
 */
export class SimilarItemsSearchElement extends SettingsElement {
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #feed = new InlineFeed()
  readonly #engine = new EngineConnection()
  readonly #appearance = new AppearanceReader(this, {
    renderError: (error) => this.#reportError(error),
    wordsLoaded: () => this.scheduleUpdate(),
  })
  #connection: AbortController | null = null
  #panel: Promise<PhotoPanel> | null = null

  /** The engine that the element works with, or null while it needs none. Do not close it: elements share it. */
  get engine(): Promise<SimilarityEngine> | null {
    return this.#engine.engine
  }

  /** How that engine is doing; null until it is open. */
  get status(): EngineStatus | null {
    return this.#engine.opened?.status ?? null
  }

  /** Searches with a picture: a file, an address, an image of the page. Resolves once the panel shows it. */
  async openPhotoSearch(picture: PhotoInput): Promise<void> {
    // An element that was added in this task is connected in the next microtask.
    await null
    if (this.isConnected && !this.#connection) this.#connect()
    const panel = await this.#panel
    if (!panel)
      throw new SimilarItemsError('invalid-argument', '<similar-items-search> is not in the document.')
    await panel.search(picture)
  }

  adoptedCallback(): void {
    adoptStyles(this.#root, elementCss)
  }

  protected update(): void {
    if (!this.isConnected) {
      this.#connection?.abort()
      this.#connection = null
      return
    }
    if (!this.#connection) this.#connect()
    this.#panel?.then((panel) => panel.refresh()).catch(() => undefined) // Reported when it was loaded.
  }

  #connect(): void {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    adoptStyles(this.#root, elementCss)
    if (!this.#root.firstChild) this.#root.append(document.createElement('slot'))
    const panel = this.#load(signal)
    this.#panel = panel
    panel.catch((error) => {
      if (signal.aborted) return
      // Another try begins with the next update, search or refresh.
      this.#connection?.abort()
      this.#connection = null
      this.#reportError(error)
    })
    signal.addEventListener('abort', () => {
      this.#panel = null
      panel.then((loaded) => loaded.destroy()).catch(() => undefined) // There is none to close.
      this.#engine.release()
    })
  }

  async #load(signal: AbortSignal): Promise<PhotoPanel> {
    await whenToLoad(this, this.loading, signal)
    const { PhotoPanel } = await loadPhotoPanelCode()
    signal.throwIfAborted()
    const panel = new PhotoPanel({
      settings: this,
      root: this.#root,
      appearance: () => this.#appearance.read(),
      openEngine: async () => this.#engine.open(engineSettings(this, null, this.#feed.read(this))),
      progress: (progress) => this.#dispatch(new SiProgressEvent(progress)),
      dispatch: (event) => this.#dispatch(event),
      reportError: (error) => this.#reportError(error),
    })
    panel.listenForPastes(() => panel.root.matches(':hover, :focus-within'))
    watchIntent(panel.root, () => savesData() || panel.prepare(), signal)
    this.#root.replaceChildren(panel.root)
    return panel
  }

  #reportError(error: SimilarItemsError): void {
    if (this.#dispatch(new SiErrorEvent(error))) console.error('<similar-items-search>', error)
  }

  #dispatch(event: Event): boolean {
    return !this.isConnected || this.dispatchEvent(event)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'similar-items-search': SimilarItemsSearchElement
  }
}
