import { strict as assert } from 'node:assert'
import { Matrix as MlMatrix } from 'ml-matrix'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type SeededRandom, seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import type { FitOptions } from '../../../src/tune/fit-options.js'
import { fitProjection } from '../../../src/tune/fit-projection.js'
import { multiplyTransposed, zeros } from '../../../src/tune/matrix.js'
import { relationsFromPairs } from '../../../src/tune/relations.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { OnnxGraph } from '../../fixtures/model/onnx-graph.js'
import { publish, type Row } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'

const length = 192
const dimensions = [192, 128, 64]
/** Every product of a kind with every other: 50 010 pairs of 20 004 products. */
const kinds = 3334
const perKind = 6

const fits: readonly { readonly what: string; readonly titles?: true; readonly options?: FitOptions }[] = [
  { what: 'every element' },
  { what: 'every element, and titles', titles: true },
  { what: 'rank 16', options: { rank: 16 } },
]

await measure()

/** Fitting a projection to 50 000 pairs. */
async function measure(): Promise<void> {
  const { vectors, titles, pairs } = products(seededRandom(1))
  const relations = relationsFromPairs(pairs)
  const rows: Row[] = []
  const numbers: unknown[] = []
  for (const { what, titles: withTitles, options } of fits) {
    const data = { vectors, relations, titles: withTitles && titles }
    const started = performance.now()
    const cpuBefore = process.cpuUsage()
    const { chosen, history } = fitProjection(data, { dimensions, ...options })
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    const cpuSeconds = (user + system) / 1e6
    const steps = chosen + (history.at(-1)?.step ?? 0)
    rows.push({
      what: `${pairs.length} pairs, ${dimensions.join('/')}: ${what}`,
      value: `${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of one core, for ${steps} steps`,
      target: '<= 300 s (minutes)',
      met: seconds <= 300,
    })
    numbers.push({ what, seconds, cpuSeconds, steps, chosen, history })
    assert.notEqual(chosen, 0, 'nothing was learned')
  }
  const products512 = await timeProducts()
  const ours = products512[0]?.median as number
  for (const { name, median } of products512) {
    const ratio = name === 'ours' ? '' : ` (${(median / ours).toFixed(2)} of ours)`
    rows.push({ what: `512 x 192 times 192 x 512: ${name}`, value: `${milliseconds(median)}${ratio}` })
  }
  publish('tune', rows, { fits: numbers, products: products512 }, 'none: Node')
}

/** Products whose first half of components tells the kind; the other half is noise. */
function products(random: SeededRandom) {
  const noise = () => random.next() + random.next() - 1
  const vectors: Float32Array[] = []
  const titles: string[] = []
  const pairs: [number, number][] = []
  for (let kind = 0; kind < kinds; kind++) {
    const centre = Float64Array.from({ length: length / 2 }, noise)
    const first = vectors.length
    for (let item = first; item < first + perKind; item++) {
      const told = Array.from(centre, (component) => component + noise())
      vectors.push(normalize([...told, ...Array.from({ length: length / 2 }, () => 2 * noise())]))
      titles.push(`kind${kind} colour${random.below(20)} word${random.below(3000)} word${random.below(3000)}`)
      for (let other = first; other < item; other++) pairs.push([other, item])
    }
  }
  return { vectors, titles, pairs }
}

/** The same product by our loops, by ml-matrix, and by ONNX Runtime on single-precision numbers. */
async function timeProducts(): Promise<{ name: string; median: number; times: number[] }[]> {
  const random = seededRandom(2)
  const [a, b] = [zeros(512, length), zeros(512, length)]
  for (const { data } of [a, b]) for (const index of data.keys()) data[index] = random.next() - 0.5
  const left = MlMatrix.from1DArray(a.rows, a.columns, a.data)
  const right = MlMatrix.from1DArray(b.rows, b.columns, b.data).transpose()
  const graph = new OnnxGraph()
  const inputs = [graph.input('a', [512, length]), graph.input('b', [length, 512])]
  graph.output('product', [512, 512], graph.node('MatMul', inputs))
  const session = await InferenceSession.create(graph.encode(), { intraOpNumThreads: 1 })
  const feeds = {
    a: new Tensor('float32', Float32Array.from(a.data), [512, length]),
    b: new Tensor('float32', Float32Array.from(right.to1DArray()), [length, 512]),
  }
  const ways: [string, () => ArrayLike<number> | Promise<ArrayLike<number>>][] = [
    ['ours', () => multiplyTransposed(a, b).data],
    ['ml-matrix', () => left.mmul(right).to1DArray()],
    ['onnxruntime-node', async () => (await session.run(feeds)).product?.data as Float32Array],
  ]
  const expected = multiplyTransposed(a, b).data
  const times = ways.map((): number[] => [])
  for (let round = 0; round < 20; round++) {
    for (const [way, [, run]] of ways.entries()) {
      const started = performance.now()
      const product = await run()
      times[way]?.push(performance.now() - started)
      assert.ok(Math.abs((product[777] as number) - (expected[777] as number)) < 1e-4, 'another product')
    }
  }
  await session.release()
  return ways.map(([name], way) => {
    // The first rounds are those of a compiler that does not know the code yet.
    const warm = times[way]?.slice(5) as number[]
    return { name, median: median(warm), times: warm }
  })
}
