import { writeFile } from 'node:fs/promises'
import { SimilarItemsError } from '../../errors.js'
import { clickedPairs, parseInteractions } from '../../measure/interaction-log.js'
import { seededRandom } from '../../measure/seeded-random.js'
import { fitProjection } from '../../tune/fit-projection.js'
import { type Relations, relationsFromLabels, relationsFromPairs } from '../../tune/relations.js'
import type { Product } from '../../types.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import { writeProjection } from '../../vectors/projection.js'
import { openPack } from '../open-pack.js'
import { readRecords } from '../read-records.js'
import { type Arguments, type Command, countOption, requiredOption, textOption } from './command.js'

export const tuneCommand: Command = {
  usage: 'PACK --out FILE (--log LOG | --label ATTRIBUTE) [--titles] [--dims LIST] [--rank N]',
  summary: "Fits a projection to a shop's own pairs; index and pages then use it after the encoder.",
  help: `  --out FILE          the projection, as safetensors
  --log LOG           learn from clicked pairs: shown lists as evaluate reads them
  --label ATTRIBUTE   learn from products that share an attribute, such as product_type
  --titles            learn from titles, too
  --dims LIST         lengths at which vectors may be cut, such as 192,128,64 (default: the encoder's)
  --rank N            learn only a correction of this rank, for few pairs
  --seed N            another choice of held-out products (default 1)
PACK is a folder that index wrote without --dims and without a projection.`,
  arity: 1,
  options: {
    out: { type: 'string' },
    log: { type: 'string' },
    label: { type: 'string' },
    titles: { type: 'boolean' },
    dims: { type: 'string' },
    rank: { type: 'string' },
    seed: { type: 'string' },
  },
  async run(given, terminal) {
    const out = requiredOption(given, 'out')
    const { pack, products, path } = await openPack(given.positionals[0] as string)
    if (pack.space.projection !== null) {
      throw new SimilarItemsError('invalid-argument', `${path} is projected already; index without that.`)
    }
    const ids = pack.entries.map(({ id }) => id)
    const attribute = (name: string) =>
      ids.map((id) => {
        const value = (products.get(id) as Product | undefined)?.[name]
        return typeof value === 'string' ? value : undefined
      })
    const fit = fitProjection(
      {
        vectors: ids.map((_, row) => decodeVector(pack.vectors, row)),
        relations: await relationsOf(given, ids, attribute),
        titles: given.values.titles ? attribute('title') : undefined,
      },
      {
        dimensions: textOption(given, 'dims')?.split(',').map(Number),
        rank: countOption(given, 'rank'),
        seed: countOption(given, 'seed'),
        onCheck: ({ step, score }) => {
          terminal.err.write(`step ${step}: nDCG@5 of held-out products ${score.toFixed(4)}\n`)
        },
      },
    )
    if (fit.chosen === 0) {
      terminal.err.write('Nothing was better than the encoder as it is; no projection is written.\n')
      return 1
    }
    await writeFile(out, writeProjection(pack.space, fit.matrix, 'tuned'))
    terminal.out.write(`${out}: ${fit.chosen} steps on ${fit.trainingPairs} pairs and those held out\n`)
    return 0
  },
}

async function relationsOf(
  given: Arguments,
  ids: readonly string[],
  attribute: (name: string) => (string | undefined)[],
): Promise<Relations> {
  const label = textOption(given, 'label')
  if (label) return relationsFromLabels(attribute(label), seededRandom(1))
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const pairs = clickedPairs(parseInteractions(await readRecords(requiredOption(given, 'log'))))
  return relationsFromPairs(
    pairs.flatMap(([query, item]): [number, number][] => {
      const [a, b] = [rowOf.get(query), rowOf.get(item)]
      return a === undefined || b === undefined ? [] : [[a, b]]
    }),
  )
}
