import type { SimilarityEngine } from '../../engine/similarity-engine.js'
import type { SimilarItemsError } from '../../errors.js'
import type { Appearance } from '../appearance.js'
import type { SettingsElement } from '../settings-element.js'

/** What the photo search needs of the element that it belongs to. */
export interface PhotoSearchHost {
  readonly settings: SettingsElement
  readonly root: ShadowRoot
  appearance(): Appearance
  /** The engine that the settings ask for. Rejects with what kept it from opening. */
  openEngine(): Promise<SimilarityEngine>
  /** False when a listener called `preventDefault()`. */
  dispatch(event: Event): boolean
  reportError(error: SimilarItemsError): void
}
