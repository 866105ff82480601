import { shapeProblem, type TowerShape } from '../../encoder/tower/tower-shape.js'
import { shapeFields } from '../../encoder/tower/tower-weights.js'
import { SimilarItemsError } from '../../errors.js'

/** What `SiglipVisionConfig` of transformers takes where `config.json` says nothing: exports leave such fields out. */
const defaults: Readonly<Record<keyof TowerShape, number>> = {
  imageSize: 224,
  patchSize: 16,
  hiddenSize: 768,
  intermediateSize: 3072,
  layers: 12,
  heads: 12,
  epsilon: 1e-6,
}

/**
 * The sizes of the vision tower that a `config.json` describes, of one tower or of two.
 * @throws SimilarItemsError `model-invalid` where the kernel cannot compute it.
 */
export function towerShapeOf(config: unknown, url: string): TowerShape {
  const fields = (config ?? {}) as Record<string, unknown>
  const vision = (fields.vision_config ?? fields) as Record<string, unknown>
  const entries = Object.entries(shapeFields).map(([key, field]) => {
    return [key, vision[field] ?? defaults[key as keyof TowerShape]]
  })
  const shape: TowerShape = Object.fromEntries(entries)
  const { hidden_act: activation = 'gelu_pytorch_tanh' } = vision
  const problem =
    activation === 'gelu_pytorch_tanh' ? shapeProblem(shape) : `its activation is ${String(activation)}`
  if (problem === null) return shape
  throw new SimilarItemsError(
    'model-invalid',
    `${url} describes a tower that the kernel cannot compute: ${problem}.`,
    {
      subject: url,
    },
  )
}
