import { similarHandler } from '../../src/engines/handler/similar-handler.js'
import { quantize, toBase64 } from '../../src/engines/stored-vector.js'
import type { VectorEngine } from '../../src/engines/vector-engine.js'
import type { Embedding } from '../../src/types.js'
import type { EngineCatalogue } from './engine-catalogue.js'

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
  /** What of them was not spent waiting for the engine; empty for several at once. */
  readonly overheads: readonly number[]
}

/** Asks an engine through the handler, as pages do but without a network, after some questions that are not counted. */
export async function askQuestions(
  engine: VectorEngine,
  catalogue: EngineCatalogue,
): Promise<AnsweredQuestions[]> {
  const answered: AnsweredQuestions[] = []
  for (const isFiltered of [false, true]) {
    for (const kind of ['item', 'photo'] as const) {
      const expected = expectedLists(catalogue, kind, isFiltered)
      for (const clients of [1, 16]) {
        const round = await ask(engine, catalogue, { kind, isFiltered, clients })
        const { lists, ...times } = round
        answered.push({ kind, isFiltered, clients, recall: recallOf(lists, expected), ...times })
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

async function ask(engine: VectorEngine, catalogue: EngineCatalogue, { kind, isFiltered, clients }: Round) {
  const clock = { spent: 0 }
  const filters = { brand: { attribute: 'brand', kind: 'text' } } as const
  const handle = similarHandler({ engine: timed(engine, clock), filters, limits: { time: 60_000 } })
  const requests = requestsFor(catalogue, kind, isFiltered)
  for (const request of requests.slice(0, 10)) await handle(request.clone() as Request)
  const lists: string[][] = []
  const milliseconds: number[] = []
  const overheads: number[] = []
  let next = 0
  const client = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      clock.spent = 0
      const started = performance.now()
      const response = await handle(requests[at] as Request)
      const { hits } = (await response.json()) as { hits: { product: { id: string } }[] }
      const elapsed = performance.now() - started
      milliseconds.push(elapsed)
      if (clients === 1) overheads.push(elapsed - clock.spent)
      lists[at] = hits.map(({ product }) => product.id)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { lists, milliseconds, overheads }
}

/** The engine with a clock that runs while it is waited for. */
function timed(engine: VectorEngine, clock: { spent: number }): VectorEngine {
  const time = async <T>(call: Promise<T>): Promise<T> => {
    const started = performance.now()
    return call.finally(() => {
      clock.spent += performance.now() - started
    })
  }
  return {
    describe: (signal) => time(engine.describe(signal)),
    nearest: (query) => time(engine.nearest(query)),
    vectorOf: (ids, signal) => time(engine.vectorOf(ids, signal)),
    write: (...given) => engine.write(...given),
    remove: (...given) => engine.remove(...given),
    versions: (...given) => engine.versions(...given),
    activate: (...given) => engine.activate(...given),
  }
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
