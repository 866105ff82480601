import { SimilarItemsError } from '../../errors.js'
import type { VariantShare } from '../../measure/experiment/assign-variant.js'
import { parseExperimentEvents } from '../../measure/experiment/experiment-events.js'
import { experimentHtml, experimentText, sampleSizeText } from '../../measure/experiment/experiment-report.js'
import { readExperiment } from '../../measure/experiment/read-experiment.js'
import { type Sought, sampleSizePerVariant } from '../../measure/experiment/sample-size.js'
import { readRecords } from '../files/read-records.js'
import { writeFileAtomically } from '../files/write-file.js'
import { type Arguments, type Command, numberOption, type Terminal, textOption } from './command.js'

export const experimentCommand: Command = {
  usage: '[EVENTS] [--lift L [--base-rate R]] [--control NAME] [--html FILE] [--json]',
  summary: 'Says what an experiment on shoppers found, or, before it, how many visitors it needs.',
  help: `  --lift L            the relative difference that would matter to you: 0.14 is 14 % more. With it the number of
                      visitors that it takes is told
  --base-rate R       without EVENTS: the share of visitors who do it now, such as 0.1
  --power P           how often the lift is to be found where there is one (default 0.8)
  --significance A    how often something is found where there is nothing (default 0.05)
  --experiment NAME   which one, where the events are of several
  --control NAME      the variant that the others are compared with (default: the first of --shares, else by name)
  --shares LIST       how visitors are divided, such as plain=9,tuned=1 (default: equally)
  --html FILE         write a report with plots
  --json              for programs
EVENTS is JSONL, .csv or .tsv: experiment, variant, visitor, type (exposure, click or conversion).`,
  arity: [0, 1],
  options: {
    lift: { type: 'string' },
    'base-rate': { type: 'string' },
    power: { type: 'string' },
    significance: { type: 'string' },
    experiment: { type: 'string' },
    control: { type: 'string' },
    shares: { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(given, terminal, signal) {
    const [path] = given.positionals
    const sought = soughtOf(given)
    const baseRate = numberOption(given, 'base-rate', 0, 1)
    if (path === undefined) return plan(given, terminal, sought, baseRate)
    if (baseRate !== undefined)
      throw invalid('--base-rate is for planning; the events have a rate of their own.')
    const events = parseExperimentEvents(await readRecords(path, signal), path)
    const reading = readExperiment(events, {
      experiment: textOption(given, 'experiment'),
      control: textOption(given, 'control'),
      variants: variantsOf(given),
      sought,
    })
    const html = textOption(given, 'html')
    if (html) await writeFileAtomically(html, experimentHtml(reading))
    write(terminal, given, reading, () => experimentText(reading))
    return 0
  },
}

/** The number of visitors before there are any. */
function plan(
  given: Arguments,
  terminal: Terminal,
  sought: Sought | undefined,
  baseRate: number | undefined,
): number {
  if (!sought || baseRate === undefined) {
    throw invalid(
      'Give a file of events to read, or --base-rate and --lift for the number of visitors needed.',
    )
  }
  try {
    const visitors = sampleSizePerVariant({ baseRate, ...sought })
    write(terminal, given, { baseRate, ...sought, visitorsPerVariant: visitors }, () =>
      sampleSizeText(visitors, baseRate, sought),
    )
    return 0
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid(`There is no such experiment: ${cause.message}.`)
    throw cause
  }
}

function write({ out }: Terminal, given: Arguments, data: object, text: () => string): void {
  out.write(given.values.json ? `${JSON.stringify(data, null, 2)}\n` : `${text()}\n`)
}

function soughtOf(given: Arguments): Sought | undefined {
  const lift = numberOption(given, 'lift', -1, 1000)
  const power = numberOption(given, 'power', 0.01, 0.999)
  const significance = numberOption(given, 'significance', 0.0001, 0.5)
  if (lift === 0) throw invalid('--lift 0 is no difference to find.')
  if (lift !== undefined) return { lift, power: power ?? 0.8, significance: significance ?? 0.05 }
  if (power === undefined && significance === undefined) return undefined
  throw invalid('--power and --significance need --lift.')
}

function variantsOf(given: Arguments): VariantShare[] | undefined {
  return textOption(given, 'shares')
    ?.split(',')
    .map((part) => {
      const [, name, share] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(part) ?? []
      if (name === undefined)
        throw invalid(`--shares takes NAME=NUMBER, separated by commas; it has "${part}".`)
      return { name, share: Number(share) }
    })
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
