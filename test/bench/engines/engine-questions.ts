import { similarHandler } from '../../../src/engines/handler/similar-handler.js'
import { quantize, toBase64 } from '../../../src/engines/stored-vector.js'
import type { FoundRows, VectorEngine } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import type { EngineCatalogue } from './engine-catalogue.js'
import type { MeasuredEngine } from './measured-engines.js'

const questionCount = Number(process.env.ENGINE_QUESTIONS ?? 200)

export interface AnsweredQuestions {
  readonly kind: 'item' | 'photo'
  readonly isFiltered: boolean
  /** Questions that are on their way at once. */
  readonly clients: number
  /** Of lists of 12, against the scan. */
  readonly recall: number
  /** From request to response, of each question. */
  readonly milliseconds: readonly number[]
  /** What a question costs all processes together, on average: tells the work from the waiting; null where unknown. */
  readonly processorMilliseconds: number | null
  /** What the handler costs the processor for a question, on average, when the engine answers at once from a record; null for several clients. */
  readonly handlerMilliseconds: number | null
}

/** Asks an engine through the handler, as pages do but without a network, after some questions that are not counted. */
export async function askQuestions(
  { engine, processorSeconds }: MeasuredEngine,
  catalogue: EngineCatalogue,
): Promise<AnsweredQuestions[]> {
  const answered: AnsweredQuestions[] = []
  for (const isFiltered of [false, true]) {
    for (const kind of ['item', 'photo'] as const) {
      const expected = expectedLists(catalogue, kind, isFiltered)
      await ask(engine, catalogue, { kind, isFiltered, clients: 1 }, 10)
      for (const clients of [1, 16]) {
        const before = await processorSeconds()
        const round = await ask(engine, catalogue, { kind, isFiltered, clients })
        const after = await processorSeconds()
        const { lists, milliseconds } = round
        const handlerMilliseconds =
          clients === 1 ? await timeHandler(round.record, catalogue, { kind, isFiltered, clients }) : null
        const spent = before === null || after === null ? null : (1000 * (after - before)) / lists.length
        const recall = recallOf(lists, expected)
        const costs = { processorMilliseconds: spent, handlerMilliseconds }
        answered.push({ kind, isFiltered, clients, recall, milliseconds, ...costs })
      }
    }
  }
  return answered
}

interface Round {
  readonly kind: 'item' | 'photo'
  readonly isFiltered: boolean
  readonly clients: number
}

const filters = { brand: { attribute: 'brand', kind: 'text' } } as const

async function ask(
  engine: VectorEngine,
  catalogue: EngineCatalogue,
  { kind, isFiltered, clients }: Round,
  count = questionCount,
) {
  const record: FoundRows[] = []
  const handle = similarHandler({ engine: recorded(engine, record), filters, limits: { time: 60_000 } })
  const requests = requestsFor(catalogue, kind, isFiltered).slice(0, count)
  const lists: string[][] = []
  const milliseconds: number[] = []
  let next = 0
  const client = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      const started = performance.now()
      const response = await handle(requests[at] as Request)
      const { hits } = (await response.json()) as { hits: { product: { id: string } }[] }
      milliseconds.push(performance.now() - started)
      lists[at] = hits.map(({ product }) => product.id)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { lists, milliseconds, record }
}

/** The engine, of whose answers a record is made. */
function recorded(engine: VectorEngine, record: FoundRows[]): VectorEngine {
  const keep = async (call: Promise<FoundRows>) => {
    const found = await call
    record.push(found)
    return found
  }
  return {
    describe: (signal) => engine.describe(signal),
    nearest: (query) => keep(engine.nearest(query)),
    vectorOf: (ids, signal) => keep(engine.vectorOf(ids, signal)),
    write: (...given) => engine.write(...given),
    remove: (...given) => engine.remove(...given),
    versions: (...given) => engine.versions(...given),
    activate: (...given) => engine.activate(...given),
  }
}

/** The questions again and again, to an engine that takes no time: one client's record, which is in the order of questions. */
async function timeHandler(
  record: readonly FoundRows[],
  catalogue: EngineCatalogue,
  { kind, isFiltered }: Round,
): Promise<number> {
  const engine = { nearest: replay, vectorOf: replay } as unknown as VectorEngine
  let next = 0
  async function replay() {
    return record[next++ % record.length] as FoundRows
  }
  const handle = similarHandler({ engine, filters })
  const rounds: number[] = []
  // A server that has just started compiles: the first rounds are not counted.
  for (let round = 0; round < 12; round++) {
    const requests = requestsFor(catalogue, kind, isFiltered)
    const before = process.cpuUsage()
    for (const request of requests) await (await handle(request)).text()
    const { user, system } = process.cpuUsage(before)
    if (round >= 5) rounds.push((user + system) / 1000 / requests.length)
  }
  return rounds.toSorted((a, b) => a - b)[rounds.length >> 1] as number
}

function requestsFor(catalogue: EngineCatalogue, kind: Round['kind'], isFiltered: boolean): Request[] {
  const address = 'http://localhost/api/similar'
  if (kind === 'item') {
    return catalogue.sample(questionCount).map((row) => {
      const filter = isFiltered ? { brand: filterFor(catalogue, row) } : {}
      const search = new URLSearchParams({ item: catalogue.idOf(row), limit: '12', ...filter })
      return new Request(`${address}?${search}`)
    })
  }
  return catalogue.photos.slice(0, questionCount).map(({ vector, space }: Embedding, photo) => {
    const { levels, scale } = quantize(vector)
    const filters = isFiltered ? { filters: { brand: [filterFor(catalogue, photo)] } } : {}
    const body = { vector: toBase64(levels), scale, space: space.fingerprint, limit: 12, ...filters }
    const headers = { 'content-type': 'application/json' }
    return new Request(address, { method: 'POST', headers, body: JSON.stringify(body) })
  })
}

/** A brand that a question asks for: of a twentieth of the products. */
function filterFor(catalogue: EngineCatalogue, number: number): string {
  return catalogue.brandOf(number + 1)
}

function expectedLists(catalogue: EngineCatalogue, kind: Round['kind'], isFiltered: boolean): string[][] {
  const brand = (number: number) => (isFiltered ? filterFor(catalogue, number) : null)
  if (kind === 'item') {
    return catalogue.sample(questionCount).map((row) => catalogue.expected({ row }, brand(row)))
  }
  const photos = catalogue.photos.slice(0, questionCount)
  return photos.map((_, photo) => catalogue.expected({ photo }, brand(photo)))
}

function recallOf(lists: readonly string[][], expected: readonly string[][]): number {
  let wanted = 0
  let found = 0
  for (const [at, list] of expected.entries()) {
    const listed = new Set(lists[at])
    wanted += list.length
    found += list.filter((id) => listed.has(id)).length
  }
  return found / wanted
}
