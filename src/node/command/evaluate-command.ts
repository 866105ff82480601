import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { evaluate, randomSystem } from '../../measure/evaluate.js'
import type { Evaluation, System } from '../../measure/evaluation.js'
import type { EvaluationQuery } from '../../measure/evaluation-query.js'
import { evaluationHtml, evaluationText } from '../../measure/evaluation-report.js'
import { parseInteractions, queriesFromInteractions } from '../../measure/interaction-log.js'
import { parseJudgements, queriesFromJudgements } from '../../measure/labelled-relevance.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import { type OpenedPack, openPack } from '../open-pack.js'
import { readRecords } from '../read-records.js'
import { reportProducts } from '../report-pictures.js'
import { type Arguments, type Command, requiredOption, textOption } from './command.js'

export const evaluateCommand: Command = {
  usage: 'LOG --packs PACK[,PACK...] [--baseline PACK] [--html FILE] [--json]',
  summary: 'Measures how well packs rank what shoppers clicked, or what was judged relevant.',
  help: `  --packs LIST          packs or folders that index wrote, separated by commas
  --baseline PACK       the others are compared with it, or with "random" (default: the first)
  --position-bias S     weigh clicks by position ^ S, because lower positions are seen less (default: off)
  --html FILE           write a report with plots
  --json                for programs
LOG is JSONL or .csv: shown lists (query, list, item, position, clicked) or judgements (query, item, grade).`,
  arity: 1,
  options: {
    packs: { type: 'string' },
    baseline: { type: 'string' },
    'position-bias': { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(given, terminal, signal) {
    const paths = requiredOption(given, 'packs').split(',')
    const packs = await Promise.all(paths.map((path) => openPack(path)))
    const products = new Map(packs.flatMap((pack) => [...pack.products]))
    const records = await readRecords(given.positionals[0] as string)
    const categoryOf = (id: string) => products.get(id)?.product_type
    const all = queriesOf(records, given, categoryOf)
    // Every system ranks the same: what all packs have.
    const isKnown = knownToAll(packs)
    const queries = all.flatMap((query) => {
      return isKnown(query.product) ? [{ ...query, candidates: query.candidates.filter(isKnown) }] : []
    })
    const systems = packs.map((pack, index) => packSystem(basename(paths[index] as string), pack))
    const evaluation = evaluate(queries, systems, { baseline: baselineOf(given) })
    const html = textOption(given, 'html')
    if (html) {
      const shown = mentionedIn(evaluation).flatMap((id) => products.get(id) ?? [])
      const known = await reportProducts(shown, paths[0] as string, signal)
      await writeFile(
        html,
        evaluationHtml(evaluation, (id) => known.get(id)),
      )
    }
    terminal.out.write(
      given.values.json ? `${JSON.stringify(evaluation, null, 2)}\n` : `${evaluationText(evaluation)}\n`,
    )
    const lost = all.length - queries.length
    if (lost > 0) terminal.err.write(`${lost} queries are of products that a pack does not have.\n`)
    return 0
  },
}

/** Ids of the products among the worst queries. */
function mentionedIn({ worst }: Evaluation): string[] {
  const hits = worst.flatMap(({ top }) => Object.values(top).flat())
  return [...new Set([...worst.map(({ product }) => product), ...hits.map(({ item }) => item)])]
}

function baselineOf(given: Arguments): string | undefined {
  const baseline = textOption(given, 'baseline')
  return baseline === undefined || baseline === randomSystem.name ? baseline : basename(baseline)
}

function queriesOf(
  records: readonly unknown[],
  given: Arguments,
  categoryOf: (id: string) => string | undefined,
): EvaluationQuery[] {
  const [first] = records
  if (typeof first === 'object' && first !== null && 'grade' in first) {
    return queriesFromJudgements(parseJudgements(records), { categoryOf })
  }
  const text = textOption(given, 'position-bias')
  const severity = Number(text ?? 0)
  if (text === '' || !(severity >= 0)) {
    throw new SimilarItemsError('invalid-argument', `--position-bias takes a number; it is "${text}".`)
  }
  const positionBias = severity > 0 ? { severity } : undefined
  return queriesFromInteractions(parseInteractions(records), { positionBias, categoryOf })
}

function knownToAll(packs: readonly OpenedPack[]): (id: string) => boolean {
  const sets = packs.map(({ pack }) => new Set(pack.entries.map(({ id }) => id)))
  return (id) => sets.every((known) => known.has(id))
}

function packSystem(name: string, { pack }: OpenedPack): System {
  const vectorOf = new Map(pack.entries.map(({ id }, row) => [id, decodeVector(pack.vectors, row)]))
  return {
    name,
    score(product, candidates) {
      const query = vectorOf.get(product) as Float32Array
      return candidates.map((id) => {
        const vector = vectorOf.get(id) as Float32Array
        return query.reduce((dot, component, index) => dot + component * (vector[index] as number), 0)
      })
    },
  }
}
