import { SimilarItemsError } from '../../errors.js'
import { loadOptional } from '../optional-package.js'
import { onnxSchema } from './onnx-schema.js'

/** A tensor of floats, row after row. */
export interface FloatTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

interface Node {
  readonly input: string[]
  readonly output: string[]
  readonly name: string
  readonly op_type: string
  readonly attribute: { name: string; i: unknown; ints: unknown[] }[]
}

interface Initializer {
  readonly name: string
  readonly dims: unknown[]
  readonly data_type: number
  readonly float_data: number[]
  readonly raw_data: Uint8Array
}

const dataTypes = { float: 1, float16: 10 }

/** The float weights of an ONNX graph, which torch's exporter has stored under their names or under its nodes'. */
export class OnnxWeights {
  readonly #initializers: ReadonlyMap<string, Initializer>
  readonly #nodes: readonly Node[]
  readonly #producers: ReadonlyMap<string, Node>

  private constructor(nodes: readonly Node[], initializers: readonly Initializer[]) {
    this.#nodes = nodes
    this.#initializers = new Map(initializers.map((tensor) => [tensor.name, tensor]))
    this.#producers = new Map(nodes.flatMap((node) => node.output.map((output) => [output, node])))
  }

  /** @throws SimilarItemsError `package-missing`; `model-invalid` where `bytes` are no ONNX file. */
  static async read(bytes: Uint8Array, name: string): Promise<OnnxWeights> {
    const { parse } = (await loadOptional('protobufjs')).default
    const model = parse(onnxSchema, { keepCase: true }).root.lookupType('onnx.ModelProto')
    try {
      const { graph } = model.decode(bytes) as unknown as {
        graph: { node: Node[]; initializer: Initializer[] }
      }
      return new OnnxWeights(graph.node, graph.initializer)
    } catch (cause) {
      throw new SimilarItemsError('model-invalid', `${name} is not an ONNX file.`, { cause, subject: name })
    }
  }

  /** The tensor whose name ends so, or null. */
  named(...endings: readonly string[]): FloatTensor | null {
    for (const [name] of this.#initializers) {
      const plain = name.replace(/_fp16$/, '')
      const isIt = endings.some(
        (ending) => plain === ending || plain.endsWith(`.${ending}`) || plain.endsWith(`/${ending}`),
      )
      if (isIt) return this.#floats(name)
    }
    return null
  }

  /** The matrix that the linear layer at the end of this path multiplies with, as `[outputs, inputs]`, or null. */
  matrix(path: string): FloatTensor | null {
    const node = this.#nodes.find(
      ({ name, op_type }) =>
        (op_type === 'MatMul' || op_type === 'Gemm') && name.replace(/\/[^/]*$/, '').endsWith(`/${path}`),
    )
    const tensor = node && this.#constant(node.input[1] as string)
    if (!tensor) return null
    return node.op_type === 'Gemm' && attribute(node, 'transB') === 1 ? tensor : transpose(tensor)
  }

  /** A value that depends on no input: weights, or such that were stored smaller or turned. */
  #constant(value: string): FloatTensor | null {
    if (this.#initializers.has(value)) return this.#floats(value)
    const node = this.#producers.get(value)
    const from = node?.input[0]
    if (node === undefined || from === undefined) return null
    if (node.op_type === 'Cast' || node.op_type === 'Identity') return this.#constant(from)
    if (node.op_type !== 'Transpose') return null
    const tensor = this.#constant(from)
    return tensor && transpose(tensor)
  }

  #floats(name: string): FloatTensor | null {
    const tensor = this.#initializers.get(name)
    if (!tensor) return null
    const shape = tensor.dims.map(Number)
    if (tensor.data_type === dataTypes.float16) {
      return { shape, values: Float32Array.from(new Uint16Array(aligned(tensor.raw_data)), fromFloat16) }
    }
    if (tensor.data_type !== dataTypes.float) return null
    const { raw_data, float_data } = tensor
    const values = raw_data.length > 0 ? new Float32Array(aligned(raw_data)) : Float32Array.from(float_data)
    return { shape, values }
  }
}

/** The matrix with its rows and columns exchanged. */
function transpose({ shape, values }: FloatTensor): FloatTensor {
  const [rows = 0, columns = 0] = shape
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] as number
    }
  }
  return { shape: [columns, rows], values: turned }
}

function attribute(node: Node, name: string): number {
  return Number(node.attribute.find((attribute) => attribute.name === name)?.i ?? 0)
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

/** The number with these bits in IEEE 754 binary16. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
