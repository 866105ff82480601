import { patchLength, type TowerShape, tokensOf } from '../../encoder/tower/tower-shape.js'
import { shapeFields, towerFormat } from '../../encoder/tower/tower-weights.js'
import { SimilarItemsError } from '../../errors.js'
import { type Tensor, toBytes, writeSafetensors } from '../../vectors/safetensors.js'
import type { FloatTensor, OnnxWeights } from './onnx-weights.js'
import { toSevenBits } from './seven-bits.js'

/**
 * The file of 7-bit weights of a SigLIP vision tower; the same weights give the same bytes.
 * @param source the tower in full precision, 16 or 32 bits.
 * @throws SimilarItemsError `model-invalid` where weights are missing, naming them.
 */
export function writeTowerWeights(
  source: OnnxWeights,
  shape: TowerShape,
  name: string,
): Uint8Array<ArrayBuffer> {
  const metadata = new Map([['format', towerFormat]])
  for (const [key, field] of Object.entries(shapeFields)) {
    metadata.set(field, String(shape[key as keyof TowerShape]))
  }
  return writeSafetensors({ tensors: new TensorWriter(source, shape, name).write(), metadata })
}

class TensorWriter {
  readonly #tensors = new Map<string, Tensor>()

  constructor(
    private readonly source: OnnxWeights,
    private readonly shape: TowerShape,
    private readonly name: string,
  ) {}

  /** All tensors, in the order in which a picture passes them. */
  write(): ReadonlyMap<string, Tensor> {
    const { hiddenSize: hidden, layers } = this.shape
    const patches = 'embeddings.patch_embedding'
    const kernel = this.#take(`${patches}.weight`, hidden * patchLength(this.shape))
    this.#linear(patches, hidden, kernel, this.#take(`${patches}.bias`, hidden))
    const tokens = tokensOf(this.shape)
    const positions =
      this.source.named(
        'embeddings.position_embedding.weight',
        'embeddings/position_embedding/Gather_output_0',
      ) ?? undefined
    this.#floats(
      'embeddings.position_embedding',
      [tokens, hidden],
      this.#expect('position_embedding', tokens * hidden, positions),
    )
    for (let layer = 0; layer < layers; layer++) this.#layer(layer)
    this.#norm('post_layernorm')
    this.#head()
    return this.#tensors
  }

  #layer(layer: number): void {
    const at = `encoder.layers.${layer}`
    const { hiddenSize: hidden } = this.shape
    this.#norm(`${at}.layer_norm1`)
    const parts = ['q_proj', 'k_proj', 'v_proj'].map((part) => `${at}.self_attn.${part}`)
    this.#linear(
      `${at}.self_attn.in_proj`,
      3 * hidden,
      concatenate(parts.map((part) => this.#matrix(part, hidden, hidden))),
      concatenate(parts.map((part) => this.#take(`${part}.bias`, hidden))),
    )
    this.#layerOf(`${at}.self_attn.out_proj`, hidden, hidden)
    this.#norm(`${at}.layer_norm2`)
    this.#perceptron(`${at}.mlp`)
  }

  #head(): void {
    const { hiddenSize: hidden } = this.shape
    const probe = this.#expect(
      'head.probe',
      hidden,
      this.source.named('head.probe', 'head/Expand_output_0') ?? undefined,
    )
    const weights = this.#take('head.attention.in_proj_weight', 3 * hidden * hidden)
    const biases = this.#take('head.attention.in_proj_bias', 3 * hidden)
    const matrix = (part: number) => weights.subarray(part * hidden * hidden, (part + 1) * hidden * hidden)
    const bias = (part: number) => biases.subarray(part * hidden, (part + 1) * hidden)
    const keys = probeKeys(probe, matrix(0), bias(0), matrix(1), this.shape)
    this.#floats('head.attention.keys', [this.shape.heads, hidden], keys)
    this.#linear('head.attention.value', hidden, matrix(2), bias(2))
    const out = 'head.attention.out_proj'
    const outMatrix = this.#take(`${out}.weight`, hidden * hidden)
    this.#linear(out, hidden, outMatrix, this.#take(`${out}.bias`, hidden))
    this.#norm('head.layernorm')
    this.#perceptron('head.mlp')
  }

  #perceptron(at: string): void {
    const { hiddenSize: hidden, intermediateSize: inner } = this.shape
    this.#layerOf(`${at}.fc1`, inner, hidden)
    this.#layerOf(`${at}.fc2`, hidden, inner)
  }

  #layerOf(at: string, outputs: number, inputs: number): void {
    this.#linear(at, outputs, this.#matrix(at, outputs, inputs), this.#take(`${at}.bias`, outputs))
  }

  #linear(at: string, outputs: number, weights: Float32Array, biases: Float32Array): void {
    const { levels, scales } = toSevenBits(weights, outputs)
    const shape = [outputs, weights.length / outputs]
    this.#tensors.set(`${at}.weight`, { dtype: 'I8', shape, bytes: toBytes(levels) })
    this.#floats(`${at}.scale`, [outputs], scales)
    this.#floats(`${at}.bias`, [outputs], biases)
  }

  #norm(at: string): void {
    const { hiddenSize: hidden } = this.shape
    const parts = ['weight', 'bias'].map((part) => this.#take(`${at}.${part}`, hidden))
    this.#floats(at, [2, hidden], concatenate(parts))
  }

  #floats(at: string, shape: readonly number[], values: Float32Array): void {
    this.#tensors.set(at, { dtype: 'F32', shape, bytes: toBytes(values) })
  }

  /** Torch keeps the names of biases, and those of matrices that it does not turn. */
  #matrix(at: string, outputs: number, inputs: number): Float32Array {
    const path = at.replace(/\.(?!\d)/g, '/')
    const found = this.source.named(`${at}.weight`) ?? this.source.matrix(path)
    return this.#expect(`${at}.weight`, outputs * inputs, found ?? undefined)
  }

  #take(at: string, length: number): Float32Array {
    return this.#expect(at, length, this.source.named(at) ?? undefined)
  }

  #expect(at: string, length: number, tensor: FloatTensor | undefined): Float32Array {
    if (tensor?.values.length === length) return tensor.values
    const what = tensor
      ? `has ${tensor.values.length} numbers instead of ${length}`
      : 'is not there as floats'
    throw new SimilarItemsError(
      'model-invalid',
      `${this.name} gives no 7-bit weights: ${at} ${what}. Use torch's export of a SigLIP vision tower in 16 or 32 bits.`,
      { subject: this.name },
    )
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/**
 * Softmax sees q . k of a token x: with q = (Q p + b) / sqrt(d) of the probe p and k = K x + c that is (K' q) . x, and
 * q . c, which is the same for all tokens and changes nothing. Returns K' q, head by head.
 */
function probeKeys(
  probe: Float32Array,
  queryMatrix: Float32Array,
  queryBias: Float32Array,
  keyMatrix: Float32Array,
  { hiddenSize: hidden, heads }: TowerShape,
): Float32Array {
  const width = hidden / heads
  const keys = new Float64Array(heads * hidden)
  for (let channel = 0; channel < hidden; channel++) {
    const row = channel * hidden
    let query = queryBias[channel] as number
    for (let input = 0; input < hidden; input++) {
      query += (queryMatrix[row + input] as number) * (probe[input] as number)
    }
    query /= Math.sqrt(width)
    const key = Math.floor(channel / width) * hidden
    for (let input = 0; input < hidden; input++) {
      keys[key + input] = (keys[key + input] as number) + query * (keyMatrix[row + input] as number)
    }
  }
  return Float32Array.from(keys)
}
