import { readFileSync } from 'node:fs'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'

const file = new URL('../../fixtures/reference/golden.json', import.meta.url)
const { images } = JSON.parse(readFileSync(file, 'utf8')) as {
  images: Record<string, { embedding: readonly number[]; resizedRgbSha256: string }>
}

/** What transformers in full precision, and Pillow before it, make of one of the 54 photos. */
export function golden(photo: string) {
  const image = images[photo]
  if (!image) throw new Error(`golden.json has no ${photo}`)
  return image
}

/** The cosine similarity of two of the photos by those embeddings. */
export function goldenSimilarity(a: string, b: string): number {
  return cosineSimilarity(golden(a).embedding, golden(b).embedding)
}
