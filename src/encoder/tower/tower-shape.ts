/** The sizes of a SigLIP vision tower. */
export interface TowerShape {
  /** Width and height of the picture in pixels, a multiple of `patchSize`. */
  readonly imageSize: number
  readonly patchSize: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  /** What layer norm adds to the variance. */
  readonly epsilon: number
}

/** Patches of a picture: the tokens of the transformer. */
export function tokensOf({ imageSize, patchSize }: TowerShape): number {
  return (imageSize / patchSize) ** 2
}

/** Numbers of one patch: three channels of its pixels. */
export function patchLength({ patchSize }: TowerShape): number {
  return 3 * patchSize ** 2
}

/** Why the kernel cannot compute such a tower, or null. */
export function shapeProblem(shape: TowerShape): string | null {
  const { imageSize, patchSize, hiddenSize, intermediateSize, layers, heads, epsilon } = shape
  const counts = [imageSize, patchSize, hiddenSize, intermediateSize, layers, heads]
  if (!counts.every((count) => Number.isSafeInteger(count) && count > 0)) return 'its sizes are no counts'
  if (!(epsilon > 0 && epsilon < 1)) return 'its layer_norm_eps is no small number'
  if (imageSize % patchSize !== 0) return 'its patches do not fill its pictures'
  if (patchLength(shape) % 4 !== 0) return 'its patches have an odd number of rows'
  if (hiddenSize % 8 !== 0 || intermediateSize % 8 !== 0) return 'its layers are no multiple of eight wide'
  if (hiddenSize % heads !== 0 || (hiddenSize / heads) % 8 !== 0)
    return 'its heads are no multiple of eight wide'
  // Sums of products must fit 32 bits.
  if (hiddenSize / heads > 128) return 'its heads are more than 128 wide'
  if (imageSize > 1024 || hiddenSize > 4096 || intermediateSize > 16384 || layers > 64)
    return 'it is too large'
  return null
}
