import { SimilarItemsError } from '../../errors.js'
import { completeUnlessAborted } from '../../measure/evaluation/computation.js'
import { clickedPairs, parseInteractions } from '../../measure/evaluation/interaction-log.js'
import { seededRandom } from '../../measure/statistics/seeded-random.js'
import { relationsFromTitles } from '../../tune/alike-titles.js'
import { fittingProjection } from '../../tune/fit-projection.js'
import { type Relations, relationsFromLabels, relationsFromPairs } from '../../tune/relations.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import { writeProjection } from '../../vectors/projection.js'
import { readRecords } from '../files/read-records.js'
import { writeFileAtomically } from '../files/write-file.js'
import { type OpenedPack, openPack } from '../pack/open-pack.js'
import { TextTower } from '../text/text-tower.js'
import {
  type Arguments,
  type Command,
  countOption,
  requiredOption,
  type Terminal,
  textOption,
} from './command.js'

export const tuneCommand: Command = {
  usage: 'PACK --out FILE [--log LOG | --label ATTRIBUTE] [--titles] [--dims LIST] [--rank N]',
  summary: "Fits a projection to a shop's own pairs; index and pages then use it after the encoder.",
  help: `  --out FILE          the projection, as safetensors
  --log LOG           learn from clicked pairs: shown lists as evaluate reads them
  --label ATTRIBUTE   learn from products that share an attribute, such as product_type
  --titles            learn from titles, too; without --log and --label, from nothing else
  --text-model DIR    embed titles by the text tower in this folder (default: words are learned)
  --dims LIST         lengths at which vectors may be cut, such as 192,128,64 (default: the encoder's)
  --rank N            learn only a correction of this rank, for few pairs
  --seed N            another choice of held-out products (default 1)
PACK is a folder that index wrote without --dims and without a projection. Where its vectors are centered, the
projection has their mean and centers as they are.`,
  arity: 1,
  options: {
    out: { type: 'string' },
    log: { type: 'string' },
    label: { type: 'string' },
    titles: { type: 'boolean' },
    'text-model': { type: 'string' },
    dims: { type: 'string' },
    rank: { type: 'string' },
    seed: { type: 'string' },
  },
  async run(given, terminal, signal) {
    const out = requiredOption(given, 'out')
    assertSources(given)
    const opened = await openPack(given.positionals[0] as string)
    const { pack, projection } = opened
    assertUnprojected(opened)
    const titles = given.values.titles ? attributeOf(opened, 'title') : undefined
    const data = {
      vectors: pack.entries.map((_, row) => decodeVector(pack.vectors, row)),
      relations: await relationsOf(given, opened, { titles, terminal, signal }),
      titles,
      titleVectors: titles && (await towerVectors(given, titles, pack.space.dimensions, signal)),
    }
    const fit = await completeUnlessAborted(
      fittingProjection(data, {
        dimensions: textOption(given, 'dims')?.split(',').map(Number),
        rank: countOption(given, 'rank'),
        seed: countOption(given, 'seed'),
        onCheck: ({ step, score }) => {
          terminal.err.write(`step ${step}: nDCG@5 of held-out products ${score.toFixed(4)}\n`)
        },
      }),
      signal,
    )
    if (fit.chosen === 0) {
      terminal.err.write('Nothing was better than the encoder as it is; no projection is written.\n')
      return 1
    }
    await writeFileAtomically(
      out,
      writeProjection(projection?.from ?? pack.space, fit.matrix, 'tuned', projection?.mean),
    )
    terminal.out.write(`${out}: ${fit.chosen} steps on ${fit.trainingPairs} pairs and those held out\n`)
    return 0
  },
}

function assertSources(given: Arguments): void {
  const [log, label] = [textOption(given, 'log'), textOption(given, 'label')]
  if (log !== undefined && label !== undefined) throw invalid('Give --log or --label, not both.')
  if (log === undefined && label === undefined && !given.values.titles) {
    throw invalid('Say what to learn from: --log, --label or --titles.')
  }
  if (textOption(given, 'text-model') !== undefined && !given.values.titles) {
    throw invalid('--text-model is for --titles.')
  }
}

/** What is learned takes the place of another matrix; a mean alone stays before it. */
function assertUnprojected({ pack, projection, path }: OpenedPack): void {
  if (pack.space.projection === null || (projection && !projection.matrix)) return
  if (!projection)
    throw invalid(`${path} is a pack alone, without its projection; give the folder that index wrote.`)
  throw invalid(`${path} is projected already; index without that.`)
}

/** One text per row of the pack. */
function attributeOf({ pack, products, path }: OpenedPack, name: string): (string | undefined)[] {
  if (products.size === 0) {
    throw invalid(`${path} is a pack alone, without products; give the folder that index wrote.`)
  }
  return pack.entries.map(({ id }) => {
    const value = products.get(id)?.[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  })
}

interface RelationSources {
  readonly titles: readonly (string | undefined)[] | undefined
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

async function relationsOf(
  given: Arguments,
  opened: OpenedPack,
  { titles, terminal, signal }: RelationSources,
): Promise<Relations> {
  const label = textOption(given, 'label')
  if (label !== undefined) {
    const relations = relationsFromLabels(attributeOf(opened, label), seededRandom(1))
    if (relations.pairs.length > 0) return relations
    throw invalid(`No two products of ${opened.path} have the same "${label}".`)
  }
  const log = textOption(given, 'log')
  if (log === undefined) return relationsFromTitles(titles ?? [])
  const rowOf = new Map(opened.pack.entries.map(({ id }, row) => [id, row]))
  const clicked = clickedPairs(parseInteractions(await readRecords(log, signal), log))
  const pairs = clicked.flatMap(([query, item]): [number, number][] => {
    const [a, b] = [rowOf.get(query), rowOf.get(item)]
    return a === undefined || b === undefined ? [] : [[a, b]]
  })
  const unknown = clicked.length - pairs.length
  if (unknown > 0) {
    terminal.err.write(
      `${unknown} of ${clicked.length} clicked pairs have a product that the pack does not have.\n`,
    )
  }
  return relationsFromPairs(pairs)
}

async function towerVectors(
  given: Arguments,
  titles: readonly (string | undefined)[],
  dimensions: number,
  signal: AbortSignal,
): Promise<(Float32Array | undefined)[] | undefined> {
  const model = textOption(given, 'text-model')
  if (model === undefined) return undefined
  const tower = await TextTower.open({ model })
  try {
    const vectors = await tower.encode(
      titles.flatMap((title) => title ?? []),
      signal,
    )
    const [first] = vectors
    if (first && first.length !== dimensions) {
      throw invalid(
        `The text tower in ${model} gives ${first.length} numbers, the encoder of the pack ${dimensions}: they are not of one model.`,
      )
    }
    let next = 0
    return titles.map((title) => (title === undefined ? undefined : vectors[next++]))
  } finally {
    await tower.close()
  }
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
