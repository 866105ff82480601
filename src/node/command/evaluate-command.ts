import { basename, resolve } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { completeUnlessAborted } from '../../measure/evaluation/computation.js'
import { evaluating, randomSystem } from '../../measure/evaluation/evaluate.js'
import type { Evaluation } from '../../measure/evaluation/evaluation.js'
import type { EvaluationQuery } from '../../measure/evaluation/evaluation-query.js'
import { evaluationHtml, evaluationText } from '../../measure/evaluation/evaluation-report.js'
import { parseInteractions, queriesFromInteractions } from '../../measure/evaluation/interaction-log.js'
import { parseJudgements, queriesFromJudgements } from '../../measure/evaluation/labelled-relevance.js'
import { readRecords } from '../files/read-records.js'
import { writeFileAtomically } from '../files/write-file.js'
import { reportProducts } from '../indexing/report-pictures.js'
import { type OpenedPack, openPack } from '../pack/open-pack.js'
import { packSystem } from '../pack/pack-system.js'
import {
  type Arguments,
  type Command,
  countOption,
  listOption,
  numberOption,
  requiredOption,
  type Terminal,
  textOption,
} from './command.js'

export const evaluateCommand: Command = {
  usage: 'LOG --packs PACK[,PACK...] [--baseline PACK] [--html FILE] [--json]',
  summary: 'Measures how well packs rank what shoppers clicked, or what was judged relevant.',
  help: `  --packs LIST          packs or folders that index wrote, separated by commas
  --baseline PACK       the others are compared with it, or with "random" (default: the first)
  --position-bias S     weigh clicks by position ^ S, because lower positions are seen less (default: off)
  --html FILE           write a report with plots and pictures
  --images DIR          folder for relative picture links of the report (default: that of the first pack)
  --private-hosts LIST  hosts on this machine or a private network from which these pictures may be fetched, or all
  --json                for programs
  --seed N              another choice of resamples (default 1)
LOG is JSONL, .csv or .tsv: shown lists (query, list, item, position, clicked) or judgements (query, item, grade).`,
  arity: 1,
  options: {
    packs: { type: 'string' },
    baseline: { type: 'string' },
    'position-bias': { type: 'string' },
    html: { type: 'string' },
    images: { type: 'string' },
    'private-hosts': { type: 'string' },
    json: { type: 'boolean' },
    seed: { type: 'string' },
  },
  async run(given, terminal, signal) {
    const paths = requiredOption(given, 'packs').split(',')
    const nameOf = systemNames(paths)
    const baseline = textOption(given, 'baseline')
    const packs = await Promise.all(paths.map((path) => openPack(path)))
    const products = new Map(packs.flatMap((pack) => [...pack.products]))
    const all = await readQueries(given, signal, (id) => products.get(id)?.product_type)
    const { queries, unknownQueries, unknownItems } = keepKnown(all, packs)
    const evaluation = await completeUnlessAborted(
      evaluating(
        queries,
        packs.map((pack, index) => packSystem(nameOf(paths[index] as string), pack)),
        { baseline: baseline && nameOf(baseline), seed: countOption(given, 'seed') },
      ),
      signal,
    )
    const html = textOption(given, 'html')
    if (html) {
      const shown = mentionedIn(evaluation).flatMap((id) => products.get(id) ?? [])
      const images = textOption(given, 'images') ?? (packs[0] as OpenedPack).folder
      const { known, withoutPicture } = await reportProducts(shown, images, {
        privateHosts: listOption(given, 'private-hosts'),
        signal,
      })
      await writeFileAtomically(
        html,
        evaluationHtml(evaluation, (id) => known.get(id)),
      )
      tell(terminal, withoutPicture, `pictures of the report cannot be had from ${images}; see --images`)
    }
    terminal.out.write(
      given.values.json ? `${JSON.stringify(evaluation, null, 2)}\n` : `${evaluationText(evaluation)}\n`,
    )
    tell(terminal, unknownQueries, 'queries are of products that a pack does not have')
    tell(terminal, unknownItems, 'candidates of the other queries are products that a pack does not have')
    return 0
  },
}

function tell({ err }: Terminal, count: number, what: string): void {
  if (count > 0) err.write(`${count} ${what}.\n`)
}

/** What a report calls the pack at a path: the last part, where that tells all of them apart. */
function systemNames(paths: readonly string[]): (path: string) => string {
  const places = paths.map((path) => resolve(path))
  const areShort = new Set(places.map((place) => basename(place))).size === places.length
  const nameOf = (path: string) => {
    if (path === randomSystem.name && !places.includes(resolve(path))) return path
    return areShort ? basename(resolve(path)) : path
  }
  if (paths.some((path) => nameOf(path) === randomSystem.name)) {
    throw invalid('A pack cannot be called "random": every report has a column of that name.')
  }
  return nameOf
}

async function readQueries(
  given: Arguments,
  signal: AbortSignal,
  categoryOf: (id: string) => string | undefined,
): Promise<EvaluationQuery[]> {
  const log = given.positionals[0] as string
  const severity = numberOption(given, 'position-bias', 0, 10) ?? 0
  const records = await readRecords(log, signal)
  const [first] = records
  if (typeof first === 'object' && first !== null && 'grade' in first) {
    if (severity > 0) throw invalid(`--position-bias is for clicks; ${log} has judgements.`)
    return queriesFromJudgements(parseJudgements(records, log), { categoryOf })
  }
  const positionBias = severity > 0 ? { severity } : undefined
  return queriesFromInteractions(parseInteractions(records, log), { positionBias, categoryOf })
}

/** Every system ranks the same: what all packs have. */
function keepKnown(all: readonly EvaluationQuery[], packs: readonly OpenedPack[]) {
  const sets = packs.map(({ pack }) => new Set(pack.entries.map(({ id }) => id)))
  const isKnown = (id: string) => sets.every((known) => known.has(id))
  const kept = all.filter(({ product }) => isKnown(product))
  const queries = kept.map((query) => ({ ...query, candidates: query.candidates.filter(isKnown) }))
  const count = (some: readonly EvaluationQuery[]) =>
    some.reduce((sum, { candidates }) => sum + candidates.length, 0)
  return { queries, unknownQueries: all.length - kept.length, unknownItems: count(kept) - count(queries) }
}

/** Ids of the products among the worst queries. */
function mentionedIn({ worst }: Evaluation): string[] {
  const hits = worst.flatMap(({ top }) => Object.values(top).flat())
  return [...new Set([...worst.map(({ product }) => product), ...hits.map(({ item }) => item)])]
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
