import type { Tensor, TensorFile } from '../../vectors/safetensors.js'
import { patchLength, shapeProblem, type TowerShape, tokensOf } from './tower-shape.js'

/** A linear layer whose weights have 7 bits. */
export interface LinearWeights {
  readonly inputs: number
  readonly outputs: number
  /** `[outputs, inputs]`, each from -63 to 63. */
  readonly levels: Int8Array
  /** What one level is worth, by output. */
  readonly scales: Float32Array
  readonly biases: Float32Array
}

/** Gains, then shifts. */
export type NormWeights = Float32Array

export interface LayerWeights {
  readonly norm1: NormWeights
  /** Queries, keys and values in one. */
  readonly inProjection: LinearWeights
  readonly outProjection: LinearWeights
  readonly norm2: NormWeights
  readonly expand: LinearWeights
  readonly contract: LinearWeights
}

/** The attention-pooling head. */
export interface HeadWeights {
  /**
   * `[heads, hiddenSize]`. The head's one query is its probe's and the same for all pictures, so query and key matrix
   * make one vector a head, whose product with a token is its score.
   */
  readonly keys: Float32Array
  readonly value: LinearWeights
  readonly outProjection: LinearWeights
  readonly norm: NormWeights
  readonly expand: LinearWeights
  readonly contract: LinearWeights
}

/** All weights of a SigLIP vision tower. */
export interface TowerWeights {
  readonly shape: TowerShape
  readonly patchEmbedding: LinearWeights
  /** `[tokens, hiddenSize]`. */
  readonly positions: Float32Array
  readonly layers: readonly LayerWeights[]
  readonly lastNorm: NormWeights
  readonly head: HeadWeights
}

/** What the file says of itself. */
export const towerFormat = 'siglip-vision-tower-int7-1'

/** Name of each number of the shape in the file: those of `config.json`. */
export const shapeFields = {
  imageSize: 'image_size',
  patchSize: 'patch_size',
  hiddenSize: 'hidden_size',
  intermediateSize: 'intermediate_size',
  layers: 'num_hidden_layers',
  heads: 'num_attention_heads',
  epsilon: 'layer_norm_eps',
} as const satisfies Record<keyof TowerShape, string>

/**
 * Reads the tensors of a file of 7-bit weights. Weights are views of the file; the small rest is copied.
 * @throws RangeError for anything else, saying what is wrong with it.
 */
export function readTowerWeights(file: TensorFile): TowerWeights {
  return new TensorReader(file, readShape(file)).read()
}

function invalid(what: string): RangeError {
  return new RangeError(`${what}. Write the file anew with similar-items model --weights`)
}

function readShape({ metadata }: TensorFile): TowerShape {
  const format = metadata.get('format')
  if (format !== towerFormat) throw invalid(`its format is ${String(format)}, not ${towerFormat}`)
  const entries = Object.entries(shapeFields).map(([key, field]) => [key, Number(metadata.get(field))])
  const shape: TowerShape = Object.fromEntries(entries)
  const problem = shapeProblem(shape)
  if (problem) throw invalid(problem)
  return shape
}

class TensorReader {
  constructor(
    private readonly file: TensorFile,
    private readonly shape: TowerShape,
  ) {}

  read(): TowerWeights {
    const { hiddenSize: hidden, layers } = this.shape
    return {
      shape: this.shape,
      patchEmbedding: this.linear('embeddings.patch_embedding', hidden, patchLength(this.shape)),
      positions: this.floats('embeddings.position_embedding', [tokensOf(this.shape), hidden]),
      layers: Array.from({ length: layers }, (_, layer) => this.layer(`encoder.layers.${layer}`)),
      lastNorm: this.norm('post_layernorm'),
      head: {
        keys: this.floats('head.attention.keys', [this.shape.heads, hidden]),
        value: this.linear('head.attention.value', hidden, hidden),
        outProjection: this.linear('head.attention.out_proj', hidden, hidden),
        norm: this.norm('head.layernorm'),
        ...this.perceptron('head.mlp'),
      },
    }
  }

  private layer(at: string): LayerWeights {
    const { hiddenSize: hidden } = this.shape
    return {
      norm1: this.norm(`${at}.layer_norm1`),
      inProjection: this.linear(`${at}.self_attn.in_proj`, 3 * hidden, hidden),
      outProjection: this.linear(`${at}.self_attn.out_proj`, hidden, hidden),
      norm2: this.norm(`${at}.layer_norm2`),
      ...this.perceptron(`${at}.mlp`),
    }
  }

  private perceptron(at: string) {
    const { hiddenSize: hidden, intermediateSize: inner } = this.shape
    return {
      expand: this.linear(`${at}.fc1`, inner, hidden),
      contract: this.linear(`${at}.fc2`, hidden, inner),
    }
  }

  private norm(at: string): NormWeights {
    return this.floats(at, [2, this.shape.hiddenSize])
  }

  private linear(at: string, outputs: number, inputs: number): LinearWeights {
    const { bytes } = this.tensor(`${at}.weight`, 'I8', [outputs, inputs])
    const levels = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    const scales = this.floats(`${at}.scale`, [outputs])
    return { inputs, outputs, levels, scales, biases: this.floats(`${at}.bias`, [outputs]) }
  }

  private floats(at: string, shape: readonly number[]): Float32Array {
    return new Float32Array(this.tensor(at, 'F32', shape).bytes.slice().buffer)
  }

  private tensor(at: string, dtype: Tensor['dtype'], shape: readonly number[]): Tensor {
    const tensor = this.file.tensors.get(at)
    const isAsExpected =
      tensor?.dtype === dtype &&
      tensor.shape.length === shape.length &&
      tensor.shape.every((length, index) => length === shape[index])
    if (tensor && isAsExpected) return tensor
    throw invalid(`"${at}" is not a tensor ${dtype} of [${shape.join(', ')}]`)
  }
}
