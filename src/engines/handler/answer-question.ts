import { SimilarItemsError } from '../../errors.js'
import type { ShownPicture } from '../../ranking/rank.js'
import type { Embedding, Space } from '../../types.js'
import { combineEmbeddings, unitEmbedding } from '../../vectors/combine.js'
import { timelyConditions } from '../filter-values.js'
import { type RankedRow, rankNearest } from '../rank-nearest.js'
import { toFloats } from '../stored-vector.js'
import type { EngineFilter, EngineRow, VectorEngine } from '../vector-engine.js'
import type { HandlerOptions } from './handler-options.js'
import type { Question } from './question.js'

/** What a client gets to see. */
export interface Answer {
  /** That the scores are of. */
  readonly space: Space
  readonly hits: readonly { readonly product: unknown; readonly score: number }[]
}

/**
 * @throws SimilarItemsError `product-unknown`, `space-mismatch`, `engine-empty`, and what engine and loader throw;
 * the signal's reason on abort.
 */
export async function answerQuestion(
  { start, ranking, conditions }: Question,
  { engine, products }: Pick<HandlerOptions, 'engine' | 'products'>,
  signal: AbortSignal,
): Promise<Answer> {
  const { embedding, exceptIds, exceptGroups, shown } =
    'items' in start
      ? await startFromItems(engine, start, signal)
      : await startFromVector(engine, start, signal)
  const { asked, isMet } = timelyConditions(conditions, Date.now())
  const filter: EngineFilter = { exceptIds, exceptGroups, conditions: asked }
  const passes = ({ product }: EngineRow) => isMet(product)
  const ranked = await rankNearest(engine, embedding, ranking, { filter, shown, passes, signal })
  const current = products && (await currentProducts(products, ranked, signal))
  const hits = ranked.flatMap(({ row, score }) => {
    const product = current ? current.get(row.id) : row.product
    return product && isMet(product, row.product) ? [{ product, score }] : []
  })
  return { space: embedding.space, hits }
}

interface Start {
  readonly embedding: Embedding
  readonly exceptIds: readonly string[]
  readonly exceptGroups: readonly string[]
  readonly shown: readonly ShownPicture[]
}

async function startFromItems(
  engine: VectorEngine,
  { items, weights }: { readonly items: readonly string[]; readonly weights: readonly number[] },
  signal: AbortSignal,
): Promise<Start> {
  const { space, rows } = await engine.vectorOf(items, signal)
  const known = new Map(rows.map((row) => [row.id, row]))
  const found = items.map((id) => {
    const row = known.get(id)
    if (row) return row
    throw new SimilarItemsError('product-unknown', `Product "${id}" has no vector here.`, { subject: id })
  })
  const embeddings = found.map(({ vector }) => ({ space, vector: toFloats(vector) }))
  const shown = found.map(({ product }, index) => {
    return { contentKey: String(product.image_link), vector: (embeddings[index] as Embedding).vector }
  })
  const [only] = embeddings
  // As a page does, which ranks by a product's vector as it is stored.
  const embedding =
    embeddings.length === 1 && only && weights[0] === 1 ? only : combineEmbeddings(embeddings, weights)
  const exceptGroups = found.flatMap(({ group }) => (group === null || group === '' ? [] : [group]))
  return { embedding, exceptIds: items, exceptGroups: [...new Set(exceptGroups)], shown }
}

async function startFromVector(
  engine: VectorEngine,
  { vector, space: fingerprint }: Extract<Question['start'], { vector: unknown }>,
  signal: AbortSignal,
): Promise<Start> {
  // No product has the empty id: this only asks which space is answered from.
  const { space } = await engine.vectorOf([], signal)
  if (space.fingerprint !== fingerprint) {
    const message =
      `The vector is of space "${fingerprint}", but the engine has vectors of space "${space.fingerprint}". ` +
      'Search with the model and the projection that the catalogue was indexed with.'
    throw new SimilarItemsError('space-mismatch', message)
  }
  return {
    embedding: unitEmbedding({ space, vector: toFloats(vector) }),
    exceptIds: [],
    exceptGroups: [],
    shown: [],
  }
}

/** Products as the shop gives them, by id. */
async function currentProducts(
  load: NonNullable<HandlerOptions['products']>,
  ranked: readonly RankedRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, EngineRow['product']>> {
  const ids = ranked.map(({ row }) => row.id)
  const given = ids.length > 0 ? await load(ids, signal) : []
  const products = given.filter((product) => typeof product === 'object' && product !== null)
  // A table's key may be a number; the engine has ids as texts.
  return new Map(
    products.map((product) => [String((product as { id?: unknown }).id), product as EngineRow['product']]),
  )
}
