import type { PictureEncoder } from './encoder-pool.js'

/** What made vectors, as a journal keeps it. */
export interface VectorSource {
  /** Fingerprint of the encoder's space. */
  readonly space: string
  /** Name of the file of weights. */
  readonly weights: string
}

export function sourceOf({ space, modelFile }: Pick<PictureEncoder, 'space' | 'modelFile'>): VectorSource {
  return { space: space.fingerprint, weights: weightsName(modelFile) }
}

/** The name of the file that a URL or a name is of. */
export function weightsName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

export function isSameSource(a: VectorSource, b: VectorSource): boolean {
  return a.space === b.space && a.weights === b.weights
}
