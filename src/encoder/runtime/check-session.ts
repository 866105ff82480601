import { runSession } from '../image-encoder.js'
import type { ModelFile } from '../model/model-files.js'
import type { ModelFolder } from '../model/model-folder.js'
import { worstCosine } from '../self-check.js'
import type { InferenceSession } from './inference-runtime.js'

/** What a session computed for the reference pictures of its model folder. */
export interface CheckedSession {
  /** Length of an embedding. */
  readonly dimensions: number
  /** The lowest cosine to a reference embedding; null where the folder has none. */
  readonly cosine: number | null
  /** What `cosine` has to be for weights of this arithmetic. */
  readonly minCosine: number
}

/**
 * Runs every reference picture of the folder, or the first `pictures` of them, or one picture where it has none; either
 * warms the backend up.
 * @throws SimilarItemsError `model-invalid` where the graph is not a vision tower.
 */
export async function checkSession(
  session: InferenceSession,
  { preprocessing, selfCheck }: ModelFolder,
  { url, compute }: Pick<ModelFile, 'url' | 'compute'>,
  pictures = Number.POSITIVE_INFINITY,
): Promise<CheckedSession> {
  const { width, height } = preprocessing
  if (!selfCheck) {
    const anything = new Uint8Array(width * height * 3)
    const { length } = await runSession(session, anything, preprocessing, url)
    return { dimensions: length, cosine: null, minCosine: -1 }
  }
  const computed: Float32Array[] = []
  const checked = { ...selfCheck, pictures: selfCheck.pictures.slice(0, pictures) }
  for (const picture of checked.pictures) {
    computed.push(await runSession(session, picture.draw(width, height), preprocessing, url))
  }
  const dimensions = computed[0]?.length ?? 0
  return { dimensions, cosine: worstCosine(checked, computed), minCosine: selfCheck.minCosine[compute] }
}
