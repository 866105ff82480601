import type { SimilarityEngine } from '../../engine/similarity-engine.js'
import type { SimilarItemsError } from '../../errors.js'
import type { Progress } from '../../types.js'
import type { SettingsElement } from '../settings-element.js'
import type { Appearance } from '../words/appearance.js'

/** What the photo search needs of the element that it belongs to. */
export interface PhotoSearchHost {
  readonly settings: SettingsElement
  readonly root: ShadowRoot
  appearance(): Appearance
  /** The engine that the settings ask for. Rejects with what kept it from opening. */
  openEngine(): Promise<SimilarityEngine>
  /** A download or the indexing of the photo search's engine got further. */
  progress(progress: Progress): void
  /** False when a listener called `preventDefault()`. */
  dispatch(event: Event): boolean
  reportError(error: SimilarItemsError): void
}
